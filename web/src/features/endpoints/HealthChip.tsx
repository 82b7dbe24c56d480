import { useTranslation } from 'react-i18next';
import type { Endpoint } from '~/api/contract';
import { Chip, type Tone } from '~/ui/Chip';
import { IconAlert, IconClock, IconDone, IconPaused, IconRefused } from '~/ui/icons';
import { type Health, healthOf } from './events';

const faces: Record<Health, { tone: Tone; Icon: typeof IconDone }> = {
  off: { tone: 'neutral', Icon: IconPaused },
  gone: { tone: 'danger', Icon: IconRefused },
  unreachable: { tone: 'danger', Icon: IconRefused },
  failing: { tone: 'warning', Icon: IconAlert },
  unused: { tone: 'neutral', Icon: IconClock },
  well: { tone: 'success', Icon: IconDone },
};

export function HealthChip({ endpoint }: { endpoint: Endpoint }) {
  const { t } = useTranslation();
  const health = healthOf(endpoint);
  const { tone, Icon } = faces[health];
  return (
    <Chip tone={tone} icon={<Icon size={13} strokeWidth={2} />}>
      {t(`endpoints.health.${health}`)}
    </Chip>
  );
}
