import { useTranslation } from 'react-i18next';
import { Checkbox } from '~/ui/Checkbox';
import { IconButton } from '~/ui/IconButton';
import {
  IconArrowDown,
  IconArrowUp,
  IconCopy,
  IconExternal,
  IconPhone,
  IconReply,
  IconTrash,
} from '~/ui/icons';
import classes from './Editor.module.css';
import { LineField } from './Field';
import { type FormButton, most } from './form';

export const buttonIcons = {
  quick_reply: IconReply,
  url: IconExternal,
  phone_number: IconPhone,
  copy_code: IconCopy,
} as const;

interface Props {
  button: FormButton;
  index: number;
  last: boolean;
  onChange: (change: Partial<FormButton>) => void;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
}

/** One button: its kind, what it needs, and its place among the others. */
export function ButtonCard({ button, index, last, onChange, onMove, onRemove }: Props) {
  const { t } = useTranslation();
  const { kind, text, url, phone, sample } = button;
  const Icon = buttonIcons[kind];
  const path = `buttons.${index}`;
  const kindWords = t(`editor.buttonKinds.${kind}`);
  const open = url.includes('{{');
  return (
    <li
      className={classes.button}
      data-key={button.key}
      aria-label={t('editor.buttonName', { number: index + 1, kind: kindWords })}
    >
      <div className={classes.buttonHead}>
        <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
        <strong>{kindWords}</strong>
        <IconButton label={t('editor.moveUp')} size={32} disabled={index === 0} onClick={() => onMove(-1)}>
          <IconArrowUp size={16} strokeWidth={1.75} aria-hidden="true" />
        </IconButton>
        <IconButton label={t('editor.moveDown')} size={32} disabled={last} onClick={() => onMove(1)}>
          <IconArrowDown size={16} strokeWidth={1.75} aria-hidden="true" />
        </IconButton>
        <IconButton
          label={t('editor.removeButton', { name: text || kindWords })}
          size={32}
          onClick={onRemove}
        >
          <IconTrash size={16} strokeWidth={1.75} aria-hidden="true" />
        </IconButton>
      </div>
      {kind === 'copy_code' ? (
        <>
          <LineField
            path={`${path}.example`}
            label={t('editor.codeSample')}
            value={sample}
            max={most.code}
            dir="ltr"
            onValue={(value) => onChange({ sample: value })}
          />
          <p className={classes.help}>{t('editor.copyCodeText')}</p>
        </>
      ) : (
        <LineField
          path={`${path}.text`}
          label={t('editor.buttonText')}
          value={text}
          max={most.button}
          dir="auto"
          onValue={(value) => onChange({ text: value })}
        />
      )}
      {kind === 'url' ? (
        <>
          <LineField
            path={`${path}.url`}
            label={t('editor.url')}
            value={url}
            inputMode="url"
            dir="ltr"
            spellCheck={false}
            onValue={(value) => onChange({ url: value })}
          />
          <Checkbox
            label={t('editor.urlVariable')}
            checked={open}
            onChange={(on) => onChange({ url: on ? withEnd(url) : url.replace(/\{\{[^}]*\}\}/g, '') })}
          />
          {open ? (
            <LineField
              path={`${path}.example`}
              label={t('editor.urlSample')}
              value={sample}
              dir="ltr"
              spellCheck={false}
              onValue={(value) => onChange({ sample: value })}
            />
          ) : null}
        </>
      ) : null}
      {kind === 'phone_number' ? (
        <LineField
          path={`${path}.phone_number`}
          label={t('editor.phoneNumber')}
          value={phone}
          inputMode="tel"
          dir="ltr"
          max={most.phone}
          onValue={(value) => onChange({ phone: value })}
        />
      ) : null}
    </li>
  );
}

/** The address with a place at its end, behind a slash unless something else leads to it. */
function withEnd(url: string): string {
  const bare = url.trim();
  return `${/[/=]$/.test(bare) ? bare : `${bare}/`}{{1}}`;
}
