import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ButtonRow } from '~/features/templates/ButtonRows';
import { TemplateCard } from '~/features/templates/TemplateCard';
import type { Interactive } from '../content';
import classes from './InteractiveBody.module.css';

function rowsOf({ type, action }: Interactive, fallback: string): ButtonRow[] {
  if (action?.buttons?.length)
    return action.buttons.map((each) => ({ kind: 'reply', text: each.reply?.title ?? fallback }));
  if (type === 'list') return [{ kind: 'list', text: action?.button ?? fallback }];
  const text = action?.parameters?.display_text ?? action?.parameters?.flow_cta ?? action?.button;
  if (type === 'cta_url') return [{ kind: 'link', text: text ?? fallback, hint: action?.parameters?.url }];
  return text ? [{ kind: 'list', text }] : [];
}

/** Buttons, a list, a link or a form that we sent. */
export function InteractiveBody({
  content,
  above,
  stamp,
}: {
  content: Interactive;
  above?: ReactNode;
  stamp: ReactNode;
}) {
  const { t } = useTranslation();
  const rows = content.action?.sections?.flatMap((section) => section.rows ?? []) ?? [];
  return (
    <>
      <TemplateCard
        above={above}
        title={content.header?.text}
        body={content.body?.text ?? t('kinds.interactive')}
        footer={content.footer?.text}
        buttons={rowsOf(content, t('bubble.choose'))}
        stamp={stamp}
      />
      {rows.length > 0 ? (
        <details className={classes.choices}>
          <summary>{t('bubble.choices', { count: rows.length })}</summary>
          <ul>
            {rows.map((row, index) => (
              <li key={row.id ?? index} dir="auto">
                {row.title}
                {row.description ? <span>{row.description}</span> : null}
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </>
  );
}
