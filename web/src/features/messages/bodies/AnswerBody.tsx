import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { IconReply } from '~/ui/icons';
import { type Answer, formFields } from '../content';
import { FormattedText } from '../FormattedText';
import classes from './AnswerBody.module.css';

/** What was chosen from buttons or a list, or filled into a form. */
export function AnswerBody({ answer, stamp }: { answer: Answer; stamp: ReactNode }) {
  const { t } = useTranslation();
  const fields = formFields(answer.response);
  return (
    <div>
      <p className={classes.head}>
        <IconReply size={13} strokeWidth={2} aria-hidden="true" />
        {t(fields.length > 0 ? 'bubble.filledIn' : 'bubble.chose')}
      </p>
      {fields.length > 0 ? (
        <dl className={classes.fields}>
          {fields.map(({ name, value }) => (
            <div key={name}>
              {name ? <dt>{name}</dt> : null}
              <dd dir="auto">{value}</dd>
            </div>
          ))}
        </dl>
      ) : (
        <FormattedText
          text={[answer.title, answer.description].filter(Boolean).join('\n') || t('kinds.reply')}
          end={stamp}
        />
      )}
      {fields.length > 0 ? stamp : null}
    </div>
  );
}
