import { Textarea } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { RadioCards } from '~/ui/RadioCards';
import { type Act, type Answer, choices, isMissing, lengthOf, MOST, over } from './answers';
import classes from './Confirmations.module.css';

interface Props {
  act: Act;
  answer: Answer;
  /** The usual words in English. */
  usual: string;
  /** Whether somebody wanted to save; then what is missing is said. */
  asked: boolean;
  onChange: (answer: Answer) => void;
}

/** What one of the two words is answered: the usual words, one's own, or nothing. */
export function AnswerField({ act, answer, usual, asked, onChange }: Props) {
  const { t } = useTranslation();
  const helps = {
    usual: t('optOut.usualHelp', { words: usual }),
    own: t('optOut.ownHelp'),
    none: t(`optOut.${act}None`),
  };
  const many = over(answer);
  const error =
    many > 0
      ? t('optOut.over', { count: many })
      : asked && isMissing(answer)
        ? t('optOut.missing')
        : undefined;
  return (
    <>
      <RadioCards
        name={`answer-${act}`}
        label={t(`optOut.${act}`)}
        value={answer.choice}
        cards={choices.map((value) => ({ value, title: t(`optOut.answers.${value}`), help: helps[value] }))}
        onChange={(choice) => onChange({ ...answer, choice })}
      />
      {answer.choice === 'own' ? (
        <div className={classes.words}>
          <Textarea
            label={t('optOut.words')}
            description={t(`optOut.${act}Help`)}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            autosize
            minRows={3}
            maxRows={12}
            dir="auto"
            value={answer.text}
            error={error}
            onChange={(event) => onChange({ ...answer, text: event.currentTarget.value })}
          />
          <span className={classes.counter} data-over={many > 0 || undefined} aria-hidden="true">
            {t('optOut.counter', { now: lengthOf(answer.text.trim()), max: MOST })}
          </span>
        </div>
      ) : null}
    </>
  );
}
