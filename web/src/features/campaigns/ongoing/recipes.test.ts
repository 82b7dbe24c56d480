import { expect, test } from 'vitest';
import { recipeNames, recipes } from './recipes';
import { kindOfTrigger } from './trigger';

test('each ready-made campaign says what starts it', () => {
  const starts = recipeNames.map((name) => [name, kindOfTrigger(recipes[name].ongoing.trigger)]);
  expect(Object.fromEntries(starts)).toEqual({
    welcome: 'contact_created',
    cart_left: 'event',
    order_confirmed: 'event',
    payment_received: 'event',
    shipped: 'event',
  });
});

test('a cart that became an order is not reminded of', () => {
  expect(recipes.cart_left.ongoing.unless.event.name).toBe('order_placed');
  expect(recipes.cart_left.goals[0]?.event).toBe('order_placed');
});
