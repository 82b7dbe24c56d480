import { describe, expect, it } from 'vitest';
import { phoneIn } from './phone';

describe('a phone number', () => {
  it('is read through its ornaments', () => {
    for (const text of ['+91 98200-00001', '0091 98200 00001', '91 (98200) 00001'])
      expect(phoneIn(text), text).toBe('+919820000001');
  });

  it('is not seen in names and short figures', () => {
    for (const text of ['Asha', 'Asha 919820000001', '12345', '', '1234567890123456'])
      expect(phoneIn(text), text).toBeNull();
  });
});
