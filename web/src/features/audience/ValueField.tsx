import type { TFunction } from 'i18next';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconX } from '~/ui/icons';
import { Select } from '~/ui/Select';
import type { Value } from './contract';
import { countries } from './countries';
import classes from './FilterBuilder.module.css';
import { dayOf, dayStart, parsed, type ValueKind } from './operators';
import { SpanField } from './SpanField';
import { type Comparison, isSpanOp } from './tree';
import { contactSources, contactSourceWords, countryName } from './words';

/** The values of a kind that has only so many, by name. */
function choicesOf(t: TFunction<'texts'>, kind: ValueKind): { value: string; text: string }[] | null {
  if (kind === 'country') return countries().map(({ code, name }) => ({ value: code, text: name }));
  if (kind === 'source')
    return contactSources.map((value) => ({ value, text: contactSourceWords(t, value) }));
  return null;
}

function namedWords(t: TFunction<'texts'>, kind: ValueKind, value: Value): string {
  if (kind === 'country') return countryName(String(value));
  return kind === 'source' ? contactSourceWords(t, String(value)) : String(value);
}

interface Props {
  kind: ValueKind;
  comparison: Comparison;
  onChange: (value: Value | Value[] | undefined) => void;
}

/** What is compared with, entered as suits its kind. */
export function ValueField({ kind, comparison, onChange }: Props) {
  const { t } = useTranslation();
  const { op, value } = comparison;
  const label = t('audience.value');
  if (op === 'in')
    return (
      <span className={classes.value}>
        <Tokens kind={kind} values={Array.isArray(value) ? value : []} onChange={onChange} />
      </span>
    );
  const single = Array.isArray(value) ? value[0] : value;
  if (isSpanOp(op))
    return (
      <span className={classes.value}>
        <SpanField value={typeof single === 'string' ? single : ''} onChange={onChange} />
      </span>
    );
  const choices = choicesOf(t, kind);
  return (
    <span className={classes.value}>
      {kind === 'boolean' ? (
        <Select
          bare
          label={label}
          value={String(single ?? '')}
          placeholder={t('audience.choose')}
          choices={[
            { value: 'true', text: t('audience.yes') },
            { value: 'false', text: t('audience.no') },
          ]}
          onChange={(chosen) => onChange(chosen === 'true')}
        />
      ) : choices ? (
        <Select
          bare
          label={label}
          value={String(single ?? '')}
          placeholder={t('audience.choose')}
          choices={withUnknown(choices, single)}
          onChange={onChange}
        />
      ) : kind === 'datetime' ? (
        <input
          type="date"
          className={classes.input}
          aria-label={label}
          value={typeof single === 'string' ? dayOf(single) : ''}
          onChange={(event) => onChange(dayStart(event.currentTarget.value))}
        />
      ) : (
        <TypedValue kind={kind} label={label} value={single} onChange={onChange} />
      )}
    </span>
  );
}

/** What is chosen stays to be seen, also where it is none of the usual. */
const withUnknown = (choices: { value: string; text: string }[], now: Value | undefined) =>
  now === undefined || now === '' || choices.some(({ value }) => value === now)
    ? choices
    : [...choices, { value: String(now), text: String(now) }];

function TypedValue({
  kind,
  label,
  value,
  onChange,
}: {
  kind: ValueKind;
  label: string;
  value: Value | undefined;
  onChange: (value: Value | undefined) => void;
}) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(value === undefined ? '' : String(value));
  const wrong = typed.trim() !== '' && parsed(kind, typed) === undefined;
  return (
    <input
      className={classes.input}
      aria-label={label}
      aria-invalid={wrong || undefined}
      placeholder={t(kind === 'number' ? 'audience.number' : 'audience.text')}
      inputMode={kind === 'number' ? 'decimal' : undefined}
      dir="auto"
      autoComplete="off"
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        onChange(parsed(kind, event.currentTarget.value));
      }}
    />
  );
}

function Tokens({
  kind,
  values,
  onChange,
}: {
  kind: ValueKind;
  values: Value[];
  onChange: (values: Value[]) => void;
}) {
  const { t } = useTranslation();
  const id = useId();
  const [typed, setTyped] = useState('');
  const choices = choicesOf(t, kind);
  const words = (value: Value) => namedWords(t, kind, value);
  const add = (text: string) => {
    const value = parsed(kind, text);
    setTyped('');
    if (value !== undefined && !values.includes(value))
      onChange([...values, typeof value === 'string' ? value.trim() : value]);
  };
  return (
    <span className={classes.tokens}>
      {values.map((value) => (
        <span key={String(value)} className={classes.token}>
          <bdi>{words(value)}</bdi>
          <button
            type="button"
            aria-label={t('audience.removeValue', { value: words(value) })}
            onClick={() => onChange(values.filter((each) => each !== value))}
          >
            <IconX size={12} strokeWidth={2} aria-hidden="true" />
          </button>
        </span>
      ))}
      {choices ? (
        <select
          className={classes.tokenInput}
          aria-label={t('audience.addValue')}
          value=""
          onChange={(event) => add(event.currentTarget.value)}
        >
          <option value="">{t('audience.addValue')}</option>
          {choices
            .filter(({ value }) => !values.includes(value))
            .map(({ value, text }) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
        </select>
      ) : (
        <input
          id={id}
          className={classes.tokenInput}
          aria-label={t('audience.addValue')}
          placeholder={t('audience.addValue')}
          dir="auto"
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onBlur={() => add(typed)}
          onKeyDown={(event) => {
            if ((event.key === 'Enter' || event.key === ',') && !event.nativeEvent.isComposing) {
              event.preventDefault();
              add(typed);
            } else if (event.key === 'Backspace' && typed === '' && values.length > 0)
              onChange(values.slice(0, -1));
          }}
        />
      )}
    </span>
  );
}
