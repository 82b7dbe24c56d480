import { NativeSelect } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { IconChevronDown } from '~/ui/icons';
import { categories } from '../search';
import { useWabas } from '../TemplateFilters';
import { useEditing } from './context';
import classes from './Editor.module.css';
import { LineField, Words } from './Field';
import { FormPart } from './FormPart';
import { slugOf } from './form';
import { useLanguages } from './languages';

/** What the template is called, in which language it is, and what it is for. */
export function BasicsPart() {
  const { t } = useTranslation();
  const { form, set, said, submitted } = useEditing();
  const languages = useLanguages();
  const wabas = useWabas();
  const wrong = said('language');
  return (
    <FormPart title={t('editor.basics')}>
      <div className={classes.pair}>
        <LineField
          path="name"
          label={t('templates.name')}
          description={submitted ? undefined : t('editor.nameHelp')}
          placeholder={t('editor.namePlaceholder')}
          inputWrapperOrder={['label', 'input', 'error', 'description']}
          value={form.name}
          dir="ltr"
          spellCheck={false}
          disabled={submitted}
          data-autofocus
          onValue={(name) => set({ name: slugOf(name) })}
        />
        <div data-path="language">
          <NativeSelect
            rightSection={<IconChevronDown size={16} strokeWidth={1.75} aria-hidden="true" />}
            label={t('templates.language')}
            value={form.language}
            disabled={submitted}
            error={wrong.errors.length > 0 ? <Words said={wrong} /> : undefined}
            onChange={(event) => set({ language: event.currentTarget.value })}
            data={[{ value: '', label: t('editor.chooseLanguage'), disabled: true }, ...languages]}
          />
        </div>
      </div>
      {wabas.length > 1 ? (
        <NativeSelect
          rightSection={<IconChevronDown size={16} strokeWidth={1.75} aria-hidden="true" />}
          label={t('editor.waba')}
          value={form.wabaId}
          disabled={submitted}
          onChange={(event) => set({ wabaId: event.currentTarget.value })}
          data={wabas.map(({ waba_id, name }) => ({ value: waba_id, label: name }))}
        />
      ) : null}
      <CategoryChoice />
    </FormPart>
  );
}

/** The three categories, each with what it is for and what it costs. */
function CategoryChoice() {
  const { t } = useTranslation();
  const { form, set, said, approved } = useEditing();
  const label = useId();
  const wrong = said('category');
  return (
    <div className={classes.choice} data-path="category">
      <span id={label} className={classes.label}>
        {t('editor.category')}
      </span>
      <div className={classes.cards} role="radiogroup" aria-labelledby={label}>
        {categories.map((category) => (
          <label key={category} className={classes.category}>
            <input
              type="radio"
              name="category"
              value={category}
              checked={form.category === category}
              disabled={approved && form.category !== category}
              onChange={() => set({ category })}
            />
            <span className={classes.categoryWords}>
              <strong>{t(`templates.categories.${category}`)}</strong>
              <span>{t(`editor.categoryHelp.${category}`)}</span>
            </span>
          </label>
        ))}
      </div>
      {approved ? <p className={classes.help}>{t('editor.categoryFixed')}</p> : null}
      {wrong.errors.length > 0 ? (
        <p className={classes.refused}>
          <Words said={wrong} />
        </p>
      ) : null}
    </div>
  );
}
