/** The ways of choosing an audience, and which one a filter is. */
import type { Filter } from '~/features/audience/contract';

export type Way = 'everyone' | 'rules' | 'segment' | 'list' | 'file' | 'outcome';

export function wayOf(filter: Filter | null): Way | null {
  if (!filter) return null;
  if ('everyone' in filter) return 'everyone';
  if ('list' in filter) return 'list';
  if ('segment' in filter) return 'segment';
  if ('campaign' in filter) return 'outcome';
  return 'rules';
}
