import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { Chip, type Tone } from '~/ui/Chip';
import {
  IconAlert,
  IconClock,
  IconDone,
  IconEdit,
  IconPaused,
  IconPending,
  IconPlay,
  IconRefused,
} from '~/ui/icons';
import type { Campaign, CampaignState } from './contract';

const faces: Record<CampaignState, { tone: Tone; Icon: typeof IconDone }> = {
  draft: { tone: 'neutral', Icon: IconEdit },
  scheduled: { tone: 'info', Icon: IconClock },
  planning: { tone: 'info', Icon: IconPending },
  running: { tone: 'info', Icon: IconPlay },
  pausing: { tone: 'warning', Icon: IconPaused },
  paused: { tone: 'warning', Icon: IconPaused },
  done: { tone: 'success', Icon: IconDone },
  stopped: { tone: 'neutral', Icon: IconRefused },
  failed: { tone: 'danger', Icon: IconRefused },
  api: { tone: 'neutral', Icon: IconPending },
};

export const stateWords = (t: TFunction<'texts'>, state: CampaignState): string =>
  t(`campaigns.state.${state}`);

interface Props {
  campaign: Pick<Campaign, 'state' | 'kind' | 'held_reason'>;
}

/** Where a campaign stands, in a word, a shape and a colour. */
export function StateChip({ campaign }: Props) {
  const { t } = useTranslation();
  const { state, kind, held_reason } = campaign;
  if (held_reason && (state === 'paused' || state === 'pausing'))
    return (
      <Chip tone="accent" icon={<IconAlert size={13} strokeWidth={2} />}>
        {t('campaigns.held')}
      </Chip>
    );
  const { tone, Icon } = faces[state] ?? faces.draft;
  return (
    <Chip tone={tone} icon={<Icon size={13} strokeWidth={2} />}>
      {/* One that is on-going sends now and then: it is on all the while. */}
      {kind === 'ongoing' && state === 'running' ? t('campaigns.ongoing.running') : stateWords(t, state)}
    </Chip>
  );
}
