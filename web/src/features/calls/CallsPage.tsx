import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { ApiCall } from '~/api/contract';
import { Section } from '~/features/settings/Section';
import { tookMs } from '~/lib/format';
import { Chip, type Tone } from '~/ui/Chip';
import { CopyButton } from '~/ui/CopyButton';
import { IconActivity, IconAlert, IconDone, IconRefused } from '~/ui/icons';
import { Segments } from '~/ui/Segments';
import { EmptyState, ErrorState } from '~/ui/States';
import { narrowOnly, Row, SkeletonRows, Table, Td, Th } from '~/ui/Table';
import { When } from '~/ui/When';
import { callsQuery, type Outcome, outcomeOf } from './api';
import classes from './CallsPage.module.css';

const faces: Record<Outcome, { tone: Tone; Icon: typeof IconDone }> = {
  ok: { tone: 'success', Icon: IconDone },
  refused: { tone: 'warning', Icon: IconAlert },
  failed: { tone: 'danger', Icon: IconRefused },
};

/** The last calls that were made with API keys, newest first, as they come. */
export function CallsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { only } = useSearch({ from: '/signed-in/settings/calls' });
  const { data, error, isPending, refetch } = useQuery(callsQuery);
  const rows = only ? data?.filter((call) => outcomeOf(call.status) !== 'ok') : data;
  return (
    <Section title={t('settings.sections.calls')} lead={t('calls.lead')}>
      <Segments
        name="only"
        label={t('calls.which')}
        value={only ?? 'all'}
        onChange={(value) =>
          void navigate({
            to: '/settings/calls',
            search: value === 'trouble' ? { only: 'trouble' } : {},
            replace: true,
          })
        }
        choices={[
          { value: 'all', text: t('calls.all') },
          { value: 'trouble', text: t('calls.trouble') },
        ]}
      />
      {error && !data ? <ErrorState error={error} retry={refetch} /> : null}
      {rows?.length === 0 ? (
        <EmptyState
          icon={<IconActivity size={22} strokeWidth={1.75} />}
          title={only && data?.length ? t('calls.noTrouble') : t('calls.none')}
        >
          {only && data?.length ? t('calls.noTroubleText') : t('calls.noneText')}
        </EmptyState>
      ) : null}
      {isPending || rows?.length ? (
        <Table
          label={t('settings.sections.calls')}
          head={
            <>
              <Th tight>{t('calls.status')}</Th>
              <Th>{t('calls.request')}</Th>
              <Th wide>{t('calls.key')}</Th>
              <Th wide end>
                {t('calls.took')}
              </Th>
              <Th wide end>
                {t('calls.at')}
              </Th>
              <Th wide tight end>
                <span className="visually-hidden">{t('calls.requestId')}</span>
              </Th>
            </>
          }
        >
          {isPending ? <SkeletonRows columns={6} rows={6} /> : null}
          {rows?.map((call) => (
            <CallRow key={call.id} call={call} />
          ))}
        </Table>
      ) : null}
    </Section>
  );
}

function CallRow({ call }: { call: ApiCall }) {
  const { t } = useTranslation();
  const outcome = outcomeOf(call.status);
  const { tone, Icon } = faces[outcome];
  return (
    <Row>
      <Td tight>
        <span data-tip={t(`calls.outcome.${outcome}`)}>
          <Chip tone={tone} icon={<Icon size={13} strokeWidth={2} />}>
            {call.status}
            <span className="visually-hidden">{t(`calls.outcome.${outcome}`)}</span>
          </Chip>
        </span>
      </Td>
      <Td>
        <code className={classes.request} dir="ltr">
          <span className={classes.method}>{call.method}</span>
          <span>{call.path.replace('/api/v1', '')}</span>
        </code>
        <span className={narrowOnly}>
          <When at={call.at} everyMs={5000} />
        </span>
      </Td>
      <Td wide>
        <code className={classes.key} dir="ltr">
          {call.key_prefix ? `${call.key_prefix}…` : ''}
        </code>
      </Td>
      <Td wide end>
        {tookMs(call.ms)}
      </Td>
      <Td wide end>
        <When at={call.at} everyMs={5000} />
      </Td>
      <Td wide tight end>
        <CopyButton text={call.request_id} label={t('calls.copyRequestId')} />
      </Td>
    </Row>
  );
}
