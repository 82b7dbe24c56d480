import type { QueryClient } from '@tanstack/react-query';

/** While a file is brought in, contacts change hundreds of times in a second. */
const EVERY_MS = 3000;

let waiting: ReturnType<typeof setTimeout> | undefined;
let last = 0;

/** Reads again who is in the list and how many there are, soon, and not more often than one can read. */
export function refreshPeople(client: QueryClient): void {
  if (waiting) return;
  waiting = setTimeout(
    () => {
      waiting = undefined;
      last = Date.now();
      for (const what of ['people', 'count', 'why'])
        void client.invalidateQueries({ queryKey: ['audience', what] });
    },
    Math.max(0, EVERY_MS - (Date.now() - last)),
  );
}
