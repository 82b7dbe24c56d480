import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Conversation } from '~/api/contract';
import { useShortcut } from '~/features/shortcuts/useShortcut';

/** j and k point at a row, Enter opens it; returns the row pointed at. */
export function useListKeys(
  rows: Conversation[],
  selectedId: string | undefined,
  reveal: (index: number) => void,
): string | undefined {
  const navigate = useNavigate();
  const [pointed, setPointed] = useState<{ id: string; from: string | undefined }>();
  // Opening a conversation by other means takes the pointer along.
  const current = pointed && pointed.from === selectedId ? pointed.id : selectedId;
  const move = (by: number) => {
    const index = rows.findIndex((row) => row.id === current);
    const next = Math.max(0, Math.min(rows.length - 1, index === -1 ? 0 : index + by));
    const row = rows[next];
    if (!row) return;
    setPointed({ id: row.id, from: selectedId });
    reveal(next);
  };
  useShortcut('next', () => move(1));
  useShortcut('previous', () => move(-1));
  useShortcut(
    'open',
    () => {
      if (current)
        void navigate({
          to: '/inbox/$conversationId',
          params: { conversationId: current },
          search: (old) => old,
        });
    },
    Boolean(pointed) && current !== selectedId,
  );
  useShortcut('back', () => void navigate({ to: '/inbox', search: (old) => old }), Boolean(selectedId));
  return pointed && pointed.from === selectedId ? pointed.id : undefined;
}
