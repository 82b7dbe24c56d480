import { useTranslation } from 'react-i18next';
import { IconButton } from '~/ui/IconButton';
import { IconX } from '~/ui/icons';
import { Select } from '~/ui/Select';
import { ComparisonFields } from './ComparisonFields';
import { ConversationFields } from './ConversationFields';
import { consentCategories, consentStates, type FieldName, fieldNames, type Trait } from './contract';
import { EventFields } from './EventFields';
import classes from './FilterBuilder.module.css';
import { CampaignValue, ListValue, SegmentValue, TagValue } from './NounValues';
import { firstOperator, kindOf, type ValueKind } from './operators';
import type { Rule } from './tree';
import { fieldWords, traitWords } from './words';

interface Props {
  rule: Rule;
  traits: Trait[];
  withoutSegments?: boolean;
  onChange: (rule: Rule) => void;
  onRemove?: () => void;
}

const fieldKinds: Record<FieldName, ValueKind> = {
  country: 'country',
  name: 'text',
  phone: 'text',
  source: 'source',
  email: 'text',
  created_at: 'datetime',
  updated_at: 'datetime',
  last_seen_at: 'datetime',
};

const kindOfTrait = (traits: Trait[], key: string): ValueKind =>
  kindOf(traits.find((each) => each.key === key)?.kind);

const subjectOf = (rule: Rule): string =>
  rule.kind === 'trait' ? `trait:${rule.key}` : rule.kind === 'field' ? `field:${rule.name}` : rule.kind;

/** A rule about something else, as it begins. */
function begun(id: string, subject: string, traits: Trait[]): Rule {
  const [kind, name = ''] = subject.split(/:(.*)/s);
  switch (kind) {
    case 'trait':
      return { kind, id, key: name, ...firstOperator(kindOfTrait(traits, name)) };
    case 'field': {
      const field = fieldNames.find((each) => each === name) ?? 'country';
      return { kind, id, name: field, ...firstOperator(fieldKinds[field]) };
    }
    case 'consent':
      return { kind, id, not: false, category: 'marketing', state: 'granted' };
    case 'list':
      return { kind, id, not: false, list: '' };
    case 'segment':
      return { kind, id, not: false, segment: '' };
    case 'event':
      return { kind, id, not: false, name: '', times: 1, within: null, where: [] };
    case 'conversation':
      return { kind, id, not: false, test: { status: 'open' } };
    case 'campaign':
      return { kind, id, not: false, campaign: '', outcome: ['delivered'], missed: false };
    case 'everyone':
      return { kind, id, not: false };
    default:
      return { kind: 'tag', id, not: false, tag: '' };
  }
}

/** One rule: what it is about, how it compares, with what. */
export function RuleRow({ rule, traits, withoutSegments, onChange, onRemove }: Props) {
  const { t } = useTranslation();
  const known = rule.kind !== 'trait' || traits.some((each) => each.key === rule.key);
  const subjects = ['tag', 'event', 'conversation', 'consent', 'segment', 'list', 'campaign'] as const;
  return (
    <div className={classes.rule}>
      <div className={classes.parts}>
        <span className={classes.what}>
          <Select
            bare
            label={t('audience.what')}
            value={subjectOf(rule)}
            choices={[
              ...subjects
                .filter((each) => each !== 'segment' || !withoutSegments || rule.kind === 'segment')
                .map((value) => ({ value, text: t(`audience.subjects.${value}`) })),
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
            onChange={(subject) => onChange(begun(rule.id, subject, traits))}
          />
        </span>
        <Rest key={subjectOf(rule)} rule={rule} traits={traits} onChange={onChange} />
      </div>
      {onRemove ? (
        <IconButton label={t('audience.removeRule')} size={36} onClick={onRemove}>
          <IconX size={16} strokeWidth={1.75} aria-hidden="true" />
        </IconButton>
      ) : null}
    </div>
  );
}

function Rest({ rule, traits, onChange }: Omit<Props, 'onRemove' | 'withoutSegments'>) {
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
    case 'segment':
      return (
        <>
          <Not rule={rule} words="segment" onChange={onChange} />
          <SegmentValue segment={rule.segment} onChange={(segment) => onChange({ ...rule, segment })} />
        </>
      );
    case 'event':
      return <EventFields event={rule} onChange={(next) => onChange({ ...rule, ...next })} />;
    case 'conversation':
      return (
        <ConversationFields
          test={rule.test}
          not={rule.not}
          onChange={(next) => onChange({ ...rule, ...next })}
        />
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
    case 'field':
      return (
        <ComparisonFields
          kind={rule.kind === 'trait' ? kindOfTrait(traits, rule.key) : fieldKinds[rule.name]}
          comparison={{ op: rule.op, value: rule.value }}
          not={rule.not}
          onChange={(next) => onChange({ ...rule, ...next })}
        />
      );
    default:
      return null;
  }
}

interface RestProps<R extends Rule> {
  rule: R;
  onChange: (rule: Rule) => void;
}

type Noun = 'tag' | 'list' | 'segment';

function Not({
  rule,
  words,
  onChange,
}: RestProps<Extract<Rule, { kind: Noun }>> & {
  words: Noun;
}) {
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
