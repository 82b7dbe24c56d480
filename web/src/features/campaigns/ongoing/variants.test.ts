import { expect, test } from 'vitest';
import type { Campaign } from '../contract';
import type { Variant } from './contract';
import { addedVariant, asOwn, editedVariant, isOwnName, mostShare, restShare } from './variants';

const b: Variant = { name: 'B', share: 30, template_id: 'template_2', variables: {} };

test('one more message has half of what the first had, and the first keeps something', () => {
  const two = addedVariant([b], 'C', 'template_3', {});
  expect(two.map(({ share }) => share)).toEqual([30, 35]);
  expect(restShare(two)).toBe(35);
  expect(mostShare(two, 0)).toBe(64);
  expect(mostShare(two, 1)).toBe(69);
});

test('a name tells a message from the others', () => {
  expect(isOwnName([b], 0, 'B')).toBe(true);
  expect(isOwnName([b, { ...b, name: 'C' }], 1, ' B ')).toBe(false);
  expect(isOwnName([b], 0, ' ')).toBe(false);
});

test('a further message is edited as if it were the campaign’s own', () => {
  const campaign = { template_id: 'template_1', variables: { x: {} }, header: null } as unknown as Campaign;
  const own = asOwn(campaign, { ...b, header: { media_id: 'media_1' } });
  expect(own).toMatchObject({ template_id: 'template_2', variables: {}, header: { media_id: 'media_1' } });
  expect(editedVariant({ ...b, header: { media_id: 'media_1' } }, { header: null })).toEqual(b);
  const variables = { 'body.1': { from: 'constant', value: 'hello' } } as const;
  expect(editedVariant(b, { variables })).toEqual({ ...b, variables });
});
