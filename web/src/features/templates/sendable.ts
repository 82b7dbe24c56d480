import { queryOptions } from '@tanstack/react-query';
import type { Page, Template } from '~/api/contract';
import { get } from '~/api/http';

const PAGE = 200;
/** Nobody chooses from more than this by eye. */
const MOST_PAGES = 5;

/** The templates that may be sent now, of one WABA when it is known. */
export const sendableQuery = (wabaId: string | null) =>
  queryOptions({
    queryKey: ['templates', 'sendable', wabaId],
    queryFn: async ({ signal }) => {
      const all: Template[] = [];
      let cursor: string | null = null;
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const read: Page<Template> = await get(
          '/templates',
          { status: 'approved', waba_id: wabaId, limit: PAGE, cursor },
          signal,
        );
        all.push(...read.data);
        cursor = read.next_cursor;
        if (!cursor) break;
      }
      return all.filter((each) => each.sendable);
    },
    staleTime: 5 * 60_000,
  });
