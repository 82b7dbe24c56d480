import { useTranslation } from 'react-i18next';
import { Note } from '~/ui/Note';
import { decided } from '../builder/decided';
import { useFacts } from '../builder/useFacts';
import type { Campaign } from '../contract';
import classes from './OngoingReport.module.css';
import { changesOf } from './versions';

/** What one version says otherwise than another: the old sentence struck, the new one below it. */
export function Changes({ before, now }: { before: Campaign; now: Campaign }) {
  const { t } = useTranslation();
  const [old, fresh] = [useFacts(before), useFacts(now)];
  const changes = changesOf(decided(t, before, old), decided(t, now, fresh));
  if (changes.length === 0)
    return (
      <Note>
        {before.name === now.name
          ? t('ongoing.version.noChange')
          : t('ongoing.version.renamed', { name: now.name })}
      </Note>
    );
  return (
    <ul className={classes.changes}>
      {changes.map((change) => (
        <li key={change.key}>
          {change.before ? <del>{change.before}</del> : null}
          {change.now ? <ins>{change.now}</ins> : null}
        </li>
      ))}
    </ul>
  );
}
