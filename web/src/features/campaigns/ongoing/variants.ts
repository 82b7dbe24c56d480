/** The further messages of an on-going campaign: added, changed, taken out, and their shares. */
import type { Campaign, CampaignEdit, Sources } from '../contract';
import type { Variant } from './contract';

/** More the server does not take. */
export const MOST_VARIANTS = 4;
/** The first message keeps at least one of a hundred. */
const ALL_BUT_ONE = 99;

/** What the first message has left of a hundred. */
export const restShare = (variants: Variant[]): number =>
  100 - variants.reduce((sum, { share }) => sum + share, 0);

/** The most that a message may have without taking from another but the first. */
export const mostShare = (variants: Variant[], at: number): number =>
  ALL_BUT_ONE - variants.reduce((sum, { share }, no) => (no === at ? sum : sum + share), 0);

/** With one more, which has half of what the first had. */
export function addedVariant(
  variants: Variant[],
  name: string,
  template_id: string,
  variables: Sources,
): Variant[] {
  const share = Math.max(1, Math.floor(restShare(variants) / 2));
  return [...variants, { name, share, template_id, variables }];
}

/** Whether a name tells a message from the others. */
export const isOwnName = (variants: Variant[], at: number, name: string): boolean =>
  name.trim() !== '' && !variants.some((each, no) => no !== at && each.name.trim() === name.trim());

/** A campaign as if a further message were its own, for what shows and edits one message. */
export const asOwn = (campaign: Campaign, { template_id, variables, header }: Variant): Campaign => ({
  ...campaign,
  template_id,
  variables,
  header: header ?? null,
});

/** A further message after an edit that was made as if it were the campaign's own. */
export function editedVariant(variant: Variant, edit: CampaignEdit): Variant {
  const { header: before, ...rest } = variant;
  const header = 'header' in edit ? edit.header : before;
  return {
    ...rest,
    ...(edit.template_id ? { template_id: edit.template_id } : {}),
    ...(edit.variables ? { variables: edit.variables } : {}),
    ...(header ? { header } : {}),
  };
}
