import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { Chip, type Tone } from '~/ui/Chip';
import { IconAlert, IconDone, IconEdit, IconPaused, IconPending, IconRefused } from '~/ui/icons';
import './texts';

const faces = {
  draft: { tone: 'neutral', Icon: IconEdit },
  approved: { tone: 'success', Icon: IconDone },
  pending: { tone: 'info', Icon: IconPending },
  in_appeal: { tone: 'info', Icon: IconPending },
  rejected: { tone: 'danger', Icon: IconRefused },
  paused: { tone: 'warning', Icon: IconPaused },
  flagged: { tone: 'warning', Icon: IconAlert },
  limit_exceeded: { tone: 'warning', Icon: IconAlert },
  disabled: { tone: 'danger', Icon: IconRefused },
  archived: { tone: 'neutral', Icon: IconPaused },
  deleted: { tone: 'neutral', Icon: IconRefused },
  pending_deletion: { tone: 'neutral', Icon: IconPending },
  unknown: { tone: 'neutral', Icon: IconPending },
} as const satisfies Record<string, { tone: Tone; Icon: typeof IconDone }>;

type Status = keyof typeof faces;

const statusOf = (status: string): Status => (status in faces ? (status as Status) : 'unknown');

export const statusWords = (t: TFunction<'texts'>, status: string): string =>
  t(`templates.status.${statusOf(status)}`);

/** How Meta sees a template, in a word, a shape and a colour. */
export function StatusChip({ status }: { status: string }) {
  const { t } = useTranslation();
  const { tone, Icon } = faces[statusOf(status)];
  return (
    <Chip tone={tone} icon={<Icon size={13} strokeWidth={2} />}>
      {statusWords(t, status)}
    </Chip>
  );
}
