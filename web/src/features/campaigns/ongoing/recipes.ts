/**
 * On-going campaigns that shops begin with. Their events are those that a shop's hook tells; a program that tells
 * others changes the name in the first step. What they say is chosen afterwards.
 */
import { createCampaign, deleteCampaign, editCampaign } from '../api';
import type { Campaign, Goal } from '../contract';
import type { Ongoing } from './contract';
import { usualOngoing } from './useOngoing';

/** What is filled in of a new campaign. */
export type Recipe = { ongoing: Partial<Ongoing>; goals?: Goal[] };

const on = (name: string): Partial<Ongoing> => ({ trigger: { event: { name } } });
const bought: Goal = { event: 'order_placed', within_hours: 72 };

/** Those that are there, in the order of a customer's way through a shop. */
export const recipes = {
  welcome: { ongoing: { trigger: { contact_created: true }, reentry: 'never' } },
  cart_left: {
    ongoing: {
      ...on('checkout_started'),
      unless: { event: { name: 'order_placed' }, within_hours: 2 },
      reentry: { after_days: 7 },
    },
    goals: [bought],
  },
  order_confirmed: { ongoing: on('order_placed') },
  payment_received: { ongoing: on('order_paid') },
  shipped: { ongoing: on('order_shipped') },
} satisfies Record<string, Recipe>;

export type RecipeName = keyof typeof recipes;
export const recipeNames = Object.keys(recipes) as RecipeName[];

/** Makes an on-going draft as a recipe says. One that cannot be filled in is not left behind. */
export async function createFrom(recipe: RecipeName, name: string): Promise<Campaign> {
  const made = await createCampaign(name, 'ongoing');
  const { ongoing, goals }: Recipe = recipes[recipe];
  try {
    return await editCampaign(made.id, made.version, {
      ongoing: { ...usualOngoing, ...ongoing },
      settings: { ...made.settings, goals: goals ?? [] },
    });
  } catch (error) {
    await deleteCampaign(made.id);
    throw error;
  }
}
