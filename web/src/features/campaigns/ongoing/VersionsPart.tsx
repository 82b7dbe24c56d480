import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { membersQuery } from '~/features/session/api';
import { useMay } from '~/features/settings/sections';
import { exact } from '~/lib/format';
import { Chip } from '~/ui/Chip';
import { Note } from '~/ui/Note';
import { Part } from '~/ui/Part';
import { Skeleton } from '~/ui/Skeleton';
import { ErrorState } from '~/ui/States';
import { decided } from '../builder/decided';
import { useFacts } from '../builder/useFacts';
import type { Campaign } from '../contract';
import { versionsQuery } from './api';
import { Changes } from './Changes';
import type { CampaignVersion } from './contract';
import classes from './OngoingReport.module.css';
import { inVersion } from './versions';

/** So many at first. */
const SHOWN = 5;

/** What it says now, and the versions before: what changed, when, by whom. */
export function VersionsPart({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const { data: versions, error, refetch } = useQuery(versionsQuery(campaign.id));
  const [all, setAll] = useState(false);
  const facts = useFacts(campaign);
  return (
    <>
      <Part title={t('ongoing.versions.now')}>
        <p className={classes.whatItDoes}>
          {decided(t, campaign, facts)
            .map(({ text }) => text)
            .join(' ')}
        </p>
      </Part>
      <Part title={t('ongoing.versions.title')} lead={t('ongoing.versions.lead')}>
        {error && !versions ? <ErrorState error={error} retry={refetch} /> : null}
        {versions ? (
          <ol className={classes.versions}>
            {(all ? versions : versions.slice(0, SHOWN)).map((version, at) => (
              <VersionRow
                key={version.no}
                campaign={campaign}
                version={version}
                before={versions[at + 1]}
                inForce={at === 0}
              />
            ))}
          </ol>
        ) : error ? null : (
          <Skeleton height={64} />
        )}
        {versions && !all && versions.length > SHOWN ? (
          <button type="button" className={classes.more} onClick={() => setAll(true)}>
            {t('ongoing.past.more', { count: versions.length - SHOWN })}
          </button>
        ) : null}
      </Part>
    </>
  );
}

interface RowProps {
  campaign: Campaign;
  version: CampaignVersion;
  /** The one before it; none before the first. */
  before: CampaignVersion | undefined;
  inForce: boolean;
}

function VersionRow({ campaign, version, before, inForce }: RowProps) {
  const { t } = useTranslation();
  const mayRead = useMay('members.read');
  const { data: members } = useQuery({ ...membersQuery, enabled: mayRead });
  const by = members?.find(({ id }) => id === version.created_by)?.name;
  const at = exact(version.created_at);
  return (
    <li className={classes.version}>
      <p className={classes.versionHead}>
        <strong>{t('ongoing.versions.no', { no: version.no })}</strong>
        {inForce ? <Chip tone="success">{t('ongoing.versions.inForce')}</Chip> : null}
        <Note inline>{by ? t('ongoing.versions.by', { at, name: by }) : at}</Note>
      </p>
      {before ? (
        <Changes before={inVersion(campaign, before)} now={inVersion(campaign, version)} />
      ) : (
        <Note>{t('ongoing.versions.first')}</Note>
      )}
    </li>
  );
}
