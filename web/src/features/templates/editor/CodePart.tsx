import { TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { languageName } from '~/lib/format';
import { Checkbox } from '~/ui/Checkbox';
import { useEditing } from './context';
import classes from './Editor.module.css';
import { GroupProblems, LineField, Words } from './Field';
import { FormPart } from './FormPart';
import { most } from './form';

/** What is told beside a one-time code; its words are WhatsApp's. */
export function CodePart() {
  const { t } = useTranslation();
  const { form, set, said } = useEditing();
  const wrong = said('footer.code_expiration_minutes');
  return (
    <FormPart
      title={t('editor.code')}
      lead={
        form.language && !form.language.startsWith('en')
          ? t('editor.codeLead', { language: languageName(form.language) })
          : t('editor.codeLeadEnglish')
      }
    >
      <Checkbox label={t('editor.advice')} checked={form.advice} onChange={(advice) => set({ advice })} />
      <Checkbox
        label={t('editor.expiry')}
        checked={form.minutes !== null}
        onChange={(on) => set({ minutes: on ? 10 : null })}
      />
      {form.minutes === null ? null : (
        <div className={classes.minutes} data-path="footer.code_expiration_minutes">
          <TextInput
            label={t('editor.minutes')}
            inputMode="numeric"
            value={form.minutes === 0 ? '' : String(form.minutes)}
            error={wrong.errors.length > 0 ? <Words said={wrong} /> : undefined}
            onChange={(event) =>
              set({ minutes: Number(event.currentTarget.value.replace(/\D/g, '').slice(0, 4)) })
            }
          />
        </div>
      )}
      <LineField
        path="buttons.0.text"
        label={t('editor.codeButton')}
        description={t('editor.codeButtonHelp')}
        inputWrapperOrder={['label', 'input', 'error', 'description']}
        value={form.codeButton}
        max={most.button}
        dir="auto"
        onValue={(codeButton) => set({ codeButton })}
      />
      <GroupProblems path="buttons" />
    </FormPart>
  );
}
