/** What starts a campaign as one edits it, with what was entered for each kind, and as it is stored. */
import { type Property, propertiesOf, propertyTests } from '~/features/audience/tree';
import type { Happening, Trigger } from './contract';

export const triggerKinds = [
  'event',
  'contact_created',
  'trait_changed',
  'tag_added',
  'tag_removed',
  'date',
  'segment_entered',
] as const;
export type TriggerKind = (typeof triggerKinds)[number];

/** An event as one chooses it. */
export type HappeningForm = { name: string; where: Property[] };

export type TriggerForm = {
  kind: TriggerKind | null;
  event: HappeningForm & { fromWeb: boolean };
  trait: string;
  tag: string;
  /** Days before it are negative. */
  date: { trait: string; offset: number; at: string; yearly: boolean };
  segment: string;
};

const blank: TriggerForm = {
  kind: null,
  event: { name: '', where: [], fromWeb: false },
  trait: '',
  tag: '',
  date: { trait: '', offset: 0, at: '09:00', yearly: true },
  segment: '',
};

/** An event as one edits it. */
export const happeningForm = ({ name, where }: Happening): HappeningForm => ({
  name,
  where: propertiesOf(where ?? []),
});

/** The event that is meant; null while it has no name. */
export function happeningOf({ name, where }: HappeningForm): Happening | null {
  const tests = propertyTests(where);
  return name.trim() ? { name: name.trim(), ...(tests.length > 0 ? { where: tests } : {}) } : null;
}

/** The kind of what is stored. */
export const kindOfTrigger = (trigger: Trigger | undefined): TriggerKind | null =>
  triggerKinds.find((each) => trigger && each in trigger) ?? null;

/** What is stored, as one edits it. */
export function triggerForm(trigger: Trigger | undefined): TriggerForm {
  const form = { ...blank, kind: kindOfTrigger(trigger) };
  if (!trigger || 'contact_created' in trigger) return form;
  if ('event' in trigger)
    return { ...form, event: { ...happeningForm(trigger.event), fromWeb: trigger.event.from_web === true } };
  if ('trait_changed' in trigger) return { ...form, trait: trigger.trait_changed.trait };
  if ('tag_added' in trigger) return { ...form, tag: trigger.tag_added.tag };
  if ('tag_removed' in trigger) return { ...form, tag: trigger.tag_removed.tag };
  if ('segment_entered' in trigger) return { ...form, segment: trigger.segment_entered.segment_id };
  const { trait, offset_days: offset = 0, at, yearly = false } = trigger.date;
  return { ...form, date: { trait, offset, at, yearly } };
}

/** What is stored of what one edits; null while a part of it is missing. */
export function triggerOf(form: TriggerForm): Trigger | null {
  switch (form.kind) {
    case null:
      return null;
    case 'event': {
      const event = happeningOf(form.event);
      return event && { event: { ...event, ...(form.event.fromWeb ? { from_web: true } : {}) } };
    }
    case 'contact_created':
      return { contact_created: true };
    case 'trait_changed':
      return form.trait ? { trait_changed: { trait: form.trait } } : null;
    case 'tag_added':
      return form.tag.trim() ? { tag_added: { tag: form.tag.trim() } } : null;
    case 'tag_removed':
      return form.tag.trim() ? { tag_removed: { tag: form.tag.trim() } } : null;
    case 'segment_entered':
      return form.segment ? { segment_entered: { segment_id: form.segment } } : null;
    case 'date': {
      const { trait, offset, at, yearly } = form.date;
      return trait && at ? { date: { trait, offset_days: offset, at, yearly } } : null;
    }
  }
}

/** Whether somebody can be in already when it starts: then one chooses whether they run as well. */
export const mayEnrol = (trigger: Trigger | undefined): boolean => {
  const kind = kindOfTrigger(trigger);
  return kind === 'segment_entered' || kind === 'contact_created' || kind === 'tag_added';
};

/** Whether what happened before is kept, so that the past can be asked. */
export const mayTry = (trigger: Trigger | undefined): boolean => {
  const kind = kindOfTrigger(trigger);
  return kind === 'event' || kind === 'contact_created';
};
