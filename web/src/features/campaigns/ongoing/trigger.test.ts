import { expect, test } from 'vitest';
import type { Trigger } from './contract';
import { mayEnrol, mayTry, triggerForm, triggerOf } from './trigger';

const all: Trigger[] = [
  { event: { name: 'Order Placed', where: [{ key: 'total', is: { gte: 100 } }], from_web: true } },
  { event: { name: 'Cart Left' } },
  { contact_created: true },
  { trait_changed: { trait: 'plan' } },
  { tag_added: { tag: 'VIP' } },
  { tag_removed: { tag: 'VIP' } },
  { date: { trait: 'birthday', offset_days: -3, at: '09:00', yearly: true } },
  { segment_entered: { segment_id: 'segment_1' } },
];

test.each(all)('what is stored is the same after it was edited: %j', (trigger) => {
  expect(triggerOf(triggerForm(trigger))).toEqual(trigger);
});

test('what is not finished is not stored', () => {
  expect(triggerOf(triggerForm(undefined))).toBeNull();
  for (const kind of ['event', 'trait_changed', 'tag_added', 'date', 'segment_entered'] as const)
    expect(triggerOf({ ...triggerForm(undefined), kind })).toBeNull();
  expect(triggerOf({ ...triggerForm(undefined), kind: 'contact_created' })).toEqual({
    contact_created: true,
  });
});

test('a condition that is not finished is left out, and the name is without blanks around it', () => {
  const form = triggerForm({ event: { name: ' Order Placed ' } });
  const where = [{ id: 'line-1', key: 'total', op: 'gte' as const, value: undefined }];
  expect(triggerOf({ ...form, event: { ...form.event, where } })).toEqual({
    event: { name: 'Order Placed' },
  });
});

test('who can be in already, and what past is kept', () => {
  expect(all.filter(mayEnrol).map((each) => Object.keys(each)[0])).toEqual([
    'contact_created',
    'tag_added',
    'segment_entered',
  ]);
  expect(all.filter(mayTry).map((each) => Object.keys(each)[0])).toEqual([
    'event',
    'event',
    'contact_created',
  ]);
});
