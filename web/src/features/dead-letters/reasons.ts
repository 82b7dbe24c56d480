import type { TFunction } from 'i18next';

const known = ['unknown_route', 'unreadable', 'unknown_shape', 'unsupported', 'failed'] as const;

const reasonOf = (reason: string) => known.find((each) => each === reason) ?? 'other';

/** Why it could not be applied, in a few words. */
export const reasonTitle = (t: TFunction<'texts'>, reason: string): string =>
  t(`deadLetters.reasons.${reasonOf(reason)}.title`);

/** What that means and what helps before a replay. */
export const reasonAdvice = (t: TFunction<'texts'>, reason: string): string =>
  t(`deadLetters.reasons.${reasonOf(reason)}.advice`);

/** Indented when it is JSON, as it is when it is not (a long one is cut off by the server). */
export function readable(preview: string): string {
  try {
    return JSON.stringify(JSON.parse(preview), null, 2);
  } catch {
    return preview;
  }
}
