import { ago, exactSecond } from '~/lib/format';
import { useNow } from '~/lib/now';

/** How long ago, with the exact moment on hover. */
export function When({ at, everyMs = 30_000 }: { at: string; everyMs?: number }) {
  const now = useNow(everyMs);
  return (
    <time dateTime={at} data-tip={exactSecond(at)}>
      {ago(at, Math.max(now, Date.parse(at)))}
    </time>
  );
}
