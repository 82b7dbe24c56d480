/** Why people get nothing, and what is wrong with a campaign: codes in words, each with its mend. */
import type { TFunction } from 'i18next';
import type { Template } from '~/api/contract';
import { Problem } from '~/api/problem';
import { placeName } from '../builder/sources';
import type { CampaignKind, ReviewProblem } from '../contract';
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
  'holdout',
  'erased',
  'no_match',
  'again',
  'unless',
  'too_late',
  'day_moved',
  'outdated',
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
export function problemWords(
  t: T,
  { code, field, params }: ReviewProblem,
  template?: Template,
  kind: CampaignKind = 'one_time',
): string {
  const of = field ?? '';
  const key = of.startsWith('variables.') ? of.slice('variables.'.length) : '';
  // A gap is called what the message step calls it, never by its key.
  const variable = template?.variables.find((each) => each.key === key);
  const place = template && variable ? placeName(template, variable) : key;
  const noun = missing[of];
  if (of.startsWith('ongoing')) return ongoingWords(t, of, code);
  if (code === 'required' && noun) return t(`trouble.missing.${noun}`);
  if (of.startsWith('header')) return t('trouble.header');
  // What would be a list's column is a particular of the event there.
  if (code === 'no_list' && kind === 'ongoing') return t('trouble.noEvent', { place });
  if (code === 'required' && place) return t('trouble.unmapped', { place });
  if (code === 'invalid' && of.startsWith('audience')) return t('trouble.audience');
  if (code === 'invalid' && of === 'schedule.quiet') return t('trouble.quiet');
  const known = problems.find((each) => each === code);
  if (!known) return t('trouble.other', { code });
  return t(`trouble.${known}`, { place, ...params });
}

/** What is wrong with that which makes a campaign on-going. */
function ongoingWords(t: T, field: string, code: string): string {
  if (field.startsWith('ongoing.trigger'))
    return code === 'required'
      ? t('trouble.trigger.required')
      : field.endsWith('segment_id')
        ? t('trouble.trigger.segment')
        : field.endsWith('trait')
          ? t('trouble.trigger.field')
          : t('trouble.trigger.other');
  if (code === 'shares') return t('trouble.shares');
  if (field.endsWith('.name')) return t('trouble.variantName');
  return code === 'out_of_range' ? t('trouble.range') : t('trouble.invalid');
}

/** A problem of a further message as one of the first, with the place of the message that it is of. */
export function variantProblem(problem: ReviewProblem): { at: number; problem: ReviewProblem } | null {
  const [, at, field] =
    /^ongoing\.variants\[(\d+)\]\.(template_id|variables.*|header.*)$/.exec(problem.field ?? '') ?? [];
  return field === undefined ? null : { at: Number(at), problem: { ...problem, field } };
}

/** What a refusal says of single fields, as problems of the campaign. */
export const problemsIn = (error: unknown): ReviewProblem[] =>
  error instanceof Problem
    ? (error.body.errors ?? []).map(({ field, code }) => ({ field, code, params: {} }))
    : [];

/** The step where a problem is mended. */
export function stepFor({ code, field }: ReviewProblem, kind: CampaignKind): Step {
  const of = field ?? '';
  if (kind === 'ongoing') {
    if (of.startsWith('ongoing.trigger')) return 'trigger';
    if (of.startsWith('ongoing.reentry')) return 'audience';
    if (of.startsWith('ongoing.variants') || of === 'ongoing.holdout_percent') return 'message';
    if (of.startsWith('ongoing') || of.startsWith('schedule')) return 'timing';
    if (of.startsWith('settings')) return 'limits';
  }
  if (of.startsWith('audience') || code === 'nobody') return 'audience';
  if (of.startsWith('schedule') || of.startsWith('settings')) return 'schedule';
  return 'message';
}
