/** An on-going campaign in plain words: what starts it, for whom, after how long, with what. */
import type { TFunction } from 'i18next';
import { clause, type Names, particularWords, traitWords } from '~/features/audience/words';
import { locale } from '~/texts/texts';
import { brakeWords, type Facts, messageSentences, percent, type Sentence } from '../builder/sentences';
import { timeWords } from '../builder/zones';
import type { Campaign, Settings } from '../contract';
import { lasting } from '../figures';
import type { Delay, Happening, Ongoing, Reentry, Trigger } from './contract';

type T = TFunction<'texts'>;

const HOUR = 3600;

/** “Cart Left” with total at least 100. */
const happening = (t: T, { name, where = [] }: Happening): string =>
  where.length > 0
    ? t('ongoing.says.particulars', { name, particulars: particularWords(t, where) })
    : t('audience.quoted', { text: name });

/** What starts it, as a sentence. */
export function triggerWords(t: T, trigger: Trigger, names: Names): string {
  if ('event' in trigger) return t('ongoing.says.event', { event: happening(t, trigger.event) });
  if ('contact_created' in trigger) return t('ongoing.says.contactCreated');
  if ('trait_changed' in trigger)
    return t('ongoing.says.traitChanged', { name: traitWords(names.traits, trigger.trait_changed.trait) });
  if ('tag_added' in trigger) return t('ongoing.says.tagAdded', { tag: trigger.tag_added.tag });
  if ('tag_removed' in trigger) return t('ongoing.says.tagRemoved', { tag: trigger.tag_removed.tag });
  if ('segment_entered' in trigger)
    return t('ongoing.says.segmentEntered', {
      name: names.segment(trigger.segment_entered.segment_id) ?? t('audience.someSegment'),
    });
  const { trait, offset_days: offset = 0, at, yearly } = trigger.date;
  const words = { name: traitWords(names.traits, trait), time: timeWords(at), count: Math.abs(offset) };
  const day =
    offset < 0
      ? t('ongoing.says.daysBefore', words)
      : offset > 0
        ? t('ongoing.says.daysAfter', words)
        : t('ongoing.says.onTheDay', words);
  return yearly ? t('ongoing.says.yearly', { day }) : day;
}

/** What began a run, in a few words for a list. */
export function happenedWords(t: T, trigger: Trigger, names: Names): string {
  if ('event' in trigger) return trigger.event.name;
  if ('contact_created' in trigger) return t('ongoing.happened.contactCreated');
  if ('trait_changed' in trigger)
    return t('ongoing.happened.traitChanged', {
      name: traitWords(names.traits, trigger.trait_changed.trait),
    });
  if ('tag_added' in trigger) return t('ongoing.happened.tagAdded', { tag: trigger.tag_added.tag });
  if ('tag_removed' in trigger) return t('ongoing.happened.tagRemoved', { tag: trigger.tag_removed.tag });
  if ('date' in trigger) return traitWords(names.traits, trigger.date.trait);
  return names.segment(trigger.segment_entered.segment_id) ?? t('audience.someSegment');
}

/** Days, hours and minutes as people say them; empty for none. */
function spanOf({ days, hours, minutes }: Delay): string {
  const unit = (value: number, name: 'day' | 'hour' | 'minute') =>
    value > 0
      ? [new Intl.NumberFormat(locale(), { style: 'unit', unit: name, unitDisplay: 'long' }).format(value)]
      : [];
  return new Intl.ListFormat(locale(), { type: 'conjunction' }).format([
    ...unit(days, 'day'),
    ...unit(hours, 'hour'),
    ...unit(minutes, 'minute'),
  ]);
}

const waits = (delay: Delay): boolean => Boolean(delay.at) || spanOf(delay) !== '';

/** When the message is due, as a sentence. */
export function delayWords(t: T, delay: Delay): string {
  const span = spanOf(delay);
  const clock = delay.at ? timeWords(delay.at) : '';
  if (clock) return span ? t('ongoing.says.laterAt', { span, clock }) : t('ongoing.says.at', { clock });
  return span ? t('ongoing.says.later', { span }) : t('ongoing.says.atOnce');
}

/** Who may run again, as a sentence. */
export function reentryWords(t: T, reentry: Reentry): string {
  if (reentry === 'never') return t('ongoing.says.never');
  return reentry === 'each'
    ? t('ongoing.says.each')
    : t('ongoing.says.afterDays', { count: reentry.after_days });
}

/** What must not happen meanwhile, as a sentence. */
export const unlessWords = (t: T, unless: NonNullable<Ongoing['unless']>): string =>
  t('ongoing.says.unless', {
    event: happening(t, unless.event),
    time: lasting(unless.within_hours * HOUR),
  });

/** Who it is for, as a sentence. */
export const whoWords = (t: T, audience: NonNullable<Campaign['audience']>, names: Names): string =>
  'everyone' in audience
    ? t('ongoing.says.everyone')
    : t('ongoing.says.only', { clause: clause(t, audience, names) });

/** What else is tried, and who gets nothing. */
export const triedWords = (t: T, { variants, holdout_percent: held }: Ongoing): string[] => [
  ...variants.map(({ name, share }) => t('ongoing.says.variant', { name, share: percent(share) })),
  ...(held > 0 ? [t('ongoing.says.holdout', { share: percent(held) })] : []),
];

/** What counts, and what holds it back. */
export const limitWords = (t: T, settings: Settings): string[] => [
  ...settings.goals
    .filter(({ event }) => event.trim() !== '')
    .map(({ event, within_hours: hours }) => t('ongoing.says.goal', { event, time: lasting(hours * HOUR) })),
  ...(settings.cap
    ? [
        t('ongoing.says.cap', {
          messages: t('ongoing.says.capMessages', { count: settings.cap.messages }),
          days: t('ongoing.says.capDays', { count: settings.cap.days }),
        }),
      ]
    : []),
  ...brakeWords(t, settings),
];

/** Everything that is decided about an on-going campaign, step after step, and what is not. */
export function ongoingSentences(t: T, campaign: Campaign, ongoing: Ongoing, facts: Facts): Sentence[] {
  const { trigger, unless } = ongoing;
  const quiet = campaign.schedule?.quiet;
  const timing = (key: string, text: string): Sentence => ({ key, step: 'timing', text });
  return [
    trigger
      ? { key: 'trigger', step: 'trigger', text: triggerWords(t, trigger, facts.names) }
      : { key: 'trigger', step: 'trigger', text: t('ongoing.says.noTrigger'), open: true },
    campaign.audience
      ? { key: 'audience', step: 'audience', text: whoWords(t, campaign.audience, facts.names) }
      : { key: 'audience', step: 'audience', text: t('builder.says.noAudience'), open: true },
    { key: 'reentry', step: 'audience', text: reentryWords(t, ongoing.reentry) },
    // Whoever waits for what does not happen does not send at once.
    ...(unless && !waits(ongoing.delay) ? [] : [timing('delay', delayWords(t, ongoing.delay))]),
    ...(unless ? [timing('unless', unlessWords(t, unless))] : []),
    ...(quiet
      ? [timing('quiet', t('builder.says.quiet', { from: timeWords(quiet.from), to: timeWords(quiet.to) }))]
      : []),
    timing('late', t('ongoing.says.late', { time: lasting(ongoing.late_after_hours * HOUR) })),
    ...messageSentences(t, campaign, facts),
    ...triedWords(t, ongoing).map((text, at): Sentence => ({ key: `tried-${at}`, step: 'message', text })),
    ...limitWords(t, campaign.settings).map(
      (text, at): Sentence => ({ key: `limit-${at}`, step: 'limits', text }),
    ),
  ];
}
