// The stream /_sim/events: tells which thread, person or setting to read again.

import { get, set } from "./state.js";

const KINDS = ["message", "status", "typing", "person", "reset", "faults", "clock", "template"];
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8000;

/**
 * Opens the stream and keeps it open.
 * @param {Record<string, (data: object) => void>} handlers One per kind of event, plus
 *   `open`, called after each (re)connection because events may have been missed.
 */
export function listen(handlers) {
  let wait = FIRST_WAIT_MS;
  const connect = () => {
    const source = new EventSource("/_sim/events");
    source.addEventListener("open", () => {
      const again = !get("connected");
      wait = FIRST_WAIT_MS;
      set({ connected: true });
      if (again) handlers.open();
    });
    source.addEventListener("error", () => {
      set({ connected: false });
      source.close();
      setTimeout(connect, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    });
    for (const kind of KINDS) source.addEventListener(kind, (event) => handlers[kind]?.(read(event.data)));
  };
  connect();
}

function read(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

/**
 * A function that runs `work` soon after it is called, never more often than
 * `every_ms`, and not twice at the same time.
 */
export function calm(work, every_ms) {
  let timer = null;
  let running = false;
  let again = false;
  const run = async () => {
    timer = null;
    running = true;
    again = false;
    try {
      await work();
    } finally {
      running = false;
      if (again) schedule();
    }
  };
  const schedule = () => {
    if (running) again = true;
    else timer ??= setTimeout(run, every_ms);
  };
  return schedule;
}
