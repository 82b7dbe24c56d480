import { useTranslation } from 'react-i18next';
import classes from './Code.module.css';
import { CopyButton } from './CopyButton';

/** Lines for a shell or a program, with the button that takes them along. */
export function Code({ text, label }: { text: string; label: string }) {
  const { t } = useTranslation();
  return (
    <div className={classes.code} dir="ltr">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <section className={classes.text} tabIndex={0} aria-label={label}>
        <pre>
          <code>{text}</code>
        </pre>
      </section>
      <span className={classes.copy}>
        <CopyButton text={text} label={t('actions.copy')} wordy />
      </span>
    </div>
  );
}
