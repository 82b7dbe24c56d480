import type { HookPlan } from '~/api/contract';

/** What a generic hook begins with, to be changed by hand. */
export const planExample: HookPlan = {
  proof: { way: 'hmac_sha256', header: 'x-signature', encoding: 'hex', prefix: '' },
  mapping: {
    phone: '/customer/phone',
    name: '/customer/name',
    event_name: 'Booked',
    event_id: '/id',
    properties: { total: '/total' },
  },
};

export const sampleExample = {
  id: 'b-1042',
  customer: { phone: '+919812345678', name: 'Asha Rao' },
  total: '2847.00',
};

export const written = (value: unknown): string => JSON.stringify(value, null, 2);

/** Reads an object that somebody typed; null where it is none. */
export function readObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
