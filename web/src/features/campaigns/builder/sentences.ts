/** What is decided about a draft, in sentences. */
import type { TFunction } from 'i18next';
import type { PhoneNumber, Template } from '~/api/contract';
import { fieldNames } from '~/features/audience/contract';
import { describe, fieldWords, type Names, traitWords } from '~/features/audience/words';
import { keyWords } from '~/features/contacts/given';
import { count, languageName } from '~/lib/format';
import { locale } from '~/texts/texts';
import type { Campaign, Settings, Source } from '../contract';
import { lasting } from '../figures';
import type { Step } from '../search';
import { lacksHeader, unfilled } from './progress';
import { placeName } from './sources';
import { dayWords, inZone, timeWords, zoneWords } from './zones';

type T = TFunction<'texts'>;

export interface Facts {
  number?: PhoneNumber;
  template?: Template;
  count?: number;
  names: Names;
}

export interface Sentence {
  key: string;
  step: Step;
  text: string;
  /** Still to be decided. */
  open?: boolean;
}

/** The fields that a variable may be filled with. */
export const variableFields = ['name', 'first_name', 'phone', 'email', 'country'] as const;

/** Where the words of a variable come from. `ofEvent`: what would be a list's column is a particular of the event. */
export function sourceWords(t: T, source: Source, names: Names, ofEvent = false): string {
  if (source.from === 'constant') return t('builder.says.constant', { value: source.value });
  const field = fieldNames.find((each) => each === source.key);
  const name =
    source.from === 'trait'
      ? traitWords(names.traits, source.key)
      : source.from === 'column'
        ? ofEvent
          ? t('ongoing.says.particular', { name: keyWords(source.key) })
          : t('builder.says.column', { name: source.key })
        : source.key === 'first_name'
          ? t('builder.firstName')
          : field
            ? fieldWords(t, field)
            : source.key;
  return source.fallback?.trim()
    ? t('builder.says.withFallback', { name, fallback: source.fallback.trim() })
    : name;
}

/** When it goes out. */
export function whenWords(t: T, schedule: Campaign['schedule']): string {
  if (!schedule || schedule.when === 'now') return t('builder.says.now');
  if (schedule.when === 'at')
    return t('builder.says.at', { at: inZone(schedule.at, schedule.zone), zone: zoneWords(schedule.zone) });
  return t('builder.says.local', { day: dayWords(schedule.date), time: timeWords(schedule.time) });
}

/** What keeps it from going wrong. */
export function safetyWords(t: T, settings: Settings): string[] {
  const { canary } = settings;
  return [
    settings.undo_seconds > 0
      ? t('builder.says.undo', { time: lasting(settings.undo_seconds) })
      : t('builder.says.noUndo'),
    ...(canary
      ? [
          t('builder.says.canary', {
            percent: percent(canary.percent),
            count: canary.above,
            shown: count(canary.above),
            time: lasting(canary.wait_seconds),
          }),
        ]
      : []),
    ...brakeWords(t, settings),
  ];
}

/** When it stops by itself. */
export function brakeWords(t: T, { brakes }: Settings): string[] {
  return [
    ...(brakes.failure_percent !== null || brakes.opt_out_percent !== null
      ? [
          brakes.failure_percent !== null && brakes.opt_out_percent !== null
            ? t('builder.says.brakes', {
                failed: percent(brakes.failure_percent),
                out: percent(brakes.opt_out_percent),
              })
            : brakes.failure_percent !== null
              ? t('builder.says.brakeFailed', { failed: percent(brakes.failure_percent) })
              : t('builder.says.brakeOut', { out: percent(brakes.opt_out_percent ?? 0) }),
        ]
      : []),
  ];
}

/** A share of a hundred in percent. */
export const percent = (value: number): string =>
  new Intl.NumberFormat(locale(), { style: 'percent', maximumFractionDigits: 1 }).format(value / 100);

/** What is said from which number, and what is missing of it. */
export function messageSentences(t: T, campaign: Campaign, { number, template, names }: Facts): Sentence[] {
  const step = 'message';
  const told: Sentence[] = [
    campaign.number_id
      ? { key: 'number', step, text: t('builder.says.number', { name: number?.verified_name ?? '…' }) }
      : { key: 'number', step, text: t('builder.says.noNumber'), open: true },
    campaign.template_id
      ? {
          key: 'template',
          step,
          text: t('builder.says.template', {
            name: template?.name ?? '…',
            language: template ? languageName(template.language) : '…',
            category: template ? t(`templates.categories.${template.category}`) : '…',
          }),
        }
      : { key: 'template', step, text: t('builder.says.noTemplate'), open: true },
  ];
  if (!template) return told;
  for (const variable of template.variables) {
    const { key } = variable;
    const source = campaign.variables[key];
    if (source && !unfilled(campaign, template).includes(key))
      told.push({
        key,
        step,
        text: t('builder.says.variable', {
          name: placeName(template, variable),
          source: sourceWords(t, source, names, campaign.kind === 'ongoing'),
        }),
      });
  }
  const open = unfilled(campaign, template).length;
  if (open > 0)
    told.push({ key: 'unfilled', step, text: t('builder.says.unfilled', { count: open }), open: true });
  if (lacksHeader(campaign, template))
    told.push({ key: 'header', step, text: t('builder.says.noHeader'), open: true });
  return told;
}

/** Everything that is decided, step after step, and what is not. */
export function sentences(t: T, campaign: Campaign, facts: Facts): Sentence[] {
  const { audience, schedule, settings } = campaign;
  const who = audience ? describe(t, audience, facts.names) : '';
  const quiet = schedule?.quiet;
  return [
    audience
      ? {
          key: 'audience',
          step: 'audience',
          text:
            facts.count === undefined
              ? t('builder.says.audience', { who })
              : t('builder.says.audienceCounted', {
                  who,
                  count: facts.count,
                  shown: count(facts.count),
                }),
        }
      : { key: 'audience', step: 'audience', text: t('builder.says.noAudience'), open: true },
    ...messageSentences(t, campaign, facts),
    { key: 'when', step: 'schedule', text: whenWords(t, schedule) },
    ...(quiet
      ? [
          {
            key: 'quiet',
            step: 'schedule' as const,
            text: t('builder.says.quiet', { from: timeWords(quiet.from), to: timeWords(quiet.to) }),
          },
        ]
      : []),
    ...safetyWords(t, settings).map((text, index) => ({
      key: `safety-${index}`,
      step: 'schedule' as const,
      text,
    })),
  ];
}
