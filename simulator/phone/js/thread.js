// The list of messages: keeps the page's elements in step with the thread that
// was loaded, without redrawing what did not change (a recording plays on).

import { h, icon, fillWith } from "./dom.js";
import { t } from "./texts.js";
import { get, on } from "./state.js";
import { draw, tick } from "./bubble.js";
import { dayKey, dayName } from "./words.js";
import { loadOlder, refreshThread } from "./conversation.js";
import { openMenu } from "./menu.js";

const NEAR_END_PX = 90;
const LONG_PRESS_MS = 450;
/** These change an earlier message, which shows the change itself. */
const NOT_DRAWN = new Set(["reaction", "revoke", "edit"]);

/** The thread's element, alive until the page goes. */
export function threadView() {
  const list = h("div", { class: "thread", role: "log", tabindex: "0" });
  const toEnd = h("button", { type: "button", class: "tap to-end", hidden: true, "aria-label": t("chat.to_end"), title: t("chat.to_end"), onclick: () => scrollToEnd(list) }, icon("chevron"));
  const drawn = new Map();
  let key = "";
  let stick = true;
  let lastTop = 0;
  const sizes = new ResizeObserver(() => stick && scrollToEnd(list));

  const find = (wamid) => get("thread")?.data.find((message) => message.wamid === wamid);
  const goTo = (wamid) => {
    const element = drawn.get(wamid)?.element;
    if (!element) return;
    element.scrollIntoView({ block: "center", behavior: "smooth" });
    element.classList.add("flash");
    element.addEventListener("animationend", () => element.classList.remove("flash"), { once: true });
  };

  const element = (message, first, fresh) => {
    const { status, ...rest } = message;
    const mark = `${first}${JSON.stringify(rest)}`;
    const known = drawn.get(message.wamid);
    if (known?.mark === mark) {
      if (known.status !== status) known.element.querySelector(".meta .tick")?.replaceWith(tick(status));
      known.status = status;
      return known.element;
    }
    const made = draw(message, { first, find, goTo, menu: openMenu });
    if (fresh && !known) made.classList.add("new");
    drawn.set(message.wamid, { mark, status, element: made });
    return made;
  };

  const redraw = () => {
    const thread = get("thread");
    const nowKey = `${get("person")} ${get("number")}`;
    const changed = key !== nowKey;
    if (changed) {
      drawn.clear();
      stick = true;
      key = nowKey;
    }
    if (!thread) {
      fillWith(list, get("threadError") && failure());
      return;
    }
    const grew = list.scrollHeight;
    const top = list.scrollTop;
    const oldest = list.querySelector("[data-wamid]")?.dataset.wamid;
    const nodes = [...rows(thread, (message, first) => element(message, first, !changed && drawn.size > 0)), ...endings()];
    settle(list, nodes, sizes);
    const known = new Set([...thread.data, ...get("pending")].map((message) => message.wamid));
    for (const wamid of drawn.keys()) if (!known.has(wamid)) drawn.delete(wamid);
    if (stick || get("pending").length > 0) scrollToEnd(list);
    else if (oldest && oldest !== list.querySelector("[data-wamid]")?.dataset.wamid) list.scrollTop = top + list.scrollHeight - grew;
  };

  list.addEventListener("scroll", () => {
    // Only going up lets go of the end: what is drawn late pushes the end away, too.
    if (list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END_PX) stick = true;
    else if (list.scrollTop < lastTop) stick = false;
    lastTop = list.scrollTop;
    toEnd.hidden = stick;
    if (list.scrollTop < 60 && get("thread")?.has_more) loadOlder();
  }, { passive: true });
  list.addEventListener("load", () => stick && scrollToEnd(list), true);
  sizes.observe(list);
  keyboard(list, find);
  longPress(list, find);
  let today = "";
  on(["clock"], () => {
    const day = dayKey(get("clock")?.now_us ?? 0);
    if (day === today) return;
    today = day;
    redraw();
  });
  on(["thread", "pending", "businessTyping", "threadError", "person", "number", "numbers"], redraw);
  return h("div", { class: "thread-wrap" }, list, toEnd);
}

function rows(thread, element) {
  const now = get("clock")?.now_us ?? Date.now() * 1000;
  const nodes = [];
  let day = "";
  let direction = "";
  const all = [...thread.data, ...get("pending")].filter((message) => !NOT_DRAWN.has(message.type));
  if (!thread.has_more) nodes.push(pill(t("chat.start"), "lock"));
  for (const message of all) {
    if (dayKey(message.at_us) !== day) {
      day = dayKey(message.at_us);
      direction = "";
      nodes.push(h("div", { class: "pill sticky" }, dayName(message.at_us, now)));
    }
    const lost = message.direction === "from_business" && message.status === "failed";
    const absent = message.direction === "from_business" && (message.status === "accepted" || message.status === "sent");
    if (absent) continue;
    if (lost) {
      nodes.push(pill(failed(message), "alert"));
      direction = "";
      continue;
    }
    nodes.push(element(message, message.direction !== direction));
    direction = message.direction;
  }
  return nodes;
}

function endings() {
  const thread = get("thread");
  const nodes = [];
  const absent = thread.data.filter((message) => message.direction === "from_business" && (message.status === "accepted" || message.status === "sent"));
  const offline = get("holder")?.behaviour?.delivers === false;
  if (absent.length > 0 && offline) nodes.push(pill(t("chat.waiting", { count: absent.length }), "wait", "waits"));
  if (thread.data.every((message) => NOT_DRAWN.has(message.type)) && get("pending").length === 0 && get("holder")) nodes.push(pill(t("chat.first", { person: get("holder").name })));
  if (get("businessTyping")) nodes.push(h("div", { class: "message first typing-bubble" }, h("div", { class: "bubble", role: "img", "aria-label": t("chat.typing") }, h("i"), h("i"), h("i"))));
  return nodes;
}

function failed({ error }) {
  return error?.code ? t("chat.failed.why", { why: error.title ?? "", code: String(error.code) }) : t("chat.failed");
}

function pill(words, sign, look = "") {
  return h("div", { class: `pill ${look}`.trim() }, sign && icon(sign), words);
}

function failure() {
  return h("div", { class: "pill" }, t("chat.error"), " ", h("button", { type: "button", class: "wa-link", onclick: refreshThread }, t("chat.retry")));
}

/** Makes `nodes` the children, moving only what is out of place; `sizes` hears when one grows later. */
function settle(list, nodes, sizes) {
  const wanted = new Set(nodes);
  for (const child of [...list.children]) if (!wanted.has(child)) {
    sizes.unobserve(child);
    child.remove();
  }
  let at = list.firstChild;
  for (const node of nodes) {
    if (node === at) at = at.nextSibling;
    else {
      list.insertBefore(node, at);
      sizes.observe(node);
    }
  }
}

function scrollToEnd(list) {
  list.scrollTop = list.scrollHeight;
}

/** Arrow keys walk from bubble to bubble; Enter and the menu key open its menu. */
function keyboard(list, find) {
  list.addEventListener("keydown", (event) => {
    const here = event.target.closest?.("[data-wamid]");
    const onBubble = event.target.classList?.contains("bubble");
    if ((event.key === "Enter" || event.key === "ContextMenu") && onBubble) {
      const message = find(here.dataset.wamid);
      if (message && !message.deleted) openMenu(message);
      event.preventDefault();
    }
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    if (event.target !== list && !onBubble) return;
    const all = [...list.querySelectorAll("[data-wamid] > .bubble")];
    const at = onBubble ? all.indexOf(event.target) : all.length;
    const next = all[Math.max(0, at + (event.key === "ArrowUp" ? -1 : 1))];
    if (!next) return;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
    event.preventDefault();
  });
  list.addEventListener("contextmenu", (event) => {
    const wamid = event.target.closest?.(".bubble") && event.target.closest("[data-wamid]")?.dataset.wamid;
    const message = wamid && find(wamid);
    if (!message || message.deleted || event.target.closest("a")) return;
    event.preventDefault();
    openMenu(message);
  });
}

function longPress(list, find) {
  let timer = null;
  const stop = () => clearTimeout(timer);
  list.addEventListener("touchstart", (event) => {
    const wamid = event.target.closest?.(".bubble") && event.target.closest("[data-wamid]")?.dataset.wamid;
    const message = wamid && find(wamid);
    if (message && !message.deleted) timer = setTimeout(() => openMenu(message), LONG_PRESS_MS);
  }, { passive: true });
  for (const name of ["touchend", "touchmove", "touchcancel"]) list.addEventListener(name, stop, { passive: true });
}
