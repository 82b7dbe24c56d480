import { type UseMutationResult, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Problem } from '~/api/problem';
import { campaignQuery, editCampaign } from '../api';
import type { Campaign, CampaignEdit } from '../contract';

const PAUSE_MS = 500;

export type Saving = 'saved' | 'waiting' | 'saving' | 'failed';

export interface Draft {
  campaign: Campaign;
  edit: (change: CampaignEdit) => void;
  saving: Saving;
  error: unknown;
  /** Sends what is not saved yet at once; true when everything is. */
  flush: () => Promise<boolean>;
  /** Of the next version of one that was started: nothing of it is kept before it is put in force. */
  version: Version | null;
}

export interface Version {
  /** What is in force. */
  before: Campaign;
  /** Whether anything differs from it. */
  dirty: boolean;
  put: Pick<UseMutationResult<Campaign, Error, void>, 'mutate' | 'isPending' | 'error'>;
}

/** Without the entries that still are what was sent. */
export function withoutSent(pending: CampaignEdit, sent: CampaignEdit): CampaignEdit {
  return Object.fromEntries(
    Object.entries(pending).filter(([key, value]) => sent[key as keyof CampaignEdit] !== value),
  );
}

/** A draft that is saved as one goes: what was changed is seen at once and sent after a pause. */
export function useDraft(id: string) {
  const client = useQueryClient();
  const queryKey = useMemo(() => campaignQuery(id).queryKey, [id]);
  const query = useQuery(campaignQuery(id));
  const pending = useRef<CampaignEdit>({});
  const running = useRef<Promise<boolean> | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const [shown, setShown] = useState<CampaignEdit>({});
  const [saving, setSaving] = useState<Saving>('saved');
  const [error, setError] = useState<unknown>(null);

  const send = useCallback(async (): Promise<boolean> => {
    for (let tries = 0; Object.keys(pending.current).length > 0; ) {
      const edit = pending.current;
      const version = client.getQueryData<Campaign>(queryKey)?.version ?? 0;
      setSaving('saving');
      try {
        client.setQueryData(queryKey, await editCampaign(id, version, edit));
        pending.current = withoutSent(pending.current, edit);
        setShown(pending.current);
      } catch (failure) {
        // Somebody else changed another part of it meanwhile: ours goes on top of theirs.
        if (failure instanceof Problem && failure.code === 'stale' && tries < 3) {
          tries += 1;
          await client.fetchQuery({ ...campaignQuery(id), staleTime: 0 });
          continue;
        }
        setError(failure);
        setSaving('failed');
        return false;
      }
    }
    setError(null);
    setSaving('saved');
    return true;
  }, [client, id, queryKey]);

  const flush = useCallback((): Promise<boolean> => {
    clearTimeout(timer.current);
    running.current ??= send().finally(() => {
      running.current = null;
    });
    return running.current;
  }, [send]);

  const edit = useCallback(
    (change: CampaignEdit) => {
      pending.current = { ...pending.current, ...change };
      setShown(pending.current);
      setSaving('waiting');
      clearTimeout(timer.current);
      timer.current = setTimeout(() => void flush(), PAUSE_MS);
    },
    [flush],
  );

  useEffect(() => {
    const leave = () => void flush();
    window.addEventListener('pagehide', leave);
    return () => {
      window.removeEventListener('pagehide', leave);
      void flush();
    };
  }, [flush]);

  const draft: Draft | null = query.data
    ? { campaign: { ...query.data, ...shown }, edit, saving, error, flush, version: null }
    : null;
  return { draft, error: query.error, refetch: query.refetch };
}
