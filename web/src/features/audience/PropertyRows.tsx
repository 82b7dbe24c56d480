import { useTranslation } from 'react-i18next';
import { keyWords } from '~/features/contacts/given';
import { IconButton } from '~/ui/IconButton';
import { IconPlus, IconX } from '~/ui/icons';
import { Select } from '~/ui/Select';
import { ComparisonFields } from './ComparisonFields';
import type { EventName } from './contract';
import classes from './FilterBuilder.module.css';
import { firstOperator, kindOf } from './operators';
import { lineId, type Property } from './tree';

/** More conditions on one event the server does not take. */
const MOST_PROPERTIES = 20;

interface Props {
  where: Property[];
  /** The event as far as it was told before: what came with it. */
  known: EventName | undefined;
  /** Whether an event is chosen: before, there is nothing to put a condition on. */
  named: boolean;
  onChange: (where: Property[]) => void;
}

/** The conditions on the particulars of one event, and one more. */
export function PropertyRows({ where, known, named, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <>
      {where.map((property) => (
        <PropertyRow
          key={property.id}
          property={property}
          known={known}
          onChange={(next) => onChange(where.map((each) => (each.id === next.id ? next : each)))}
          onRemove={() => onChange(where.filter((each) => each.id !== property.id))}
        />
      ))}
      {named && where.length < MOST_PROPERTIES ? (
        <button
          type="button"
          className={classes.add}
          onClick={() => onChange([...where, { id: lineId(), key: '', op: 'eq', value: undefined }])}
        >
          <IconPlus size={14} strokeWidth={2} aria-hidden="true" />
          {t('audience.addProperty')}
        </button>
      ) : null}
    </>
  );
}

interface PropertyProps {
  property: Property;
  known: EventName | undefined;
  onChange: (property: Property) => void;
  onRemove: () => void;
}

function PropertyRow({ property, known, onChange, onRemove }: PropertyProps) {
  const { t } = useTranslation();
  const { id, key, op, value } = property;
  const kinds = known?.properties ?? [];
  const kind = kindOf(kinds.find((each) => each.key === key)?.kind);
  const keys = kinds.some((each) => each.key === key) || !key ? kinds : [...kinds, { key }];
  return (
    <span className={classes.line}>
      <span className={classes.how}>
        <Select
          bare
          label={t('audience.property')}
          value={key}
          placeholder={kinds.length === 0 ? t('audience.noProperties') : t('audience.chooseProperty')}
          choices={keys.map((each) => ({ value: each.key, text: keyWords(each.key) }))}
          onChange={(next) => {
            const first = firstOperator(kindOf(kinds.find((each) => each.key === next)?.kind));
            onChange({ id, key: next, op: first.op, value: first.value });
          }}
        />
      </span>
      <ComparisonFields
        key={key}
        kind={kind}
        comparison={{ op, value }}
        not={false}
        plain
        onChange={(next) => onChange({ id, key, op: next.op, value: next.value })}
      />
      <IconButton label={t('audience.removeProperty')} size={36} onClick={onRemove}>
        <IconX size={16} strokeWidth={1.75} aria-hidden="true" />
      </IconButton>
    </span>
  );
}
