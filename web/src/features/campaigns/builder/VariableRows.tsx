import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Template, TemplateVariable } from '~/api/contract';
import { eventNamesQuery, listsQuery, traitsQuery } from '~/features/audience/api';
import { listsIn } from '~/features/audience/filters';
import { fieldWords, traitWords } from '~/features/audience/words';
import { keyWords } from '~/features/contacts/given';
import { Select } from '~/ui/Select';
import type { Campaign, Source } from '../contract';
import classes from './MessageStep.module.css';
import { isFilled } from './progress';
import { variableFields } from './sentences';
import { around, isShort, placeName, sourceFrom, sourceId } from './sources';
import type { Draft } from './useDraft';

/** Each place of the template, and where its words come from. */
export function VariableRows({ draft, template }: { draft: Draft; template: Template }) {
  const { t } = useTranslation();
  const { campaign, edit } = draft;
  const ongoing = campaign.kind === 'ongoing';
  const columns = useColumns(campaign);
  if (template.variables.length === 0) return <p className={classes.note}>{t('builder.noVariables')}</p>;
  return (
    <fieldset className={classes.variables}>
      <legend className={classes.legend}>{t('builder.variables')}</legend>
      {template.variables.map((variable) => (
        <VariableRow
          key={variable.key}
          template={template}
          variable={variable}
          source={campaign.variables[variable.key]}
          columns={columns}
          ofEvent={ongoing}
          onChange={(source) => edit({ variables: { ...campaign.variables, [variable.key]: source } })}
        />
      ))}
    </fieldset>
  );
}

/** What a person comes with: the columns of the lists, or the particulars of the event that starts it. */
function useColumns({ kind, audience, ongoing }: Campaign): string[] {
  const lists = kind === 'ongoing' ? [] : listsIn(audience);
  const trigger = ongoing?.trigger;
  const event = trigger && 'event' in trigger ? trigger.event.name : null;
  const { data: known } = useQuery({ ...listsQuery, enabled: lists.length > 0 });
  const { data: events } = useQuery({ ...eventNamesQuery, enabled: event !== null });
  return event
    ? (events?.find(({ name }) => name === event)?.properties ?? []).map(({ key }) => key)
    : (known ?? []).filter(({ id }) => lists.includes(id)).flatMap((each) => each.columns ?? []);
}

interface RowProps {
  template: Template;
  variable: TemplateVariable;
  source: Source | undefined;
  columns: string[];
  /** Whether the columns are particulars of an event. */
  ofEvent: boolean;
  onChange: (source: Source) => void;
}

function VariableRow({ template, variable, source, columns, ofEvent, onChange }: RowProps) {
  const { t } = useTranslation();
  const { data: traits } = useQuery(traitsQuery);
  const name = placeName(template, variable);
  const context = around(template, variable.key);
  const id = sourceId(source);
  const offered = [
    ...variableFields.map((key) => `field:${key}`),
    ...(traits ?? []).map(({ key }) => `trait:${key}`),
    ...columns.map((key) => `column:${key}`),
    'constant',
  ];
  return (
    <div className={classes.variable} data-wrong={isFilled(source) ? undefined : ''}>
      <p className={classes.place}>
        <code dir="auto">{name}</code>
        {context ? (
          <bdi className={classes.context}>{context}</bdi>
        ) : (
          <span className={classes.context}>
            {t(
              variable.key.endsWith('.code')
                ? 'builder.codeOfButton'
                : isShort(template, variable.key)
                  ? 'builder.leadsTo'
                  : 'builder.endOfLink',
            )}
          </span>
        )}
      </p>
      <div className={classes.pair}>
        <Select
          bare
          label={t('builder.sourceOf', { name })}
          value={id}
          placeholder={t('builder.chooseSource')}
          choices={[
            { value: 'constant', text: t('builder.sameForAll') },
            ...(id && !offered.includes(id) && source && source.from !== 'constant'
              ? [{ value: id, text: source.key }]
              : []),
          ]}
          groups={[
            {
              name: t('audience.subjects.fields'),
              choices: variableFields.map((key) => ({
                value: `field:${key}`,
                text: key === 'first_name' ? t('builder.firstName') : fieldWords(t, key),
              })),
            },
            {
              name: t('audience.subjects.traits'),
              choices: (traits ?? []).map(({ key }) => ({
                value: `trait:${key}`,
                text: traitWords(traits ?? [], key),
              })),
            },
            {
              name: t(ofEvent ? 'ongoing.particulars' : 'builder.columns'),
              choices: columns.map((key) => ({
                value: `column:${key}`,
                text: ofEvent ? keyWords(key) : key,
              })),
            },
          ]}
          onChange={(next) => onChange(sourceFrom(next, source))}
        />
        {source?.from === 'constant' ? (
          <input
            aria-label={t('builder.constantOf', { name })}
            placeholder={t('builder.constant')}
            dir="auto"
            autoComplete="off"
            maxLength={1024}
            value={source.value}
            onChange={(event) => onChange({ from: 'constant', value: event.currentTarget.value })}
          />
        ) : source ? (
          <input
            aria-label={t('builder.fallbackOf', { name })}
            placeholder={t('builder.fallback')}
            dir="auto"
            autoComplete="off"
            maxLength={1024}
            value={source.fallback ?? ''}
            onChange={(event) => onChange({ ...source, fallback: event.currentTarget.value || null })}
          />
        ) : (
          <span />
        )}
      </div>
      {source && source.from !== 'constant' && !source.fallback?.trim() ? (
        <p className={classes.note}>{t(ofEvent ? 'ongoing.noFallback' : 'builder.noFallback')}</p>
      ) : null}
    </div>
  );
}
