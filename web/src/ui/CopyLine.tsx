import { CopyButton } from './CopyButton';
import classes from './CopyLine.module.css';

interface Props {
  text: string;
  /** What is copied, for those who cannot see it: “Copy the callback URL”. */
  label: string;
  /** It is shown this once. */
  secret?: boolean;
  /** It is what the sheet is about. */
  roomy?: boolean;
}

/** An address or a secret in one line, with the button that takes it along. */
export function CopyLine({ text, label, secret, roomy }: Props) {
  return (
    <div className={classes.line} data-roomy={roomy || undefined} dir="ltr">
      <code data-secret={secret || undefined}>{text}</code>
      <CopyButton text={text} label={label} wordy />
    </div>
  );
}
