// What the page knows, in one place. Parts subscribe to the keys they draw;
// the person, number and theme are also kept in the URL.

const url = new URL(location.href);

const state = {
  /** Id of the person whose phone this is. */
  person: url.searchParams.get("person"),
  /** Id of the business number the phone talks to. */
  number: url.searchParams.get("number"),
  theme: url.searchParams.get("theme") ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"),
  /** Whether the theme was asked for, and so belongs in the URL. */
  themeChosen: url.searchParams.has("theme"),
  /** `null` while loading. */
  people: null,
  query: "",
  /** The query that `people` answers. */
  peopleQuery: "",
  numbers: [],
  /** The chosen person as the simulator knows them. */
  holder: null,
  /** Thread of person and number; `null` while loading. */
  thread: null,
  threadError: null,
  /** Messages on their way to the simulator. */
  pending: [],
  businessTyping: false,
  replyTo: null,
  editing: null,
  faults: null,
  clock: null,
  templates: [],
  status: null,
  connected: true,
  panelOpen: false,
};

const listeners = new Map();
let queued = new Set();

/** The value of one key. */
export function get(key) {
  return state[key];
}

/**
 * Changes some keys and tells those who listen, once per turn.
 * @param {Partial<typeof state>} patch
 */
export function set(patch) {
  for (const [key, value] of Object.entries(patch)) {
    if (Object.is(state[key], value)) continue;
    state[key] = value;
    for (const listener of listeners.get(key) ?? []) {
      if (queued.size === 0) queueMicrotask(flush);
      queued.add(listener);
    }
  }
}

function flush() {
  const due = queued;
  queued = new Set();
  for (const listener of due) listener();
}

/** Calls `listener` after any of `keys` changed, and once now. */
export function on(keys, listener) {
  for (const key of keys) {
    const known = listeners.get(key) ?? new Set();
    known.add(listener);
    listeners.set(key, known);
  }
  listener();
}

/** Writes person, number and theme into the URL. `push`: a step that Back undoes. */
export function remember({ push = false } = {}) {
  const next = new URL(location.href);
  const wanted = { person: state.person, number: state.number, theme: state.themeChosen ? state.theme : null };
  for (const [key, value] of Object.entries(wanted)) {
    if (value) next.searchParams.set(key, value);
    else next.searchParams.delete(key);
  }
  if (next.href === location.href) return;
  history[push ? "pushState" : "replaceState"]({}, "", next);
}

/** The person and number that the URL names: after Back or Forward. */
export function recall() {
  const { searchParams } = new URL(location.href);
  return { person: searchParams.get("person"), number: searchParams.get("number") ?? state.number };
}
