import { exact } from '~/lib/format';
import { useNow } from '~/lib/now';
import { When } from '~/ui/When';

/** How long ago something was; what is still to come by its date and time. */
export function Moment({ at }: { at: string }) {
  const now = useNow();
  return Date.parse(at) > now + 60_000 ? <time dateTime={at}>{exact(at)}</time> : <When at={at} />;
}
