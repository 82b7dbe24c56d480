import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Template, TemplateVariable } from '~/api/contract';
import { Select } from '~/ui/Select';
import { listsQuery, traitsQuery } from '../api';
import { listsIn } from '../audience/tree';
import { fieldWords, traitWords } from '../audience/words';
import type { Source } from '../contract';
import classes from './MessageStep.module.css';
import { isFilled } from './progress';
import { variableFields } from './sentences';
import { around, isShort, placeName, sourceFrom, sourceId } from './sources';
import type { Draft } from './useDraft';

/** Each place of the template, and where its words come from. */
export function VariableRows({ draft, template }: { draft: Draft; template: Template }) {
  const { t } = useTranslation();
  const { campaign, edit } = draft;
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
          lists={listsIn(campaign.audience)}
          onChange={(source) => edit({ variables: { ...campaign.variables, [variable.key]: source } })}
        />
      ))}
    </fieldset>
  );
}

interface RowProps {
  template: Template;
  variable: TemplateVariable;
  source: Source | undefined;
  lists: string[];
  onChange: (source: Source) => void;
}

function VariableRow({ template, variable, source, lists, onChange }: RowProps) {
  const { t } = useTranslation();
  const { data: traits } = useQuery(traitsQuery);
  const { data: known } = useQuery({ ...listsQuery, enabled: lists.length > 0 });
  const columns = (known ?? [])
    .filter((each) => lists.includes(each.id))
    .flatMap((each) => each.columns ?? []);
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
              name: t('builder.columns'),
              choices: columns.map((key) => ({ value: `column:${key}`, text: key })),
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
        <p className={classes.note}>{t('builder.noFallback')}</p>
      ) : null}
    </div>
  );
}
