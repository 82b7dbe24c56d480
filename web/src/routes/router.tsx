import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { whenSignedOut } from '~/api/http';
import { queryClient } from '~/api/queryClient';
import { callsSearch } from '~/features/calls/search';
import { campaignsSearch, reportSearch } from '~/features/campaigns/search';
import { contactsSearch } from '~/features/contacts/search';
import { InboxPage } from '~/features/conversations/InboxPage';
import { NothingOpen } from '~/features/conversations/NothingOpen';
import { PaneSkeleton } from '~/features/conversations/PaneSkeleton';
import { inboxSearch } from '~/features/conversations/search';
import { deadLettersSearch } from '~/features/dead-letters/search';
import { endpointSearch } from '~/features/endpoints/search';
import { sessionQuery, setupQuery } from '~/features/session/api';
import { groupsFor } from '~/features/settings/sections';
import { NotFound, PageFailed, Starting } from '~/features/shell/Fallbacks';
import { Shell } from '~/features/shell/Shell';
import { templatesSearch } from '~/features/templates/search';

const text = (value: unknown): string | undefined => (typeof value === 'string' && value ? value : undefined);
/** Only a path of ours may be returned to after signing in. */
const ownPath = (value: unknown): string | undefined => {
  const path = text(value);
  return path?.startsWith('/') && !path.startsWith('//') && !path.startsWith('/\\') ? path : undefined;
};

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search): { next?: string } => ({ next: ownPath(search.next) }),
  component: lazyRouteComponent(() => import('~/features/session/SignInPage'), 'SignInPage'),
});

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: (search): { token: string } => ({ token: text(search.token) ?? '' }),
  component: lazyRouteComponent(() => import('~/features/session/OneTimePage'), 'OneTimePage'),
});

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  beforeLoad: async () => {
    const { needed } = await queryClient.fetchQuery(setupQuery);
    if (!needed) throw redirect({ to: '/sign-in' });
  },
  component: lazyRouteComponent(() => import('~/features/session/SetupPage'), 'SetupPage'),
});

const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: async ({ location }) => {
    if (await queryClient.ensureQueryData(sessionQuery)) return;
    const { needed } = await queryClient.fetchQuery(setupQuery);
    if (needed) throw redirect({ to: '/setup' });
    const next = location.href === '/' || location.href === '/inbox' ? undefined : location.href;
    throw redirect({ to: '/sign-in', search: { next } });
  },
  component: Shell,
});

const home = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/inbox', replace: true });
  },
});

const inbox = createRoute({
  getParentRoute: () => signedIn,
  path: '/inbox',
  validateSearch: inboxSearch,
  component: InboxPage,
});

const inboxNothing = createRoute({ getParentRoute: () => inbox, path: '/', component: NothingOpen });
const inboxConversation = createRoute({
  getParentRoute: () => inbox,
  path: '$conversationId',
  component: lazyRouteComponent(
    () => import('~/features/conversations/ConversationPage'),
    'ConversationPage',
  ),
  pendingComponent: PaneSkeleton,
});

const contacts = createRoute({ getParentRoute: () => signedIn, path: '/contacts' });

const contactList = createRoute({
  getParentRoute: () => contacts,
  path: '/',
  validateSearch: contactsSearch,
  component: lazyRouteComponent(() => import('~/features/contacts/ContactsPage'), 'ContactsPage'),
});

const contactImport = createRoute({
  getParentRoute: () => contacts,
  path: 'import',
  component: lazyRouteComponent(() => import('~/features/contacts/ImportPage'), 'ImportPage'),
});

const campaigns = createRoute({ getParentRoute: () => signedIn, path: '/campaigns' });

const campaignList = createRoute({
  getParentRoute: () => campaigns,
  path: '/',
  validateSearch: campaignsSearch,
  component: lazyRouteComponent(() => import('~/features/campaigns/CampaignsPage'), 'CampaignsPage'),
});

const campaignReport = createRoute({
  getParentRoute: () => campaigns,
  path: '$campaignId',
  validateSearch: reportSearch,
  component: lazyRouteComponent(() => import('~/features/campaigns/report/ReportPage'), 'ReportPage'),
});

/** Without a step the draft goes on where something is still to be decided. */
const campaignEdit = createRoute({
  getParentRoute: () => campaigns,
  path: '$campaignId/edit',
  component: lazyRouteComponent(() => import('~/features/campaigns/builder/ResumePage'), 'ResumePage'),
});

const campaignStep = createRoute({
  getParentRoute: () => campaigns,
  path: '$campaignId/edit/$step',
  component: lazyRouteComponent(() => import('~/features/campaigns/builder/BuilderPage'), 'BuilderPage'),
});

const settings = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings',
  component: lazyRouteComponent(() => import('~/features/settings/SettingsPage'), 'SettingsPage'),
});

/** On a phone the list of the pages; elsewhere it stands beside them, so the first one opens. */
const settingsHome = createRoute({
  getParentRoute: () => settings,
  path: '/',
  beforeLoad: async () => {
    const session = await queryClient.ensureQueryData(sessionQuery);
    const first = groupsFor(session?.permissions ?? [])[0]?.sections[0];
    if (first && matchMedia('(min-width: 721px)').matches) throw redirect({ to: first.to, replace: true });
  },
  component: lazyRouteComponent(() => import('~/features/settings/SettingsPage'), 'SettingsHome'),
});

const numbers = createRoute({
  getParentRoute: () => settings,
  path: 'numbers',
  component: lazyRouteComponent(() => import('~/features/numbers/NumbersPage'), 'NumbersPage'),
});

/** Where they were before; what somebody kept still leads there. */
const oldTemplates = createRoute({
  getParentRoute: () => settings,
  path: 'templates/$',
  beforeLoad: ({ params }) => {
    const { _splat: templateId } = params;
    throw templateId
      ? redirect({ to: '/templates/$templateId', params: { templateId }, replace: true })
      : redirect({ to: '/templates', replace: true });
  },
});

const members = createRoute({
  getParentRoute: () => settings,
  path: 'members',
  component: lazyRouteComponent(() => import('~/features/members/MembersPage'), 'MembersPage'),
});

const optOut = createRoute({
  getParentRoute: () => settings,
  path: 'opt-out',
  component: lazyRouteComponent(
    () => import('~/features/confirmations/ConfirmationsPage'),
    'ConfirmationsPage',
  ),
});

const apiKeys = createRoute({
  getParentRoute: () => settings,
  path: 'api-keys',
  component: lazyRouteComponent(() => import('~/features/api-keys/ApiKeysPage'), 'ApiKeysPage'),
});

const webhook = createRoute({
  getParentRoute: () => settings,
  path: 'webhook',
  component: lazyRouteComponent(() => import('~/features/apps/WebhookPage'), 'WebhookPage'),
});

const hooks = createRoute({
  getParentRoute: () => settings,
  path: 'hooks',
  component: lazyRouteComponent(() => import('~/features/hooks/HooksPage'), 'HooksPage'),
});

const endpoints = createRoute({
  getParentRoute: () => settings,
  path: 'endpoints',
  component: lazyRouteComponent(() => import('~/features/endpoints/EndpointsPage'), 'EndpointsPage'),
});

const endpoint = createRoute({
  getParentRoute: () => settings,
  path: 'endpoints/$endpointId',
  validateSearch: endpointSearch,
  component: lazyRouteComponent(() => import('~/features/endpoints/EndpointPage'), 'EndpointPage'),
});

const calls = createRoute({
  getParentRoute: () => settings,
  path: 'calls',
  validateSearch: callsSearch,
  component: lazyRouteComponent(() => import('~/features/calls/CallsPage'), 'CallsPage'),
});

const deadLetters = createRoute({
  getParentRoute: () => settings,
  path: 'dead-letters',
  validateSearch: deadLettersSearch,
  component: lazyRouteComponent(() => import('~/features/dead-letters/DeadLettersPage'), 'DeadLettersPage'),
});

const templates = createRoute({
  getParentRoute: () => signedIn,
  path: '/templates',
  validateSearch: templatesSearch,
  component: lazyRouteComponent(() => import('~/features/templates/TemplatesLayout'), 'TemplatesLayout'),
});

const templateList = createRoute({
  getParentRoute: () => templates,
  path: '/',
  component: lazyRouteComponent(() => import('~/features/templates/TemplatesPage'), 'TemplatesPage'),
});

const templateNew = createRoute({
  getParentRoute: () => templates,
  path: 'new',
  component: lazyRouteComponent(() => import('~/features/templates/editor/EditorPage'), 'NewTemplatePage'),
});

const template = createRoute({
  getParentRoute: () => templates,
  path: '$templateId',
  component: lazyRouteComponent(() => import('~/features/templates/TemplatePage'), 'TemplatePage'),
});

const templateEdit = createRoute({
  getParentRoute: () => templates,
  path: '$templateId/edit',
  component: lazyRouteComponent(() => import('~/features/templates/editor/EditorPage'), 'EditTemplatePage'),
});

const tree = root.addChildren([
  signIn,
  login,
  setup,
  signedIn.addChildren([
    home,
    inbox.addChildren([inboxNothing, inboxConversation]),
    templates.addChildren([templateList, templateNew, template, templateEdit]),
    contacts.addChildren([contactList, contactImport]),
    campaigns.addChildren([campaignList, campaignReport, campaignEdit, campaignStep]),
    settings.addChildren([
      settingsHome,
      numbers,
      oldTemplates,
      members,
      optOut,
      apiKeys,
      webhook,
      hooks,
      endpoints,
      endpoint,
      calls,
      deadLetters,
    ]),
  ]),
]);

/** Plain texts in the address, never JSON: a token of digits stays a text. */
function parseSearch(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search));
}

function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(search))
    if (value !== undefined) params.set(name, String(value));
  const joined = params.toString();
  return joined ? `?${joined}` : '';
}

export const router = createRouter({
  routeTree: tree,
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  defaultPendingComponent: Starting,
  defaultErrorComponent: PageFailed,
  defaultNotFoundComponent: NotFound,
  defaultPendingMs: 250,
  defaultPendingMinMs: 0,
});

whenSignedOut(() => {
  queryClient.setQueryData(sessionQuery.queryKey, null);
  void router.invalidate();
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
