/** How far a draft is. */
import type { Template } from '~/api/contract';
import { headerOf } from '~/features/templates/variables';
import type { Campaign, Source } from '../contract';
import { type Step, steps } from '../search';

/** Whether a variable has words for everybody: a constant, or something with a fallback for who lacks it. */
export function isFilled(source: Source | undefined): boolean {
  if (!source) return false;
  return source.from === 'constant' ? source.value.trim() !== '' : source.key !== '';
}

/** The variables that nothing was chosen for. */
export const unfilled = (campaign: Campaign, template: Template): string[] =>
  template.variables.filter(({ key }) => !isFilled(campaign.variables[key])).map(({ key }) => key);

/** Whether the header of a template lacks its file or its place. */
export function lacksHeader(campaign: Campaign, template: Template): boolean {
  const format = headerOf(template);
  if (format === 'location') return !campaign.header?.location;
  return (format === 'image' || format === 'video' || format === 'document') && !campaign.header?.media_id;
}

/** Whether a step is decided; what cannot be seen without the template counts as decided. */
export function isDecided(step: Step, campaign: Campaign, template?: Template): boolean {
  switch (step) {
    case 'audience':
      return campaign.audience !== null;
    case 'message':
      return (
        campaign.number_id !== null &&
        campaign.template_id !== null &&
        (!template || (unfilled(campaign, template).length === 0 && !lacksHeader(campaign, template)))
      );
    case 'schedule':
      return campaign.schedule !== null;
    case 'trigger':
      return campaign.ongoing?.trigger !== undefined;
    default:
      return true;
  }
}

/** The first step that still needs a decision; the review when none does. */
export function firstOpen(campaign: Campaign): Step {
  return steps[campaign.kind].find((step) => !isDecided(step, campaign)) ?? 'review';
}
