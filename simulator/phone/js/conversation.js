// Loads the thread of the chosen person and number, and opens it as a person would.

import { api } from "./api.js";
import { get, set, remember } from "./state.js";
import { calm } from "./live.js";
import { t } from "./texts.js";
import { toast } from "./toast.js";

let lastOpened = null;
let loadingOlder = false;

/** Whether what was asked for is still what the page shows. */
function still(person, number) {
  return get("person") === person && get("number") === number;
}

/** Whether there are messages before a page. */
function goesOn({ has_more = false, before = null }) {
  return has_more || before !== null;
}

/** Reads the newest page again and keeps older pages that were already loaded. */
export async function refreshThread() {
  const person = get("person");
  const number = get("number");
  if (!person || !number) return;
  try {
    const [fresh, holder] = await Promise.all([api.thread(person, number), api.person(person)]);
    if (!still(person, number)) return;
    const before = get("thread");
    const known = new Set(fresh.data.map((message) => message.wamid));
    const oldest = fresh.data[0]?.at_us ?? 0;
    const kept = (before?.data ?? []).filter((message) => !known.has(message.wamid) && message.at_us < oldest);
    const more = kept.length > 0 ? before.has_more : goesOn(fresh);
    set({ thread: { ...fresh, data: [...kept, ...fresh.data], has_more: more }, holder, threadError: null });
    look(person, number, fresh.data);
  } catch (failure) {
    if (!still(person, number)) return;
    if (failure.status === 404) {
      hold(null, { push: false });
      toast(t("chat.unknown"), { bad: true });
    } else set({ threadError: failure.message });
  }
}

/** The same, soon: for events that come in bursts. */
export const refreshThreadSoon = calm(refreshThread, 60);

/** Loads the page before the oldest message. */
export async function loadOlder() {
  const thread = get("thread");
  if (loadingOlder || !thread?.has_more || thread.data.length === 0) return;
  loadingOlder = true;
  const person = get("person");
  const number = get("number");
  try {
    const page = await api.thread(person, number, thread.data[0].wamid);
    if (!still(person, number)) return;
    const now = get("thread");
    const known = new Set(now.data.map((message) => message.wamid));
    const older = page.data.filter((message) => !known.has(message.wamid));
    set({ thread: { ...now, data: [...older, ...now.data], has_more: older.length > 0 && goesOn(page) } });
  } catch (failure) {
    set({ threadError: failure.message });
  } finally {
    loadingOlder = false;
  }
}

/** The person looks at the chat: tells the simulator when there is something unread. */
function look(person, number, messages) {
  if (document.visibilityState !== "visible") return;
  const newest = messages.findLast((message) => message.direction === "from_business" && message.status === "delivered");
  if (!newest || newest.wamid === lastOpened) return;
  lastOpened = newest.wamid;
  api.open(person, number).catch(() => {
    lastOpened = null;
  });
}

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") refreshThreadSoon();
});

/** Gives the phone to another person (or to nobody: back to the list). */
export function hold(person, { push = true } = {}) {
  if (person === get("person")) return;
  lastOpened = null;
  set({ person, holder: null, thread: null, threadError: null, pending: [], replyTo: null, editing: null, businessTyping: false });
  remember({ push });
  refreshThread();
}

/** Talks to another business number. */
export function dial(number, { push = false } = {}) {
  if (number === get("number")) return;
  lastOpened = null;
  set({ number, thread: null, threadError: null, pending: [], replyTo: null, editing: null, businessTyping: false });
  remember({ push });
  refreshThread();
}
