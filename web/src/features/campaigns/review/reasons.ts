/** Why people get nothing, and what is wrong with a campaign: codes in words, each with its mend. */
import type { TFunction } from 'i18next';
import type { ReviewProblem } from '../contract';
import type { Step } from '../search';

type T = TFunction<'texts'>;

const reasons = [
  'no_consent',
  'opted_out',
  'blocked',
  'no_number',
  'invalid_number',
  'duplicate',
  'merged',
  'capped',
  'missing_variable',
  'in_other_campaign',
  'stopped',
] as const;

type Reason = (typeof reasons)[number] | 'other';

export const reasonOf = (reason: string): Reason => reasons.find((each) => each === reason) ?? 'other';

export const reasonWords = (t: T, reason: string): string => t(`excluded.reasons.${reasonOf(reason)}`);

/** What it means and what can be done. */
export const reasonHelp = (t: T, reason: string): string => t(`excluded.help.${reasonOf(reason)}`);

/** The step that can mend it, where one can. */
export function mendOf(reason: string): Step | null {
  switch (reasonOf(reason)) {
    case 'no_consent':
      return 'audience';
    case 'missing_variable':
      return 'message';
    case 'capped':
    case 'in_other_campaign':
      return 'schedule';
    default:
      return null;
  }
}

const problems = [
  'audience_missing',
  'number_missing',
  'template_missing',
  'nobody',
  'number_unavailable',
  'template_unavailable',
  'unmapped',
  'required',
  'unknown',
  'unknown_field',
  'no_list',
  'header_missing',
  'media_missing',
  'in_the_past',
  'too_far',
  'invalid',
  'out_of_range',
  'missing_variable',
  'token_missing',
  'daily_limit',
] as const;

/** What is wrong, by code; where a code alone is vague, by what it is said of. */
export function problemWords(t: T, { code, field, params }: ReviewProblem): string {
  const of = field ?? '';
  const place = of.startsWith('variables.') ? of.slice('variables.'.length) : '';
  if (code === 'required' || code === 'missing') {
    if (of === 'audience') return t('trouble.audience_missing');
    if (of === 'number_id') return t('trouble.number_missing');
    if (of === 'template_id') return t('trouble.template_missing');
    if (of.startsWith('header')) return t('trouble.header_missing');
    if (place) return t('trouble.unmapped', { place });
  }
  const known = problems.find((each) => each === code);
  if (!known) return t('trouble.other', { code });
  return t(`trouble.${known}`, { place, ...params });
}

/** The step where a problem is mended. */
export function stepFor({ code, field }: ReviewProblem): Step {
  const of = field ?? '';
  if (of.startsWith('audience') || code === 'nobody') return 'audience';
  if (of.startsWith('schedule') || of.startsWith('settings')) return 'schedule';
  return 'message';
}
