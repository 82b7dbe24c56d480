import { useQuery } from '@tanstack/react-query';
import { Link, Navigate, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Frame } from '~/ui/Frame';
import { IconBack } from '~/ui/icons';
import { backLink } from '~/ui/PageHead';
import { Part } from '~/ui/Part';
import { Skeleton } from '~/ui/Skeleton';
import { ErrorState } from '~/ui/States';
import { campaignQuery, reportQuery } from '../api';
import { decided } from '../builder/decided';
import { useFacts } from '../builder/useFacts';
import type { Campaign } from '../contract';
import { OngoingBody } from '../ongoing/OngoingBody';
import { StateChip } from '../StateChip';
import { Controls } from './Controls';
import { CostPart } from './CostPart';
import { FailuresPart, FailuresSkeleton } from './FailuresPart';
import { FunnelPart } from './FunnelPart';
import { GoalsPart } from './GoalsPart';
import { HeldNote } from './HeldNote';
import { Recipients } from './Recipients';
import classes from './Report.module.css';
import { Standing } from './Standing';
import { TimeChart, TimeSkeleton } from './TimeChart';
import { WaitingNote } from './WaitingNote';
import '../texts';

/** What became of a campaign, from the funnel to the single person. */
export function ReportPage() {
  const { t } = useTranslation();
  const { campaignId } = useParams({ from: '/signed-in/campaigns/$campaignId' });
  const { data: campaign, error, refetch } = useQuery(campaignQuery(campaignId));
  const back = (
    <Link to="/campaigns" className={backLink}>
      <IconBack size={16} strokeWidth={1.75} aria-hidden="true" />
      {t('campaigns.title')}
    </Link>
  );
  if (campaign?.state === 'draft')
    return <Navigate to="/campaigns/$campaignId/edit" params={{ campaignId }} replace />;
  return (
    <Frame
      title={campaign?.name ?? t('campaigns.one')}
      back={back}
      aside={campaign ? <StateChip campaign={campaign} /> : null}
      lead={campaign ? <Standing campaign={campaign} /> : null}
      action={campaign ? <Controls campaign={campaign} /> : null}
    >
      {error && !campaign ? <ErrorState error={error} retry={refetch} /> : null}
      {campaign ? <Body campaign={campaign} /> : null}
      {!campaign && !error ? <Skeletons /> : null}
    </Frame>
  );
}

/** What the campaign itself tells is there at once; what the report adds finds its room kept. */
function Body({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const { data: report, error, refetch } = useQuery(reportQuery(campaign.id));
  const begun = campaign.started_at !== null || campaign.funnel.planned > 0;
  const ongoing = campaign.kind === 'ongoing';
  const once = begun && !ongoing;
  return (
    <>
      <WaitingNote campaign={campaign} />
      <HeldNote campaign={campaign} />
      {error && !report ? <ErrorState error={error} retry={refetch} /> : null}
      {begun ? null : <Plan campaign={campaign} />}
      {ongoing && begun && report ? <OngoingBody campaign={campaign} report={report} /> : null}
      {ongoing && begun && !report && !error ? <Skeletons /> : null}
      {once && (report || !error) ? (
        <>
          <Part title={t('report.funnel')}>
            <FunnelPart funnel={report?.funnel ?? campaign.funnel} />
          </Part>
          <Part title={t('report.time')}>
            {report ? <TimeChart series={report.series} /> : <TimeSkeleton funnel={campaign.funnel} />}
          </Part>
          <div className={classes.pair}>
            <Part title={t('report.failures')}>
              {report ? (
                <FailuresPart campaignId={campaign.id} report={report} />
              ) : (
                <FailuresSkeleton funnel={campaign.funnel} />
              )}
            </Part>
            <Part title={t('report.cost')}>
              <CostPart cost={report?.cost ?? campaign.cost} />
            </Part>
          </div>
        </>
      ) : null}
      {report && once ? (
        <>
          {report.goals.length > 0 ? (
            <Part title={t('report.goals')}>
              <GoalsPart goals={report.goals} sent={report.funnel.sent} />
            </Part>
          ) : null}
          <Recipients campaign={campaign} report={report} />
        </>
      ) : null}
    </>
  );
}

/** What will happen, while nothing has. */
function Plan({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const facts = useFacts(campaign);
  return (
    <Part title={t('report.plan')}>
      <ul className={classes.plan}>
        {decided(t, campaign, facts).map(({ key, text }) => (
          <li key={key}>{text}</li>
        ))}
      </ul>
    </Part>
  );
}

function Skeletons() {
  return (
    <div className={classes.skeletons} aria-hidden="true">
      <Skeleton height={220} />
      <Skeleton height={240} />
      <Skeleton height={160} />
    </div>
  );
}
