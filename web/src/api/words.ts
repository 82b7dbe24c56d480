import type { TFunction } from 'i18next';
import type { ProblemCode } from './contract';
import { Problem, Unreachable } from './problem';

const known = [
  'unauthenticated',
  'invalid_credentials',
  'csrf',
  'forbidden',
  'not_found',
  'invalid',
  'conflict',
  'stale',
  'rate_limited',
  'too_large',
  'unsupported_file',
  'busy',
  'window_closed',
  'opted_out',
  'blocked',
  'number_unavailable',
  'template_unavailable',
  'no_identity',
  'idempotency_key_reused',
  'meta',
  'internal',
] as const satisfies readonly ProblemCode[];

type Known = (typeof known)[number];

/**
 * An error in the reader's words: what happened and what to do. `own` holds the
 * words of the place that asked, by problem code, where the general ones would
 * be vague.
 */
export function wordsFor(
  t: TFunction<'texts'>,
  error: unknown,
  own: Partial<Record<Known, string>> = {},
): string {
  if (error instanceof Unreachable) return t('problems.unreachable');
  if (!(error instanceof Problem)) return t('problems.internal');
  const code = known.find((each) => each === error.code) ?? 'internal';
  if (own[code]) return own[code];
  if (code === 'rate_limited' && error.retryAfterMs)
    return t('problems.rateLimitedFor', { count: Math.ceil(error.retryAfterMs / 60_000) });
  return t(`problems.${code}`);
}
