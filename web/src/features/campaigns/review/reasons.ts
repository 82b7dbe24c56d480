/** Why people get nothing, and what is wrong with a campaign: codes in words, each with its mend. */
import type { TFunction } from 'i18next';
import type { Template } from '~/api/contract';
import { Problem } from '~/api/problem';
import { placeName } from '../builder/sources';
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
  'invalid_link',
  'in_other_campaign',
  'stopped',
  'campaign_failed',
] as const;

type Reason = (typeof reasons)[number] | 'other';

/** Two names for one thing: the plan finds no number, the lane no identity. */
export const reasonOf = (reason: string): Reason =>
  reason === 'no_identity' ? 'no_number' : (reasons.find((each) => each === reason) ?? 'other');

export const reasonWords = (t: T, reason: string): string => t(`excluded.reasons.${reasonOf(reason)}`);

/** What it means and what can be done. */
export const reasonHelp = (t: T, reason: string): string => t(`excluded.help.${reasonOf(reason)}`);

/** The step that can mend it, where one can. */
export function mendOf(reason: string): Step | null {
  switch (reasonOf(reason)) {
    case 'no_consent':
      return 'audience';
    case 'missing_variable':
    case 'invalid_link':
      return 'message';
    case 'capped':
    case 'in_other_campaign':
      return 'schedule';
    default:
      return null;
  }
}

const problems = [
  'unavailable',
  'unsupported',
  'not_approved',
  'other_account',
  'unmapped',
  'unknown',
  'unknown_field',
  'no_list',
  'in_the_past',
  'too_far',
  'out_of_range',
  'missing_variable',
  'invalid_link',
  'nobody',
  'required',
  'invalid',
] as const;

/** What is missing, by the field that it is missing from. */
const missing: Record<string, 'audience' | 'number' | 'template'> = {
  audience: 'audience',
  number_id: 'number',
  template_id: 'template',
};

/** What is wrong, by code and by the field that it is said of. */
export function problemWords(t: T, { code, field, params }: ReviewProblem, template?: Template): string {
  const of = field ?? '';
  const key = of.startsWith('variables.') ? of.slice('variables.'.length) : '';
  // A gap is called what the message step calls it, never by its key.
  const variable = template?.variables.find((each) => each.key === key);
  const place = template && variable ? placeName(template, variable) : key;
  const noun = missing[of];
  if (code === 'required' && noun) return t(`trouble.missing.${noun}`);
  if (of.startsWith('header')) return t('trouble.header');
  if (code === 'required' && place) return t('trouble.unmapped', { place });
  if (code === 'invalid' && of.startsWith('audience')) return t('trouble.audience');
  if (code === 'invalid' && of === 'schedule.quiet') return t('trouble.quiet');
  const known = problems.find((each) => each === code);
  if (!known) return t('trouble.other', { code });
  return t(`trouble.${known}`, { place, ...params });
}

/** What a refusal says of single fields, as problems of the campaign. */
export const problemsIn = (error: unknown): ReviewProblem[] =>
  error instanceof Problem
    ? (error.body.errors ?? []).map(({ field, code }) => ({ field, code, params: {} }))
    : [];

/** The step where a problem is mended. */
export function stepFor({ code, field }: ReviewProblem): Step {
  const of = field ?? '';
  if (of.startsWith('audience') || code === 'nobody') return 'audience';
  if (of.startsWith('schedule') || of.startsWith('settings')) return 'schedule';
  return 'message';
}
