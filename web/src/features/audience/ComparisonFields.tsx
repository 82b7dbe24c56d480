import { useTranslation } from 'react-i18next';
import { Select } from '~/ui/Select';
import classes from './FilterBuilder.module.css';
import { type OperatorName, operatorOf, operatorsFor, type ValueKind, withOperator } from './operators';
import type { Comparison } from './tree';
import { ValueField } from './ValueField';

interface Props {
  kind: ValueKind;
  comparison: Comparison;
  not: boolean;
  /** Offers only what is stored without a “not” around it. */
  plain?: boolean;
  onChange: (next: Comparison & { not: boolean }) => void;
}

/** How a value compares, and with what. */
export function ComparisonFields({ kind, comparison, not, plain, onChange }: Props) {
  const { t } = useTranslation();
  const operator = operatorOf(comparison, not);
  const { op, value } = comparison;
  return (
    <>
      <span className={classes.how}>
        <Select
          bare
          label={t('audience.how')}
          value={operator}
          choices={operatorsFor(kind, operator, plain).map((each) => ({
            value: each,
            text:
              kind === 'datetime'
                ? t(`audience.dateOperators.${dateName(each)}`)
                : t(`audience.operators.${each}`),
          }))}
          onChange={(chosen) => onChange(withOperator(chosen as OperatorName, comparison))}
        />
      </span>
      {op === 'exists' ? (
        <span className={classes.value} />
      ) : (
        <ValueField
          key={op}
          kind={kind}
          comparison={{ op, value }}
          onChange={(next) => onChange({ op, value: next, not })}
        />
      )}
    </>
  );
}

const dateNames = [
  'past',
  'notPast',
  'older',
  'notOlder',
  'next',
  'notNext',
  'atLeast',
  'lessThan',
  'known',
  'notKnown',
] as const;

const dateName = (name: OperatorName) => dateNames.find((each) => each === name) ?? 'other';
