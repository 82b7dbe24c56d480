import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { traitsQuery } from '~/features/audience/api';
import type { Trait } from '~/features/audience/contract';
import { SegmentValue, TagValue } from '~/features/audience/NounValues';
import { traitWords } from '~/features/audience/words';
import { Checkbox } from '~/ui/Checkbox';
import { labelText } from '~/ui/InputField';
import { IconAlert } from '~/ui/icons';
import { Note } from '~/ui/Note';
import { Select } from '~/ui/Select';
import { DayFields } from './DayFields';
import { HappeningFields } from './HappeningFields';
import classes from './Ongoing.module.css';
import type { TriggerForm } from './trigger';

interface Props {
  form: TriggerForm;
  onChange: (form: TriggerForm) => void;
}

/** What the chosen kind of trigger needs to be told. */
export function TriggerFields({ form, onChange }: Props) {
  const { t } = useTranslation();
  const { data: traits } = useQuery(traitsQuery);
  switch (form.kind) {
    case 'event':
      return <EventFields form={form} onChange={onChange} />;
    case 'trait_changed':
      return (
        <div className={classes.choice}>
          <TraitSelect
            traits={traits ?? []}
            value={form.trait}
            placeholder={traits?.length === 0 ? t('ongoing.noFields') : t('ongoing.chooseField')}
            onChange={(trait) => onChange({ ...form, trait })}
          />
        </div>
      );
    case 'tag_added':
    case 'tag_removed':
      return (
        <div className={classes.named}>
          <span className={labelText} aria-hidden="true">
            {t('audience.tag')}
          </span>
          <TagValue tag={form.tag} onChange={(tag) => onChange({ ...form, tag })} />
        </div>
      );
    case 'segment_entered':
      return (
        <div className={classes.named}>
          <span className={labelText} aria-hidden="true">
            {t('audience.segment')}
          </span>
          <SegmentValue segment={form.segment} onChange={(segment) => onChange({ ...form, segment })} />
        </div>
      );
    case 'date':
      return <DayFields day={form.date} onChange={(date) => onChange({ ...form, date })} />;
    default:
      return null;
  }
}

/** One of the workspace's own fields, also one that nobody has any more. */
export function TraitSelect({
  traits,
  value,
  placeholder,
  help,
  onChange,
}: {
  traits: Trait[];
  value: string;
  placeholder: string;
  help?: string;
  onChange: (key: string) => void;
}) {
  const { t } = useTranslation();
  const shown = traits.map(({ key }) => ({ value: key, text: traitWords(traits, key) }));
  const gone = value !== '' && !traits.some(({ key }) => key === value);
  return (
    <Select
      label={t('ongoing.field')}
      value={value}
      placeholder={placeholder}
      choices={gone ? [...shown, { value, text: traitWords(traits, value) }] : shown}
      help={help}
      onChange={onChange}
    />
  );
}

function EventFields({ form, onChange }: Props) {
  const { t } = useTranslation();
  const { event } = form;
  return (
    <>
      <HappeningFields
        event={event}
        onChange={(next) => onChange({ ...form, event: { ...next, fromWeb: event.fromWeb } })}
      />
      <div className={classes.stack}>
        <Checkbox
          checked={event.fromWeb}
          label={t('ongoing.event.fromWeb')}
          onChange={(fromWeb) => onChange({ ...form, event: { ...event, fromWeb } })}
        />
        {event.fromWeb ? (
          <p className={classes.caution}>
            <IconAlert size={16} strokeWidth={1.75} aria-hidden="true" />
            <span>{t('ongoing.event.fromWebCaution')}</span>
          </p>
        ) : (
          <Note>{t('ongoing.event.fromWebHelp')}</Note>
        )}
      </div>
    </>
  );
}
