import { expect, test } from 'vitest';
import { filterText } from '~/features/audience/address';
import type { Filter } from '~/features/audience/contract';
import type { Segment } from '~/features/segments/api';
import { contactsSearch } from './search';
import { askedFilter, searchFilter, viewOf, withFilter } from './view';

const vip: Filter = { all: [{ tag: 'vip' }] };
const segment = { id: 'segment_1', name: 'Regulars', filter: vip } as Segment;

test('an address is read part by part, and what does not fit is left out', () => {
  expect(
    contactsSearch({
      q: '  ',
      filter: '{"tag":"a"}',
      segment: 'segment_01abc',
      order: 'newest',
      person: 'conversation_1',
      new: 'true',
      other: 'x',
    }),
  ).toEqual({ filter: '{"tag":"a"}', segment: 'segment_01abc', new: true });
});

test('a segment shows its own filter, and what is made of it', () => {
  expect(viewOf({ segment: 'segment_1' }, [segment])).toEqual({
    segment,
    filter: vip,
    changed: false,
    gone: null,
  });
  const other: Filter = { all: [{ tag: 'vip' }, { tag: 'new' }] };
  const view = viewOf({ segment: 'segment_1', filter: filterText(other) }, [segment]);
  expect(view).toMatchObject({ filter: other, changed: true });
  expect(viewOf({ segment: 'segment_1', filter: filterText({ tag: 'vip' }) }, [segment]).changed).toBe(false);
  expect(viewOf({ segment: 'segment_9' }, [segment]).gone).toBe('segment');
  expect(viewOf({ segment: 'segment_9' }, undefined).gone).toBeNull();
  expect(viewOf({ filter: '{"tag":' }, []).gone).toBe('filter');
});

test('a change of the filter goes into the address, and back out of it where it is undone', () => {
  const plain = viewOf({}, [segment]);
  const one = withFilter({ q: 'a' }, plain, vip);
  expect(one).toEqual({ q: 'a', segment: undefined, filter: filterText(vip) });
  expect(withFilter(one, viewOf(one, []), null).filter).toBeUndefined();
  const search = { segment: 'segment_1' };
  const view = viewOf(search, [segment]);
  const emptied = withFilter(search, view, null);
  expect(emptied).toEqual({ segment: 'segment_1', filter: '{"everyone":true}' });
  expect(viewOf(emptied, [segment])).toMatchObject({ filter: null, changed: true });
  expect(withFilter(emptied, view, { tag: 'vip' }).filter).toBeUndefined();
});

test('what is searched for is asked together with the filter', () => {
  expect(askedFilter({}, viewOf({}, []))).toEqual({ everyone: true });
  expect(askedFilter({ segment: 'segment_1' }, viewOf({ segment: 'segment_1' }, [segment]))).toEqual(vip);
  const asked = askedFilter({ q: 'asha', segment: 'segment_1' }, viewOf({ segment: 'segment_1' }, [segment]));
  expect(asked).toEqual({
    all: [
      vip,
      {
        any: [
          { field: { name: 'name', is: { contains: 'asha' } } },
          { field: { name: 'email', is: { contains: 'asha' } } },
        ],
      },
    ],
  });
  expect(JSON.stringify(searchFilter('+91 (98) 765'))).toContain('"9198765"');
  expect(JSON.stringify(searchFilter('12'))).not.toContain('phone');
  expect(searchFilter('  ')).toBeNull();
});
