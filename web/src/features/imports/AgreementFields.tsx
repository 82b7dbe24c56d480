import { TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type ConsentCategory, consentCategories } from '~/features/audience/contract';
import { RadioCards } from '~/ui/RadioCards';
import { Select } from '~/ui/Select';
import classes from './ImportPanel.module.css';
import type { Agreement } from './importing';

export interface Answer extends Agreement {
  /** Null while it was not answered. */
  agreed: 'yes' | 'no' | null;
}

export const isAnswered = ({ agreed, source, date, text }: Answer): boolean =>
  agreed === 'no' || (agreed === 'yes' && source.trim() !== '' && date !== '' && text.trim() !== '');

export const agreementOf = ({ agreed, source, date, text, category }: Answer): Agreement | null =>
  agreed === 'yes' ? { source: source.trim(), date, text: text.trim(), category } : null;

interface Props {
  answer: Answer;
  asked: boolean;
  onChange: (answer: Answer) => void;
}

/** The question that decides whether the people of a file may get anything: how they agreed. */
export function AgreementFields({ answer, asked, onChange }: Props) {
  const { t } = useTranslation();
  const put = (change: Partial<Answer>) => onChange({ ...answer, ...change });
  return (
    <section className={classes.agreement} aria-labelledby="agreement">
      <h2 id="agreement" className={classes.question}>
        {t('imports.agreed')}
      </h2>
      <RadioCards
        name="agreed"
        label={t('imports.agreed')}
        value={answer.agreed}
        onChange={(agreed) => put({ agreed })}
        cards={[
          { value: 'yes', title: t('imports.yes'), help: t('imports.yesHelp') },
          { value: 'no', title: t('imports.no'), help: t('imports.noHelp') },
        ]}
      />
      {asked && answer.agreed === null ? (
        <p className={classes.wrong} role="alert">
          {t('imports.answer')}
        </p>
      ) : null}
      {answer.agreed === 'yes' ? (
        <div className={classes.fields}>
          <Select
            label={t('imports.category')}
            value={answer.category}
            choices={consentCategories.map((value) => ({ value, text: t(`audience.categories.${value}`) }))}
            onChange={(category) => put({ category: category as ConsentCategory })}
          />
          <TextInput
            label={t('imports.source')}
            placeholder={t('imports.sourcePlaceholder')}
            value={answer.source}
            maxLength={200}
            error={asked && !answer.source.trim() ? t('imports.sourceMissing') : undefined}
            onChange={(event) => put({ source: event.currentTarget.value })}
          />
          <TextInput
            label={t('imports.date')}
            type="date"
            value={answer.date}
            error={asked && !answer.date ? t('imports.dateMissing') : undefined}
            onChange={(event) => put({ date: event.currentTarget.value })}
          />
          <TextInput
            className={classes.whole}
            label={t('imports.words')}
            placeholder={t('imports.wordsPlaceholder')}
            value={answer.text}
            maxLength={1000}
            error={asked && !answer.text.trim() ? t('imports.wordsMissing') : undefined}
            onChange={(event) => put({ text: event.currentTarget.value })}
          />
        </div>
      ) : null}
    </section>
  );
}
