// The menu of one message, and the menu of the chat.

import { h, icon } from "./dom.js";
import { t } from "./texts.js";
import { get, set } from "./state.js";
import { author, summary } from "./bubble.js";
import { block, marketing, react, revoke } from "./deeds.js";
import { dial } from "./conversation.js";
import { emojiGrid } from "./emoji.js";
import { closeSheet, cover, openSheet } from "./sheet.js";
import { toast } from "./toast.js";

const QUICK = ["👍", "❤️", "😂", "😮", "🙏"];

async function copy(words) {
  try {
    await navigator.clipboard.writeText(words);
    toast(t("message.copied"), { sign: "copy" });
  } catch (failure) {
    toast(t("panel.failed", { why: failure.message }), { bad: true });
  }
}

function deed(sign, words, act, look = "") {
  return h("li", null, h("button", { type: "button", class: `row ${look}`.trim(), onclick: () => {
    closeSheet();
    act();
  } }, icon(sign), words));
}

/** Opens the menu of a message: react, reply, copy, edit, delete. */
export function openMenu(message) {
  const mine = message.direction === "from_person";
  const now = message.reactions?.find((one) => one.from === "person")?.emoji;
  const choose = (emoji) => {
    closeSheet();
    react(message, emoji);
  };
  const quick = QUICK.map((emoji) => h("button", { type: "button", "aria-pressed": String(emoji === now), "aria-label": t("message.react", { emoji }), onclick: () => choose(emoji) }, emoji));
  const more = h("button", { type: "button", "aria-label": t("message.react.more"), title: t("message.react.more"), onclick: () => {
    openSheet(t("message.react.more"), emojiGrid(choose));
  } }, icon("plus"));
  const text = message.type === "text" ? message.content?.text?.body : message.template?.body;
  const deeds = [
    deed("reply", t("message.reply"), () => set({ replyTo: message, editing: null })),
    text && deed("copy", t("message.copy"), () => copy(text)),
    mine && message.type === "text" && deed("edit", t("message.edit"), () => set({ editing: message, replyTo: null })),
    deed("document", t("message.copy_id"), () => copy(message.wamid)),
    mine && deed("trash", t("message.revoke"), () => revoke(message), "danger"),
  ];
  const peek = h("div", { class: mine ? "peek" : "peek business", dir: "auto" }, summary(message));
  cover(h("div", { class: "menu" }, h("div", { class: "quick" }, quick, more), peek, h("ul", { class: "deeds rows" }, deeds)), { label: t("message.more") });
}

/** Opens the menu of the chat: block, stop, the business numbers, the panel. */
export function openChatMenu() {
  const name = author("from_business");
  const thread = get("thread");
  const stopped = thread?.stopped;
  const numbers = get("numbers");
  const rows = [
    stopped
      ? deed("bell", t("menu.resume"), () => marketing("resume"))
      : deed("bell-off", t("menu.stop"), () => marketing("stop")),
    thread?.blocked
      ? deed("ban", t("menu.unblock", { name }), () => block(false))
      : deed("ban", t("menu.block", { name }), () => block(true), "danger"),
    deed("flask", t("menu.panel"), () => set({ panelOpen: true })),
  ];
  const others = numbers.length > 1 && [
    h("li", null, h("h3", null, t("menu.number"))),
    numbers.map((number) => h("li", null, h("button", { type: "button", class: "row", role: "radio", "aria-checked": String(number.id === get("number")), onclick: () => {
      closeSheet();
      dial(number.id);
    } }, h("div", null, number.verified_name, h("small", null, number.display_phone_number)), h("span", { class: "round" })))),
  ];
  openSheet(name, h("ul", { class: "rows" }, rows, others));
}
