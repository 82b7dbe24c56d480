import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import type { Member, Page, Session, SetupState } from '~/api/contract';
import { get, post, remove, setCsrfToken } from '~/api/http';
import { Problem } from '~/api/problem';
import { queryClient } from '~/api/queryClient';
import { forgetDrafts } from '~/features/messages/drafts';
import { emptyOutbox } from '~/features/messages/outbox';

function remember(session: Session): Session {
  setCsrfToken(session.csrf_token);
  return session;
}

/** The session, or null where nobody is signed in. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async (): Promise<Session | null> => {
    try {
      return remember(await get<Session>('/session'));
    } catch (error) {
      if (error instanceof Problem && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: Number.POSITIVE_INFINITY,
});

export const setupQuery = queryOptions({
  queryKey: ['setup'],
  queryFn: () => get<SetupState>('/setup'),
});

export const membersQuery = queryOptions({
  queryKey: ['members'],
  queryFn: async () => (await get<Page<Member>>('/members', { limit: 200 })).data,
  staleTime: 5 * 60_000,
});

function enter(session: Session): Session {
  queryClient.clear();
  queryClient.setQueryData(sessionQuery.queryKey, remember(session));
  return session;
}

export const signIn = async (email: string, password: string) =>
  enter(await post<Session>('/session', { email, password }));

export const signInOnce = async (token: string) => enter(await post<Session>('/session/one_time', { token }));

export interface FirstOwner {
  token: string;
  workspace_name: string;
  name: string;
  email: string;
  password: string;
}

export const setUp = async (owner: FirstOwner) => enter(await post<Session>('/setup', owner));

export async function signOut(): Promise<void> {
  await remove('/session');
  emptyOutbox();
  forgetDrafts();
  queryClient.clear();
}

/** The session of a page that only signed-in people reach. */
export function useSession(): Session {
  const { data } = useSuspenseQuery(sessionQuery);
  if (!data) throw new Error('a page behind the sign-in was drawn without a session');
  return data;
}

/** For code that must know who is asking without drawing anything. */
export function useMe(): Member {
  return useSession().member;
}
