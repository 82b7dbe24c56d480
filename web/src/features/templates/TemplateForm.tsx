import { Button, TextInput } from '@mantine/core';
import type { TFunction } from 'i18next';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation, Media, Template, TemplateComponent } from '~/api/contract';
import { messageOf } from '~/features/messages/messageOf';
import { enqueue } from '~/features/messages/outbox';
import { IconButton } from '~/ui/IconButton';
import { IconBack } from '~/ui/icons';
import { HeaderFile } from './HeaderFile';
import { examplesOf, partOf } from './preview/drawing';
import { TemplatePreview } from './preview/TemplatePreview';
import classes from './TemplateForm.module.css';
import { contentOf, type Family, guessFor, headerOf, missing, type Values } from './variables';

interface Props {
  template: Template;
  family: Family;
  conversation: Conversation;
  onLanguage: (template: Template) => void;
  onBack: () => void;
  onSent: () => void;
}

const place = ['latitude', 'longitude', 'name', 'address'] as const;

/** Where a place of a header lies; null until both figures are some on Earth. */
function locationOf(fields: Record<string, string>) {
  const [latitude, longitude] = [
    Number.parseFloat(fields.latitude ?? ''),
    Number.parseFloat(fields.longitude ?? ''),
  ];
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) return null;
  return { latitude, longitude, name: fields.name || undefined, address: fields.address || undefined };
}

/** The variables of one template on one side, the bubble as it will look on the other. */
export function TemplateForm({ template, family, conversation, onLanguage, onBack, onSent }: Props) {
  const { t } = useTranslation();
  const form = useRef<HTMLFormElement>(null);
  const { name } = conversation.contact;
  const [values, setValues] = useState<Values>(() =>
    Object.fromEntries(template.variables.map((each) => [each.key, guessFor(each, name)])),
  );
  const [file, setFile] = useState<Media | null>(null);
  const [where, setWhere] = useState<Record<string, string>>({});
  const [asked, setAsked] = useState(false);
  const format = headerOf(template);
  const examples = examplesOf(template.components);
  const needsFile = format === 'image' || format === 'video' || format === 'document';
  const location = format === 'location' ? locationOf(where) : null;
  const lacking = new Set(missing(template, values));
  const complete = lacking.size === 0 && (!needsFile || file) && (format !== 'location' || location);

  useEffect(() => {
    const first = form.current?.querySelector<HTMLElement>('input:not([type=file]), button[type=submit]');
    first?.focus({ preventScroll: true });
  }, []);

  const content = contentOf(template, values);
  if (content.header && location) content.header.location = location;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (!complete) {
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
      return;
    }
    enqueue(
      conversation.id,
      {
        type: 'template',
        template: {
          template_id: template.id,
          variables: Object.fromEntries(
            template.variables.map(({ key }) => [key, values[key]?.trim() ?? '']),
          ),
          header_media_id: file?.id,
          header_location: location ?? undefined,
        },
      },
      { ...messageOf('out', 'template', { ...content }, new Date().toISOString()), media: file },
    );
    onSent();
  };

  return (
    <form
      ref={form}
      className={classes.form}
      noValidate
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        onBack();
      }}
    >
      <div className={classes.title}>
        <IconButton label={t('picker.back')} size={32} onClick={onBack}>
          <IconBack size={18} strokeWidth={1.75} aria-hidden="true" className={classes.arrow} />
        </IconButton>
        <strong>{template.name}</strong>
        {family.templates.length > 1 ? (
          <select
            className={classes.language}
            aria-label={t('picker.language')}
            value={template.id}
            onChange={(event) => {
              const chosen = family.templates.find((each) => each.id === event.currentTarget.value);
              if (chosen) onLanguage(chosen);
            }}
          >
            {family.templates.map((each) => (
              <option key={each.id} value={each.id}>
                {each.language}
              </option>
            ))}
          </select>
        ) : (
          <span className={classes.only}>{template.language}</span>
        )}
      </div>
      <div className={classes.halves}>
        <div className={classes.fields}>
          {needsFile ? <HeaderFile format={format} wrong={asked && !file} onFile={setFile} /> : null}
          {format === 'location'
            ? place.map((field) => (
                <TextInput
                  key={field}
                  label={t(`picker.place.${field}`)}
                  value={where[field] ?? ''}
                  inputMode={field === 'latitude' || field === 'longitude' ? 'decimal' : 'text'}
                  error={
                    asked && !location && (field === 'latitude' || field === 'longitude')
                      ? t('picker.placeMissing')
                      : undefined
                  }
                  onChange={(event) => setWhere({ ...where, [field]: event.currentTarget.value })}
                />
              ))
            : null}
          {template.variables.map((variable) =>
            variable.key === 'offer.expires_at' ? (
              <TextInput
                key={variable.key}
                type="datetime-local"
                label={labelOf(variable.key, template.components, t)}
                error={asked && lacking.has(variable.key) ? t('picker.missing') : undefined}
                onChange={(event) =>
                  setValues({ ...values, [variable.key]: momentOf(event.currentTarget.value) })
                }
              />
            ) : (
              <TextInput
                key={variable.key}
                label={labelOf(variable.key, template.components, t)}
                placeholder={examples[variable.key] ?? variable.example ?? undefined}
                dir="auto"
                autoComplete="off"
                value={values[variable.key] ?? ''}
                error={asked && lacking.has(variable.key) ? t('picker.missing') : undefined}
                onChange={(event) => setValues({ ...values, [variable.key]: event.currentTarget.value })}
              />
            ),
          )}
          {template.variables.length === 0 && !needsFile && format !== 'location' ? (
            <p className={classes.nothing}>{t('picker.nothing')}</p>
          ) : null}
        </div>
        <TemplatePreview
          components={template.components}
          values={values}
          media={file}
          language={template.language}
          place={location}
        />
      </div>
      <div className={classes.foot}>
        <Button type="submit">{t('picker.send')}</Button>
      </div>
    </form>
  );
}

/** What is asked for under a key, in words. */
function labelOf(key: string, components: TemplateComponent[], t: TFunction<'texts'>): string {
  const card = /^card\.(\d+)\.(.+)$/.exec(key);
  if (card) {
    const cards = partOf(components, 'CAROUSEL')?.cards ?? [];
    const own = cards[Number(card[1])]?.components ?? [];
    const text = card[2] === 'header' ? t('picker.text.picture') : labelOf(card[2] ?? '', own, t);
    return t('picker.text.card', { number: Number(card[1]) + 1, text });
  }
  const [component, name = '', what] = key.split('.');
  if (component === 'offer') return t('picker.text.offer');
  if (key === 'header.product_id') return t('picker.text.product');
  if (key === 'header.catalog_id') return t('picker.text.catalog');
  if (component === 'header') return t('picker.text.header', { name });
  if (component !== 'button') return t('picker.text.body', { name });
  if (what === 'products' || what === 'thumbnail') return t(`picker.text.${what}`);
  const button = partOf(components, 'BUTTONS')?.buttons?.[Number(name)];
  return t(what === 'code' ? 'picker.text.code' : 'picker.text.link', { name: button?.text ?? '' });
}

/** A moment as the browser's own field has it, as the server takes it. */
const momentOf = (local: string): string => {
  const at = new Date(local);
  return Number.isNaN(at.getTime()) ? '' : at.toISOString();
};
