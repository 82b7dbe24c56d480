import { useTranslation } from 'react-i18next';
import { type PreviewProps, TemplateBubble } from './TemplateBubble';
import classes from './TemplatePreview.module.css';

/** The bubble as the customer will see it, in the colours of what one sends oneself. */
export function TemplatePreview(props: PreviewProps) {
  const { t } = useTranslation();
  return (
    <section className={classes.stage} aria-label={t('picker.preview')}>
      <TemplateBubble sent {...props} />
    </section>
  );
}
