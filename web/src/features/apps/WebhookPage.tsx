import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { MetaApp } from '~/api/contract';
import { Section } from '~/features/settings/Section';
import { useNow } from '~/lib/now';
import { Card, CardSkeleton, Labelled } from '~/ui/Card';
import { Chip } from '~/ui/Chip';
import { CopyButton } from '~/ui/CopyButton';
import { CopyLine } from '~/ui/CopyLine';
import { Fact, Facts } from '~/ui/Fact';
import { IconClock, IconDone, IconWebhook } from '~/ui/icons';
import { EmptyState, ErrorState } from '~/ui/States';
import { When } from '~/ui/When';
import { appsQuery } from './api';

const QUIET_MS = 24 * 3_600_000;

/** What Meta must be told, per app: where to call and with which token; and when it last did. */
export function WebhookPage() {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery({ ...appsQuery, refetchInterval: 15_000 });
  return (
    <Section title={t('settings.sections.webhook')} lead={t('webhook.lead')}>
      {error && !data ? <ErrorState error={error} retry={refetch} /> : null}
      {isPending ? (
        <CardSkeleton
          blocks={[
            { width: '100%', height: 40 },
            { width: '60%', height: 32 },
          ]}
        />
      ) : null}
      {data?.length === 0 ? (
        <EmptyState icon={<IconWebhook size={22} strokeWidth={1.75} />} title={t('webhook.none')}>
          {t('webhook.noneText')}
        </EmptyState>
      ) : null}
      {data?.map((app) => (
        <AppCard key={app.id} app={app} />
      ))}
    </Section>
  );
}

function AppCard({ app }: { app: MetaApp }) {
  const { t } = useTranslation();
  const now = useNow(60_000);
  const heard = app.last_webhook_at !== null && now - Date.parse(app.last_webhook_at) < QUIET_MS;
  return (
    <Card
      name={app.name}
      chip={
        <Chip
          tone={heard ? 'success' : 'neutral'}
          icon={heard ? <IconDone size={13} strokeWidth={2} /> : <IconClock size={13} strokeWidth={2} />}
        >
          {heard ? t('webhook.heard') : t('webhook.quiet')}
        </Chip>
      }
    >
      <Labelled label={t('webhook.url')} help={t('webhook.urlHelp')}>
        <CopyLine text={app.webhook_url} label={t('webhook.copyUrl')} />
      </Labelled>
      <Facts>
        <Fact name={t('webhook.last')}>
          {app.last_webhook_at ? <When at={app.last_webhook_at} /> : t('webhook.never')}
        </Fact>
        <Fact name={t('webhook.appId')} mono>
          {app.id}
          <CopyButton text={app.id} label={t('webhook.copyAppId')} />
        </Fact>
        <Fact name={t('webhook.token')} help={t('webhook.tokenHelp')} mono>
          {app.verify_token_hint}
        </Fact>
        <Fact name={t('webhook.secret')} help={t('webhook.secretHelp')} mono>
          {t('webhook.secretShown', { last: app.secret_last4 })}
        </Fact>
      </Facts>
    </Card>
  );
}
