import { describe, expect, it } from 'vitest';
import { copyable, formFields, orderSums } from './content';

describe('contents', () => {
  it('adds up an order, each currency for itself', () => {
    const item = (currency: string, item_price: number | string, quantity: number | string) => ({
      currency,
      item_price,
      quantity,
    });
    expect(
      orderSums({ product_items: [item('INR', '250.5', 2), item('INR', 100, '1'), item('USD', 3, 1)] }),
    ).toEqual([
      { currency: 'INR', amount: 601 },
      { currency: 'USD', amount: 3 },
    ]);
    expect(orderSums({ product_items: [{ currency: 'INR' }] })).toEqual([]);
  });

  it('reads a form whether it comes as JSON or as an object', () => {
    const wanted = [{ name: 'first name', value: 'Asha' }];
    expect(formFields('{"first_name":"Asha","flow_token":"x"}')).toEqual(wanted);
    expect(formFields({ first_name: 'Asha', empty: null })).toEqual(wanted);
    expect(formFields('no json')).toEqual([{ name: '', value: 'no json' }]);
    expect(formFields(undefined)).toEqual([]);
  });

  it('copies words, whatever they are called', () => {
    expect(copyable('text', { body: 'a' })).toBe('a');
    expect(copyable('image', { caption: 'b' })).toBe('b');
    expect(copyable('interactive', { body: { text: 'c' } })).toBe('c');
    expect(copyable('sticker', {})).toBe('');
  });
});
