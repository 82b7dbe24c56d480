import type { TFunction } from 'i18next';
import type { ProblemCode } from './contract';
import { Problem, Unreachable } from './problem';

/**
 * Every code that the server may refuse with, and the entry of the catalogue that has its words. A
 * code without an entry does not compile.
 */
const entries = {
  unauthenticated: 'unauthenticated',
  invalid_credentials: 'invalid_credentials',
  csrf: 'csrf',
  forbidden: 'forbidden',
  not_found: 'not_found',
  invalid: 'invalid',
  conflict: 'conflict',
  stale: 'stale',
  rate_limited: 'rate_limited',
  too_large: 'too_large',
  unsupported_file: 'unsupported_file',
  link_expired: 'link_expired',
  busy: 'busy',
  window_closed: 'window_closed',
  opted_out: 'opted_out',
  blocked: 'blocked',
  number_unavailable: 'number_unavailable',
  template_unavailable: 'template_unavailable',
  no_identity: 'no_identity',
  campaign_state: 'campaign_state',
  too_late: 'too_late',
  idempotency_key_reused: 'idempotency_key_reused',
  idempotency_key_running: 'busy',
  meta: 'meta',
  internal: 'internal',
  // What only a mistake of ours could cause.
  bad_request: 'internal',
  method_not_allowed: 'internal',
  range_not_satisfiable: 'internal',
} as const satisfies Record<ProblemCode, string>;

/**
 * An error in the reader's words: what happened and what to do. `own` holds the
 * words of the place that asked, by problem code, where the general ones would
 * be vague.
 */
export function wordsFor(
  t: TFunction<'texts'>,
  error: unknown,
  own: Partial<Record<ProblemCode, string>> = {},
): string {
  if (error instanceof Unreachable) return t('problems.unreachable');
  if (!(error instanceof Problem)) return t('problems.internal');
  const code = Object.hasOwn(entries, error.code) ? (error.code as ProblemCode) : 'internal';
  const better = own[code];
  if (better) return better;
  if (code === 'rate_limited' && error.retryAfterMs)
    return t('problems.rateLimitedFor', { count: Math.ceil(error.retryAfterMs / 60_000) });
  return t(`problems.${entries[code]}`);
}
