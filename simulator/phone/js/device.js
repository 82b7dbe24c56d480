// The phone on the stage: status line, lock screen, head of the chat, thread, composer.

import { h, icon, fillWith } from "./dom.js";
import { t } from "./texts.js";
import { get, on } from "./state.js";
import { initials, dateOf, timeOf } from "./words.js";
import { author } from "./bubble.js";
import { composer } from "./composer.js";
import { hold } from "./conversation.js";
import { openChatMenu } from "./menu.js";
import { takeFiles } from "./attachments.js";
import { threadView } from "./thread.js";

/** What the head says under the business's name. */
function subtitle() {
  if (get("businessTyping")) return t("chat.typing");
  return t("chat.business");
}

function chatHead() {
  const back = h("button", { type: "button", class: "tap chat-back", "aria-label": t("chat.back"), onclick: () => hold(null) }, icon("back"));
  const badge = h("span", { class: "business-avatar", "aria-hidden": "true" });
  const name = h("span", { dir: "auto" });
  const line = h("small");
  const who = h("button", { type: "button", class: "who", onclick: openChatMenu }, h("b", null, name, icon("verified")), line);
  const menu = h("button", { type: "button", class: "tap", "aria-label": t("chat.menu"), title: t("chat.menu"), onclick: openChatMenu }, icon("menu"));
  on(["numbers", "number", "businessTyping"], () => {
    const business = author("from_business");
    badge.textContent = initials(business.replace(/[^\p{L}\p{N}\s]/gu, " "));
    name.textContent = business;
    line.textContent = subtitle();
    line.classList.toggle("typing", get("businessTyping"));
  });
  return h("div", { class: "chat-head" }, back, badge, who, menu);
}

function statusLine() {
  const time = h("span", { class: "figures" });
  const signs = h("span");
  on(["clock", "holder"], () => {
    time.textContent = timeOf(get("clock")?.now_us ?? Date.now() * 1000);
    const offline = get("holder")?.behaviour?.delivers === false;
    fillWith(signs, icon("signal", { extra: offline ? "offline" : "" }), icon("battery"));
  });
  return h("div", { class: "statusline", "aria-hidden": "true" }, time, signs);
}

function lockScreen() {
  const time = h("time", { class: "figures" });
  const date = h("p");
  on(["clock"], () => {
    const now = get("clock")?.now_us ?? Date.now() * 1000;
    date.textContent = dateOf(now);
    time.textContent = timeOf(now);
  });
  return h("div", { class: "lock" }, date, time, h("p", { class: "hint" }, t("lock.hint")));
}

/** Puts the phone on the stage. */
export function device(stage) {
  const line = statusLine();
  const home = h("div", { class: "homebar", "aria-hidden": "true" });
  const chat = h("div", { class: "chat" }, chatHead(), threadView(), composer());
  const lock = lockScreen();
  const screen = h("div", { class: "screen" }, line, chat, home);
  takeFiles(screen, () => Boolean(get("person")) && !get("thread")?.blocked);
  const heading = h("h1", { class: "sr" });
  fillWith(stage, heading, h("div", { class: "device" }, screen));
  on(["person", "holder", "numbers", "number"], () => {
    const held = Boolean(get("person"));
    const shown = held ? chat : lock;
    if (!shown.isConnected) {
      (held ? lock : chat).remove();
      line.after(shown);
    }
    home.hidden = !held;
    screen.classList.toggle("locked", !held);
    document.body.classList.toggle("has-person", held);
    const person = get("holder")?.name;
    heading.textContent = person ? t("chat.phone_of", { name: person }) : t("app.part");
    document.title = person ? t("app.document", { name: person }) : `${t("app.title")} · ${t("app.part")}`;
    screen.querySelector(".thread")?.setAttribute("aria-label", t("chat.thread", { person: person ?? "", business: author("from_business") }));
  });
}
