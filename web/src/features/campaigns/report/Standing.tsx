import { useTranslation } from 'react-i18next';
import type { Campaign } from '../contract';
import { standing } from './standing';
import { usePace } from './usePace';
import { useUndoLeft } from './useUndoLeft';

/**
 * The line below the name: how long it can be taken back, then how far it is. Both stand in the same
 * place, so that nothing below moves when the first message leaves.
 */
export function Standing({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const undo = useUndoLeft(campaign);
  const left = usePace(campaign);
  return undo > 0 ? (
    <>
      {t('report.undo.title', { count: undo })} {t('report.undo.text')}
    </>
  ) : (
    standing(t, campaign, left)
  );
}
