import type { TFunction } from 'i18next';
import type { Variant } from './contract';

/** What a message is called by its number: 0 the campaign's own, 1 the first of the others; null for none. */
export function armWords(
  t: TFunction<'texts'>,
  no: number | null | undefined,
  variants: Pick<Variant, 'name'>[],
): string {
  if (no === null || no === undefined) return t('ongoing.arms.none');
  if (no === 0) return t(variants.length > 0 ? 'ongoing.arms.own' : 'ongoing.arms.only');
  return variants[no - 1]?.name ?? t('ongoing.arms.gone');
}
