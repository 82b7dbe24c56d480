/** What the server says when it does not do something with a template, in the reader's words. */
import type { TFunction } from 'i18next';
import { Problem } from '~/api/problem';
import { wordsFor } from '~/api/words';
import { problemWords } from './editor/problems';

const reasons = [
  'submitting',
  'nothing_to_submit',
  'unsure',
  'sample_refused',
  'unreachable',
  'template_limit',
  'token_refused',
  'permission_missing',
  'not_editable',
  'in_review',
  'once_a_day',
  'month_used_up',
  'disabled',
  'deleted',
  'archived',
] as const;

/** A refusal by its reason; Meta's own words where Meta gave some and we have none. */
export function refusalWords(t: TFunction<'texts'>, error: unknown): string {
  if (!(error instanceof Problem)) return wordsFor(t, error);
  const { reason, words } = error.body.params ?? {};
  const known = reasons.find((each) => each === reason);
  if (known) return t(`templates.refusals.${known}`);
  const [first] = error.body.errors ?? [];
  if (first) return problemWords(t, first);
  if (error.code === 'meta' && typeof words === 'string' && words)
    return t('templates.metaRefused', { words });
  return wordsFor(t, error);
}
