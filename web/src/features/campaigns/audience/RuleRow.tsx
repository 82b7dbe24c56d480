import { useTranslation } from 'react-i18next';
import { IconButton } from '~/ui/IconButton';
import { IconX } from '~/ui/icons';
import { Select } from '~/ui/Select';
import { consentCategories, consentStates, type FieldName, fieldNames, type Trait } from '../contract';
import classes from './FilterBuilder.module.css';
import { CampaignValue, ListValue, TagValue } from './NounValues';
import {
  firstOperator,
  type OperatorName,
  operatorOf,
  operatorsFor,
  type ValueKind,
  withOperator,
} from './operators';
import type { Comparison, Rule } from './tree';
import { ValueField } from './ValueField';
import { fieldWords, traitWords } from './words';

interface Props {
  rule: Rule;
  traits: Trait[];
  onChange: (rule: Rule) => void;
  onRemove?: () => void;
}

const fieldKinds: Record<FieldName, ValueKind> = {
  country: 'country',
  name: 'text',
  phone: 'text',
  source: 'text',
  email: 'text',
  created_at: 'datetime',
  last_seen_at: 'datetime',
};

const kindOfTrait = (traits: Trait[], key: string): ValueKind => {
  const kind = traits.find((each) => each.key === key)?.kind;
  return kind === 'number' || kind === 'boolean' || kind === 'datetime' ? kind : 'text';
};

const subjectOf = (rule: Rule): string =>
  rule.kind === 'trait' ? `trait:${rule.key}` : rule.kind === 'field' ? `field:${rule.name}` : rule.kind;

/** One rule: what it is about, how it compares, with what. */
export function RuleRow({ rule, traits, onChange, onRemove }: Props) {
  const { t } = useTranslation();
  const { id } = rule;
  const choose = (subject: string) => {
    const [kind, name = ''] = subject.split(/:(.*)/s);
    if (kind === 'trait')
      onChange({ kind: 'trait', id, key: name, ...firstOperator(kindOfTrait(traits, name)) });
    else if (kind === 'field') {
      const field = fieldNames.find((each) => each === name) ?? 'country';
      onChange({ kind: 'field', id, name: field, ...firstOperator(fieldKinds[field]) });
    } else if (kind === 'consent')
      onChange({ kind: 'consent', id, not: false, category: 'marketing', state: 'granted' });
    else if (kind === 'list') onChange({ kind: 'list', id, not: false, list: '' });
    else if (kind === 'campaign')
      onChange({ kind: 'campaign', id, not: false, campaign: '', outcome: ['delivered'], missed: false });
    else if (kind === 'everyone') onChange({ kind: 'everyone', id, not: false });
    else onChange({ kind: 'tag', id, not: false, tag: '' });
  };
  const known = rule.kind !== 'trait' || traits.some((each) => each.key === rule.key);
  return (
    <div className={classes.rule}>
      <div className={classes.parts}>
        <span className={classes.what}>
          <Select
            bare
            label={t('audience.what')}
            value={subjectOf(rule)}
            choices={[
              { value: 'tag', text: t('audience.subjects.tag') },
              { value: 'consent', text: t('audience.subjects.consent') },
              { value: 'list', text: t('audience.subjects.list') },
              { value: 'campaign', text: t('audience.subjects.campaign') },
              ...(rule.kind === 'everyone' ? [{ value: 'everyone', text: t('audience.everyone') }] : []),
            ]}
            groups={[
              {
                name: t('audience.subjects.fields'),
                choices: fieldNames.map((name) => ({ value: `field:${name}`, text: fieldWords(t, name) })),
              },
              {
                name: t('audience.subjects.traits'),
                choices: [
                  ...traits.filter(({ kind }) => kind !== 'list'),
                  ...(known || rule.kind !== 'trait' ? [] : [{ key: rule.key }]),
                ].map(({ key }) => ({ value: `trait:${key}`, text: traitWords(traits, key) })),
              },
            ]}
            onChange={choose}
          />
        </span>
        <Rest rule={rule} traits={traits} onChange={onChange} />
      </div>
      {onRemove ? (
        <IconButton label={t('audience.removeRule')} size={36} onClick={onRemove}>
          <IconX size={16} strokeWidth={1.75} aria-hidden="true" />
        </IconButton>
      ) : null}
    </div>
  );
}

function Rest({ rule, traits, onChange }: Omit<Props, 'onRemove'>) {
  switch (rule.kind) {
    case 'tag':
      return (
        <>
          <Not rule={rule} words="tag" onChange={onChange} />
          <TagValue tag={rule.tag} onChange={(tag) => onChange({ ...rule, tag })} />
        </>
      );
    case 'list':
      return (
        <>
          <Not rule={rule} words="list" onChange={onChange} />
          <ListValue list={rule.list} onChange={(list) => onChange({ ...rule, list })} />
        </>
      );
    case 'campaign':
      return (
        <CampaignValue
          campaign={rule.campaign}
          outcome={rule.outcome}
          missed={rule.missed !== rule.not}
          onChange={(next) => onChange({ ...rule, ...next, not: false })}
        />
      );
    case 'consent':
      return <ConsentRest rule={rule} onChange={onChange} />;
    case 'trait':
      return <Compared rule={rule} kind={kindOfTrait(traits, rule.key)} onChange={onChange} />;
    case 'field':
      return <Compared rule={rule} kind={fieldKinds[rule.name]} onChange={onChange} />;
    default:
      return null;
  }
}

interface RestProps<R extends Rule> {
  rule: R;
  onChange: (rule: Rule) => void;
}

function Not({
  rule,
  words,
  onChange,
}: RestProps<Extract<Rule, { kind: 'tag' | 'list' }>> & { words: 'tag' | 'list' }) {
  const { t } = useTranslation();
  return (
    <span className={classes.how}>
      <Select
        bare
        label={t('audience.how')}
        value={rule.not ? 'not' : 'has'}
        choices={[
          { value: 'has', text: t(`audience.has.${words}`) },
          { value: 'not', text: t(`audience.hasNot.${words}`) },
        ]}
        onChange={(value) => onChange({ ...rule, not: value === 'not' })}
      />
    </span>
  );
}

function ConsentRest({ rule, onChange }: RestProps<Extract<Rule, { kind: 'consent' }>>) {
  const { t } = useTranslation();
  return (
    <>
      <span className={classes.how}>
        <Select
          bare
          label={t('audience.categoryName')}
          value={rule.category}
          choices={consentCategories.map((value) => ({ value, text: t(`audience.categories.${value}`) }))}
          onChange={(value) =>
            onChange({ ...rule, category: consentCategories.find((each) => each === value) ?? 'marketing' })
          }
        />
      </span>
      <span className={classes.value}>
        <Select
          bare
          label={t('audience.consentName')}
          value={`${rule.not ? 'not_' : ''}${rule.state}`}
          choices={[
            ...consentStates.map((value) => ({
              value: value as string,
              text: t(`audience.consents.${value}`),
            })),
            ...(rule.not
              ? [
                  {
                    value: `not_${rule.state}`,
                    text: t('audience.notSo', { words: t(`audience.consents.${rule.state}`) }),
                  },
                ]
              : []),
          ]}
          onChange={(value) => {
            const state = consentStates.find((each) => each === value);
            if (state) onChange({ ...rule, state, not: false });
          }}
        />
      </span>
    </>
  );
}

function Compared({
  rule,
  kind,
  onChange,
}: RestProps<Extract<Rule, { kind: 'trait' | 'field' }>> & { kind: ValueKind }) {
  const { t } = useTranslation();
  const comparison: Comparison = { op: rule.op, value: rule.value };
  const operator = operatorOf(comparison, rule.not);
  return (
    <>
      <span className={classes.how}>
        <Select
          bare
          label={t('audience.how')}
          value={operator}
          choices={operatorsFor(kind, operator).map((value) => ({
            value,
            text:
              kind === 'datetime'
                ? t(`audience.dateOperators.${dateName(value)}`)
                : t(`audience.operators.${value}`),
          }))}
          onChange={(value) => onChange({ ...rule, ...withOperator(value as OperatorName, comparison) })}
        />
      </span>
      {rule.op === 'exists' ? (
        <span className={classes.value} />
      ) : (
        <ValueField kind={kind} comparison={comparison} onChange={(value) => onChange({ ...rule, value })} />
      )}
    </>
  );
}

const dateName = (name: OperatorName) =>
  name === 'atLeast' || name === 'lessThan' || name === 'known' || name === 'notKnown' ? name : 'other';
