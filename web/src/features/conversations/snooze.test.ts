import { describe, expect, it } from 'vitest';
import { laters } from './snooze';

describe('later', () => {
  it('is in some hours, tomorrow morning and next Monday', () => {
    const [hours, tomorrow, week] = laters(new Date(2026, 2, 4, 22, 40));
    expect(hours?.at).toEqual(new Date(2026, 2, 5, 1, 0));
    expect(tomorrow?.at).toEqual(new Date(2026, 2, 5, 9, 0));
    expect(week?.at).toEqual(new Date(2026, 2, 9, 9, 0));
  });

  it('is the Monday after on a Monday, and tomorrow on a Sunday', () => {
    expect(laters(new Date(2026, 2, 9, 8, 0))[2]?.at).toEqual(new Date(2026, 2, 16, 9, 0));
    expect(laters(new Date(2026, 2, 8, 8, 0))[2]?.at).toEqual(new Date(2026, 2, 9, 9, 0));
  });
});
