import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Select } from '~/ui/Select';
import classes from './FilterBuilder.module.css';
import { readSpan, type SpanUnit, spanText, spanUnits, unitWords } from './span';

interface Props {
  /** `30d`, or nothing while none is entered. */
  value: string;
  onChange: (value: string | undefined) => void;
}

/** A span of time: how many of which unit. What is no span is told as undefined and marked. */
export function SpanField({ value, onChange }: Props) {
  const { t } = useTranslation();
  const stored = readSpan(value);
  const [typed, setTyped] = useState(String(stored?.amount ?? ''));
  const [unit, setUnit] = useState<SpanUnit>(stored?.unit ?? 'd');
  const text = spanText({ amount: Number(typed), unit });
  const wrong = typed.trim() !== '' && readSpan(text) === null;
  const tell = (amount: string, of: SpanUnit) => {
    const next = spanText({ amount: Number(amount), unit: of });
    onChange(readSpan(next) ? next : undefined);
  };
  return (
    <span className={classes.span}>
      <input
        className={classes.input}
        aria-label={t('audience.spanAmount')}
        aria-invalid={wrong || undefined}
        inputMode="numeric"
        autoComplete="off"
        maxLength={7}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          tell(event.currentTarget.value, unit);
        }}
      />
      <Select
        bare
        label={t('audience.spanUnit')}
        value={unit}
        choices={spanUnits.map((each) => ({ value: each, text: unitWords(each) }))}
        onChange={(next) => {
          const chosen = spanUnits.find((each) => each === next) ?? 'd';
          setUnit(chosen);
          tell(typed, chosen);
        }}
      />
      {wrong ? (
        <span className={classes.wrong} role="alert">
          {t('audience.spanWrong')}
        </span>
      ) : null}
    </span>
  );
}
