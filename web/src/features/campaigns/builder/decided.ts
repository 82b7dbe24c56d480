import type { TFunction } from 'i18next';
import type { Campaign } from '../contract';
import { ongoingSentences } from '../ongoing/sentences';
import { type Facts, type Sentence, sentences } from './sentences';

/** What is decided about a campaign of either kind, in sentences, and what is not. */
export const decided = (t: TFunction<'texts'>, campaign: Campaign, facts: Facts): Sentence[] =>
  campaign.ongoing ? ongoingSentences(t, campaign, campaign.ongoing, facts) : sentences(t, campaign, facts);
