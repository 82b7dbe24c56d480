import { useTranslation } from 'react-i18next';
import classes from './Code.module.css';
import { CopyButton } from './CopyButton';

/** Lines for a shell or a program, with the button that takes them along. */
export function Code({ text, label }: { text: string; label: string }) {
  const { t } = useTranslation();
  return (
    <div className={classes.code} dir="ltr">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields. */}
      <div className={classes.text} role="group" tabIndex={0} aria-label={label}>
        <pre>
          <code>{text}</code>
        </pre>
      </div>
      <span className={classes.copy}>
        <CopyButton text={text} label={t('actions.copy')} wordy />
      </span>
    </div>
  );
}
