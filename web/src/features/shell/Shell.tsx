import { useIsFetching, useQuery } from '@tanstack/react-query';
import { Outlet, useMatchRoute } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { countsQuery } from '~/features/conversations/api';
import { startOutbox } from '~/features/messages/outbox';
import { useShortcut } from '~/features/shortcuts/useShortcut';
import { useWaitingTitle } from '~/lib/title';
import { BottomBar } from './BottomBar';
import { ConnectionNotice } from './ConnectionNotice';
import { overlays, useOverlay } from './overlays';
import { Rail } from './Rail';
import classes from './Shell.module.css';
import { useLive } from './useLive';

const NewChat = lazy(() => import('~/features/contacts/NewChat'));
const Palette = lazy(() => import('~/features/palette/Palette'));
const ShortcutsSheet = lazy(() => import('~/features/shortcuts/ShortcutsSheet'));

/** The frame of every page behind the sign-in: the doors, the live socket and what floats above. */
export function Shell() {
  useLive();
  useWaitingTitle(useQuery(countsQuery).data?.unread ?? 0);
  useEffect(() => startOutbox(), []);
  const overlay = useOverlay();
  const [opened, setOpened] = useState({ palette: false, shortcuts: false, newChat: false });
  // A sheet stays mounted once it was opened, so that it can close with its motion.
  useEffect(() => {
    if (overlay) setOpened((old) => (old[overlay] ? old : { ...old, [overlay]: true }));
  }, [overlay]);
  useShortcut('palette', () => overlays.open('palette'));
  useShortcut('shortcuts', () => overlays.open('shortcuts'));
  // What has never been there yet; a look for news behind what is shown is nobody's concern.
  const awaited = useIsFetching({ predicate: ({ state }) => state.status === 'pending' }) > 0;
  const match = useMatchRoute();
  const inThread = Boolean(match({ to: '/inbox/$conversationId' }));
  // The same key makes what the page is about: see the lists of campaigns and of contacts.
  const makesItsOwn = match({ to: '/campaigns' }) || match({ to: '/contacts' });
  useShortcut('newChat', () => overlays.open('newChat'), !makesItsOwn);
  return (
    <div className={classes.shell} data-thread={inThread || undefined}>
      <Rail />
      <main className={classes.page} aria-busy={awaited}>
        <ConnectionNotice />
        <Outlet />
      </main>
      <BottomBar />
      <Suspense fallback={null}>{opened.newChat ? <NewChat /> : null}</Suspense>
      <Suspense fallback={null}>{opened.palette ? <Palette /> : null}</Suspense>
      <Suspense fallback={null}>{opened.shortcuts ? <ShortcutsSheet /> : null}</Suspense>
    </div>
  );
}
