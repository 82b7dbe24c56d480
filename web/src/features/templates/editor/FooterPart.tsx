import { useTranslation } from 'react-i18next';
import { useEditing } from './context';
import { LineField } from './Field';
import { FormPart } from './FormPart';
import { most } from './form';

/** The quiet line below the words. */
export function FooterPart() {
  const { t } = useTranslation();
  const { form, set } = useEditing();
  return (
    <FormPart title={t('editor.footer')} lead={t('editor.footerLead')}>
      <LineField
        path="footer.text"
        label={t('editor.footerText')}
        value={form.footer}
        max={most.footer}
        dir="auto"
        onValue={(footer) => set({ footer })}
      />
    </FormPart>
  );
}
