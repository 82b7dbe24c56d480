import type { TemplateCategory } from '~/api/contract';

export const categories = ['marketing', 'utility', 'authentication'] as const satisfies TemplateCategory[];

/** The statuses that one filters by; Meta has more, and they are shown all the same. */
export const filterStatuses = ['approved', 'pending', 'rejected', 'paused', 'disabled'] as const;

/** What the address of the templates says; what is left out is everything. */
export interface TemplatesSearch {
  q?: string;
  state?: (typeof filterStatuses)[number];
  category?: TemplateCategory;
}

export function templatesSearch(search: Record<string, unknown>): TemplatesSearch {
  const state = filterStatuses.find((each) => each === search.state);
  const category = categories.find((each) => each === search.category);
  return {
    ...(typeof search.q === 'string' && search.q.trim() ? { q: search.q } : {}),
    ...(state ? { state } : {}),
    ...(category ? { category } : {}),
  };
}
