import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ApiKey } from '~/api/contract';
import { useSession } from '~/features/session/api';
import { count, date } from '~/lib/format';
import { useNow } from '~/lib/now';
import { Chip } from '~/ui/Chip';
import { IconAlert, IconRefused } from '~/ui/icons';
import { Lines, Row, Td } from '~/ui/Table';
import { When } from '~/ui/When';
import classes from './ApiKeys.module.css';
import { ending, type Scope, scopeGroups } from './scopes';

const all: readonly string[] = scopeGroups.flatMap(({ scopes }): readonly Scope[] => scopes);

interface Props {
  apiKey: ApiKey;
  onRevoke: () => void;
  onSnippet: () => void;
}

export function ApiKeyRow({ apiKey, onRevoke, onSnippet }: Props) {
  const { t } = useTranslation();
  const { permissions } = useSession();
  const now = useNow(60_000);
  const everything = permissions.every((permission) => apiKey.scopes.includes(permission));
  const words = apiKey.scopes
    .filter((scope) => all.includes(scope))
    .map((scope) => t(`scopes.words.${scope as Scope}`))
    .join(', ');
  const end = ending(apiKey.expires_at, now);
  return (
    <Row>
      <Td>
        <Lines
          first={<bdi>{apiKey.name}</bdi>}
          second={
            <code className={classes.prefix} dir="ltr">
              {apiKey.prefix}…
            </code>
          }
        />
      </Td>
      <Td wide>
        {apiKey.kind === 'publishable' ? (
          <span data-tip={apiKey.origins.join(', ')} className={classes.scopes}>
            {t('apiKeys.siteCount', { count: apiKey.origins.length, shown: count(apiKey.origins.length) })}
          </span>
        ) : (
          <span data-tip={everything ? undefined : words} className={classes.scopes}>
            {everything
              ? t('apiKeys.everything')
              : t('apiKeys.scopeCount', { count: apiKey.scopes.length, shown: count(apiKey.scopes.length) })}
          </span>
        )}
      </Td>
      <Td wide>{apiKey.last_used_at ? <When at={apiKey.last_used_at} /> : t('apiKeys.neverUsed')}</Td>
      <Td wide>
        {apiKey.expires_at ? (
          end ? (
            <Chip
              tone={end === 'ended' ? 'danger' : 'warning'}
              icon={
                end === 'ended' ? (
                  <IconRefused size={13} strokeWidth={2} />
                ) : (
                  <IconAlert size={13} strokeWidth={2} />
                )
              }
            >
              {t(`apiKeys.${end}`, { date: date(apiKey.expires_at) })}
            </Chip>
          ) : (
            <time dateTime={apiKey.expires_at}>{date(apiKey.expires_at)}</time>
          )
        ) : (
          t('apiKeys.never')
        )}
      </Td>
      <Td tight end>
        <span className={classes.actions}>
          {apiKey.kind === 'publishable' ? (
            <Button
              variant="default"
              size="compact-sm"
              aria-label={t('apiKeys.snippetNamed', { name: apiKey.name })}
              onClick={onSnippet}
            >
              {t('apiKeys.showSnippet')}
            </Button>
          ) : null}
          <Button
            variant="default"
            size="compact-sm"
            aria-label={t('apiKeys.revokeNamed', { name: apiKey.name })}
            onClick={onRevoke}
          >
            {t('apiKeys.revoke')}
          </Button>
        </span>
      </Td>
    </Row>
  );
}
