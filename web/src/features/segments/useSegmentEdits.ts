import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Problem } from '~/api/problem';
import { wordsFor } from '~/api/words';
import type { Filter } from '~/features/audience/contract';
import { toast } from '~/ui/toast';
import { createSegment, deleteSegment, editSegment, type Segment, segmentsQuery } from './api';

/** Why a name was refused, in words; null where it was something else. */
export function nameRefusal(error: unknown): 'taken' | 'wrong' | null {
  if (!(error instanceof Problem)) return null;
  const field = error.body.errors?.find((each) => each.field === 'name');
  if (!field) return null;
  return field.code === 'taken' ? 'taken' : 'wrong';
}

/** The campaign that keeps a segment from being deleted; empty where it is not named. */
export function usedBy(error: unknown): string | null {
  if (!(error instanceof Problem) || error.status !== 409) return null;
  const campaign = error.body.params?.campaign;
  return typeof campaign === 'string' ? campaign : '';
}

/** What can be done to saved segments; each is seen at once wherever segments are listed. */
export function useSegmentEdits() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const put = (change: (all: Segment[]) => Segment[]) => {
    client.setQueryData(segmentsQuery.queryKey, (old) =>
      old ? change(old).toSorted((a, b) => a.name.localeCompare(b.name)) : old,
    );
    void client.invalidateQueries({ queryKey: segmentsQuery.queryKey });
    // Filters that name a segment mean other people now.
    for (const what of ['count', 'people', 'why'])
      void client.invalidateQueries({ queryKey: ['audience', what] });
  };
  const replace = (now: Segment) => put((all) => all.map((each) => (each.id === now.id ? now : each)));
  const create = useMutation({
    mutationFn: ({ name, filter }: { name: string; filter: Filter }) => createSegment(name, filter),
    onSuccess: (made) => {
      put((all) => [...all.filter((each) => each.id !== made.id), made]);
      toast(t('segments.saved', { name: made.name }));
    },
  });
  const rename = useMutation({
    mutationFn: ({ id, name }: { id: string; name: string }) => editSegment(id, { name }),
    onSuccess: replace,
  });
  const update = useMutation({
    mutationFn: ({ segment, filter }: { segment: Segment; filter: Filter }) =>
      editSegment(segment.id, { filter }),
    onSuccess: (now, { segment: before }) => {
      replace(now);
      toast(t('segments.updated', { name: now.name }), {
        action: {
          text: t('actions.undo'),
          run: () =>
            void editSegment(before.id, { filter: before.filter }).then(replace, (error: unknown) =>
              toast(wordsFor(t, error), { tone: 'danger' }),
            ),
        },
      });
    },
    onError: (error) => toast(wordsFor(t, error, { invalid: t('audience.wrong') }), { tone: 'danger' }),
  });
  const remove = useMutation({
    mutationFn: (segment: Segment) => deleteSegment(segment.id),
    onSuccess: (_, { id, name }) => {
      put((all) => all.filter((each) => each.id !== id));
      toast(t('segments.deleted', { name }));
    },
  });
  return { create, rename, update, remove };
}
