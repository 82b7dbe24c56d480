import { useTranslation } from 'react-i18next';
import { RadioCards } from '~/ui/RadioCards';
import { AudienceStep } from '../audience/AudienceStep';
import { Figure } from '../builder/Rule';
import { StepPart } from '../builder/StepPart';
import type { Draft } from '../builder/useDraft';
import { useOngoing } from './useOngoing';

const kinds = ['each', 'after_days', 'never'] as const;
const USUAL_DAYS = 7;
const MOST_DAYS = 365;

/** For whom it goes out, and whether for the same person again. */
export function WhoStep({ draft }: { draft: Draft }) {
  const { t } = useTranslation();
  const { ongoing, put } = useOngoing(draft);
  const { reentry } = ongoing;
  const kind = typeof reentry === 'string' ? reentry : 'after_days';
  return (
    <>
      <AudienceStep draft={draft} />
      <StepPart id="reentry" title={t('ongoing.reentry')}>
        <RadioCards
          name="reentry"
          label={t('ongoing.reentry')}
          value={kind}
          onChange={(next) => put({ reentry: next === 'after_days' ? { after_days: USUAL_DAYS } : next })}
          cards={kinds.map((value) => ({
            value,
            title: t(`ongoing.reentries.${value}`),
            help: t(`ongoing.reentryHelp.${value}`),
          }))}
        />
        {typeof reentry === 'string' ? null : (
          <Figure
            label={t('ongoing.reentryDays')}
            before={t('ongoing.reentryDays')}
            after={t('ongoing.daysUnit')}
            value={reentry.after_days}
            least={1}
            most={MOST_DAYS}
            whole
            onChange={(after_days) => put({ reentry: { after_days } })}
          />
        )}
      </StepPart>
    </>
  );
}
