import type { TFunction } from 'i18next';
import { count, exact } from '~/lib/format';
import { whenWords } from '../builder/sentences';
import type { Campaign } from '../contract';
import { lasting } from '../figures';

/** Where a campaign stands, in one sentence with its figures. */
export function standing(t: TFunction<'texts'>, campaign: Campaign, left: number | null): string {
  const { state, funnel, schedule, scheduled_at: at } = campaign;
  const [out, rest, all] = [
    count(campaign.out),
    count(funnel.waiting),
    count(funnel.planned - funnel.skipped),
  ];
  if (campaign.kind === 'ongoing') return ongoingStanding(t, campaign);
  switch (state) {
    case 'scheduled':
      return schedule?.when === 'local' || !at
        ? whenWords(t, schedule)
        : t('report.is.scheduled', { at: exact(at) });
    case 'planning':
      return t('report.is.planning');
    case 'running':
      return left !== null && left > 1
        ? t('report.is.runningFor', { out, all, rest, time: lasting(left) })
        : t('report.is.running', { out, all, rest });
    case 'pausing':
      return t('report.is.pausing', { out, all });
    case 'paused':
      return t('report.is.paused', { out, all, rest });
    case 'done':
      return t('report.is.done', { out, all, at: campaign.ended_at ? exact(campaign.ended_at) : '' });
    case 'stopped':
      return t('report.is.stopped', { out, all });
    case 'failed':
      return t('report.is.failed');
    case 'api':
      return t('report.is.api', { out, all });
    default:
      return '';
  }
}

/** The same for one that goes out when something happens: nobody knows how many are still to come. */
function ongoingStanding(t: TFunction<'texts'>, campaign: Campaign): string {
  const sent = t('ongoing.is.sent', { count: campaign.funnel.sent, shown: count(campaign.funnel.sent) });
  switch (campaign.state) {
    case 'running':
      return campaign.started_at ? t('ongoing.is.running', { at: exact(campaign.started_at), sent }) : sent;
    case 'pausing':
    case 'paused':
      return t('ongoing.is.paused', { sent });
    case 'stopped':
      return t('ongoing.is.stopped', { sent, at: campaign.ended_at ? exact(campaign.ended_at) : '' });
    default:
      return sent;
  }
}
