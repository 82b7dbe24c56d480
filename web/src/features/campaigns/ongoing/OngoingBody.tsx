import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Part } from '~/ui/Part';
import { Skeleton } from '~/ui/Skeleton';
import { ErrorState } from '~/ui/States';
import type { Campaign, Report } from '../contract';
import { CostPart } from '../report/CostPart';
import { FailuresPart } from '../report/FailuresPart';
import { FunnelPart } from '../report/FunnelPart';
import { GoalsPart } from '../report/GoalsPart';
import { Recipients } from '../report/Recipients';
import reportClasses from '../report/Report.module.css';
import { ArmsPart } from './ArmsPart';
import { ongoingReportQuery } from './api';
import type { OngoingReport } from './contract';
import { DayBars } from './DayBars';
import { RunsPart } from './RunsPart';
import { usualOngoing } from './useOngoing';
import { VersionsPart } from './VersionsPart';

interface Props {
  campaign: Campaign;
  report: Report;
}

/** What became of an on-going campaign: as a whole, day by day, message by message, person by person. */
export function OngoingBody({ campaign, report }: Props) {
  const { t } = useTranslation();
  const { data: ongoing, error, refetch } = useQuery(ongoingReportQuery(campaign.id));
  const { variants, holdout_percent: held } = campaign.ongoing ?? usualOngoing;
  const compared = variants.length > 0 || held > 0 || (ongoing?.arms.length ?? 0) > 1;
  return (
    <>
      <Part title={t('report.funnel')}>
        <FunnelPart funnel={report.funnel} />
      </Part>
      {error && !ongoing ? <ErrorState error={error} retry={refetch} /> : null}
      {compared ? (
        <Part title={t('ongoing.arms.title')} lead={t('ongoing.arms.lead')}>
          {ongoing ? (
            <ArmsPart arms={ongoing.arms} variants={variants} goals={report.goals} />
          ) : (
            <Skeleton height={160} />
          )}
        </Part>
      ) : report.goals.length > 0 ? (
        <Part title={t('report.goals')}>
          <GoalsPart goals={report.goals} sent={report.funnel.sent} />
        </Part>
      ) : null}
      <Part title={t('ongoing.days.title')}>
        {ongoing ? <Days days={ongoing.days} /> : <Skeleton height={200} />}
      </Part>
      <div className={reportClasses.pair}>
        <Part title={t('report.failures')}>
          <FailuresPart campaignId={campaign.id} report={report} />
        </Part>
        <Part title={t('report.cost')}>
          <CostPart cost={report.cost} />
        </Part>
      </div>
      <VersionsPart campaign={campaign} />
      <RunsPart campaign={campaign} />
      <Recipients campaign={campaign} report={report} />
    </>
  );
}

const told = ['sent', 'delivered', 'read', 'replied', 'failed'] as const;

function Days({ days }: { days: OngoingReport['days'] }) {
  const { t } = useTranslation();
  if (days.length === 0) return <p className={reportClasses.quiet}>{t('ongoing.days.none')}</p>;
  return (
    <DayBars
      label={t('ongoing.days.title')}
      days={days.map(({ day, began, recipients, dropped, messages }) => ({
        day,
        whole: began,
        part: recipients,
        more: [
          ...told.map((name) => messages[name] ?? 0),
          Object.values(dropped).reduce((sum, each) => sum + each, 0),
        ],
      }))}
      whole={t('ongoing.days.began')}
      part={t('ongoing.days.due')}
      more={[...told.map((name) => t(`campaigns.figures.${name}`)), t('ongoing.runs.states.dropped')]}
    />
  );
}
