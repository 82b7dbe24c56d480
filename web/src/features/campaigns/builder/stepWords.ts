import type { TFunction } from 'i18next';
import type { Step } from '../search';
import type { Draft } from './useDraft';

/** What a step asks and what it is about; what goes out when something happens asks some things otherwise. */
export function stepWords(
  t: TFunction<'texts'>,
  { campaign, version }: Pick<Draft, 'campaign' | 'version'>,
  step: Step,
): { title: string; lead: string } {
  if (campaign.kind === 'ongoing' && (step === 'audience' || step === 'message' || step === 'test'))
    return { title: t(`ongoing.titles.${step}`), lead: t(`ongoing.leads.${step}`) };
  if (campaign.kind === 'ongoing' && step === 'review')
    return {
      title: t('builder.titles.review'),
      lead: t(version ? 'ongoing.leads.version' : 'ongoing.leads.review'),
    };
  return { title: t(`builder.titles.${step}`), lead: t(`builder.leads.${step}`) };
}
