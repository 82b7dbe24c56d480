import { describe, expect, it } from 'vitest';
import { cornerOf } from './place';

const room = { width: 400, height: 300 };
const layer = { width: 120, height: 100 };

describe('where a layer goes', () => {
  it('is below its anchor, at the same edge', () => {
    const anchor = { left: 50, top: 20, width: 40, height: 30 };
    expect(cornerOf(anchor, layer, room, { side: 'below', align: 'start' }, false)).toEqual({
      left: 50,
      top: 56,
    });
    expect(cornerOf(anchor, layer, room, { side: 'below', align: 'end' }, true)).toEqual({
      left: 50,
      top: 56,
    });
  });

  it('turns over where there is no room', () => {
    const low = { left: 50, top: 250, width: 40, height: 30 };
    expect(cornerOf(low, layer, room, { side: 'below', align: 'start' }, false).top).toBe(144);
    const high = { left: 50, top: 20, width: 40, height: 30 };
    expect(cornerOf(high, layer, room, { side: 'above', align: 'start' }, false).top).toBe(56);
  });

  it('never leaves the window', () => {
    const corner = { left: 390, top: 280, width: 10, height: 20 };
    const { left, top } = cornerOf(corner, layer, room, { side: 'beside', align: 'start' }, false);
    expect(left).toBe(272);
    expect(top).toBe(192);
  });
});
