// Puts the page together: draws its parts, loads what they show, follows the stream.

import { api } from "./api.js";
import { get, on, recall, remember, set } from "./state.js";
import { t } from "./texts.js";
import { topBar } from "./bar.js";
import { peopleColumn, refreshPeople, refreshPeopleSoon } from "./people.js";
import { device } from "./device.js";
import { refreshFaults, refreshStatus, sidePanel } from "./panel.js";
import { refreshTemplates } from "./templates.js";
import { refreshClock, runClock } from "./clock.js";
import { dial, hold, refreshThread, refreshThreadSoon } from "./conversation.js";
import { calm, listen } from "./live.js";
import { toast } from "./toast.js";

const TYPING_SHOWN_MS = 25_000;
const STATUS_EVERY_MS = 700;
const DRAWER_BELOW_PX = 1200;

let typingTimer = null;
let lastBefore = null;

/** The newest message that the business wrote in the open chat. */
function newestOfBusiness() {
  return get("thread")?.data.findLast((message) => message.direction === "from_business")?.wamid ?? null;
}

/** Shows the bubble with the dots until the business has written or the time is up. */
function showTyping(shown) {
  clearTimeout(typingTimer);
  lastBefore = newestOfBusiness();
  set({ businessTyping: shown });
  if (shown) typingTimer = setTimeout(() => set({ businessTyping: false }), TYPING_SHOWN_MS);
}

function mine(data) {
  const person = !data.person || data.person === get("person");
  return person && (!data.phone_number_id || data.phone_number_id === get("number"));
}

async function refreshNumbers() {
  const { data } = await api.numbers();
  const known = data.some((number) => number.id === get("number"));
  set({ numbers: data, number: known ? get("number") : (data[0]?.id ?? null) });
}

/** Reads everything: at the start, after a reset, after a lost connection. */
async function refreshAll() {
  await refreshNumbers().catch((failure) => toast(failure.message, { bad: true }));
  await Promise.all([refreshPeople(), refreshThread(), refreshFaults(), refreshClock(), refreshTemplates(), refreshStatus()]);
}

const refreshStatusSoon = calm(async () => {
  const wide = innerWidth >= DRAWER_BELOW_PX;
  if (wide || get("panelOpen")) await refreshStatus();
}, STATUS_EVERY_MS);

function follow() {
  listen({
    open: refreshAll,
    message(data) {
      if (mine(data)) refreshThreadSoon();
      refreshPeopleSoon();
      refreshStatusSoon();
    },
    status(data) {
      if (mine(data)) refreshThreadSoon();
      refreshPeopleSoon();
      refreshStatusSoon();
    },
    typing(data) {
      if (mine(data)) showTyping(data.on !== false);
    },
    person(data) {
      if (mine(data)) refreshThreadSoon();
      refreshPeopleSoon();
    },
    reset() {
      set({ people: null, thread: null, pending: [] });
      refreshAll();
    },
    faults: refreshFaults,
    clock() {
      refreshClock();
      refreshThreadSoon();
    },
    template: refreshTemplates,
  });
}

async function start() {
  topBar(document.getElementById("bar"));
  peopleColumn(document.getElementById("people"));
  device(document.getElementById("stage"));
  sidePanel(document.getElementById("panel"));
  on(["panelOpen"], refreshStatusSoon);
  on(["thread"], () => {
    if (get("businessTyping") && newestOfBusiness() !== lastBefore) showTyping(false);
  });
  addEventListener("popstate", () => {
    const { person, number } = recall();
    if (number) dial(number);
    hold(person, { push: false });
  });
  await refreshAll();
  remember();
  runClock();
  follow();
}

document.title = `${t("app.title")} · ${t("app.part")}`;
start();
