import type { TemplateCategory } from '~/api/contract';

export const categories = ['marketing', 'utility', 'authentication'] as const satisfies TemplateCategory[];

/** The statuses that one filters by; Meta has more, and they are shown all the same. */
export const filterStatuses = ['draft', 'pending', 'approved', 'rejected', 'paused', 'disabled'] as const;

/** What the address of the templates says; what is left out is everything. */
export interface TemplatesSearch {
  q?: string;
  state?: (typeof filterStatuses)[number];
  category?: TemplateCategory;
  language?: string;
  /** Meta's id of a WABA. */
  waba?: string;
  /** Pictures instead of lines. */
  as?: 'gallery';
}

const word = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() ? value : undefined;

export function templatesSearch(search: Record<string, unknown>): TemplatesSearch {
  const found: TemplatesSearch = {
    q: word(search.q),
    state: filterStatuses.find((each) => each === search.state),
    category: categories.find((each) => each === search.category),
    language: word(search.language),
    waba: word(search.waba),
    as: search.as === 'gallery' ? 'gallery' : undefined,
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

/** Whether anything is left out of the list. */
export const isNarrowed = ({ as: _, ...search }: TemplatesSearch): boolean => Object.keys(search).length > 0;
