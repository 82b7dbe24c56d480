import type { QueryClient } from '@tanstack/react-query';

/** A campaign that runs changes many times in a second; nobody reads faster than this. */
const EVERY_MS = 1000;

const waiting = new Map<string, ReturnType<typeof setTimeout>>();
const last = new Map<string, number>();

/** Reads again what is shown of a campaign, soon, and not more often than one can read. */
export function refreshCampaign(client: QueryClient, id: string): void {
  if (waiting.has(id)) return;
  const since = Date.now() - (last.get(id) ?? 0);
  waiting.set(
    id,
    setTimeout(
      () => {
        waiting.delete(id);
        last.set(id, Date.now());
        void client.invalidateQueries({
          predicate: ({ queryKey: [noun, what, which] }) =>
            noun === 'campaigns' && (what === 'list' || which === id),
        });
      },
      Math.max(0, EVERY_MS - since),
    ),
  );
}
