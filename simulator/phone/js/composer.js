// The field at the foot of the chat, and what stands in its place when the
// business is blocked.

import { h, icon, fillWith } from "./dom.js";
import { t } from "./texts.js";
import { get, on, set } from "./state.js";
import { author, summary } from "./bubble.js";
import { block, edit, send } from "./deeds.js";
import { emojiGrid } from "./emoji.js";
import { openAttachments, openLibrary, sendFile } from "./attachments.js";
import { record } from "./recorder.js";
import { toast } from "./toast.js";

const LONGEST = 4096;

function round(sign, label, onclick, look = "tap") {
  return h("button", { type: "button", class: look, "aria-label": label, title: label, onclick }, icon(sign));
}

/** The composer's element. */
export function composer() {
  const text = h("textarea", { rows: "1", maxlength: String(LONGEST), placeholder: t("composer.hint"), "aria-label": t("composer.label"), dir: "auto", enterkeyhint: "send" });
  const strip = h("div", { class: "strip", hidden: true });
  const picker = h("div", { hidden: true });
  const smile = round("smile", t("composer.emoji"), () => toggle());
  const fire = round("mic", t("composer.voice"), () => go(), "fire");
  const camera = round("camera", t("composer.photo"), () => openLibrary("image"));
  const row = h("div", { class: "composer-row" }, h("div", { class: "entry" }, smile, text, round("clip", t("composer.attach"), openAttachments), camera), fire);
  const box = h("div", { class: "composer" }, strip, picker, row);
  const drafts = new Map();
  let owner = null;

  const toggle = (open = picker.hidden) => {
    picker.hidden = !open;
    if (open && !picker.firstChild) picker.append(emojiGrid(insert));
    const label = t(open ? "composer.emoji.close" : "composer.emoji");
    smile.replaceChildren(icon(open ? "keyboard" : "smile"));
    smile.setAttribute("aria-label", label);
    smile.title = label;
    smile.setAttribute("aria-expanded", String(open));
    if (open) picker.querySelector("input").focus({ preventScroll: true });
    else text.focus({ preventScroll: true });
  };
  const insert = (emoji) => {
    text.setRangeText(emoji, text.selectionStart, text.selectionEnd, "end");
    shape();
  };
  const shape = () => {
    const filled = text.value.trim().length > 0;
    const label = t(filled ? "composer.send" : "composer.voice");
    fire.replaceChildren(icon(filled ? "send" : "mic"));
    fire.setAttribute("aria-label", label);
    fire.title = label;
    camera.hidden = filled;
  };
  const go = async () => {
    const body = text.value.trim();
    if (!body) return voice();
    const editing = get("editing");
    text.value = "";
    shape();
    if (editing) {
      set({ editing: null });
      return edit(editing, body);
    }
    const taken = await send({ type: "text", text: { body } });
    if (!taken && text.value === "") {
      text.value = body;
      shape();
    }
    return undefined;
  };
  const voice = async () => {
    const shown = await record((blob) => {
      fillWith(box, strip, picker, row);
      fire.focus();
      if (blob) sendFile(blob, { voice: true });
    });
    if (shown) {
      fillWith(box, shown);
      shown.querySelector(".fire").focus();
    } else {
      toast(t("record.denied"), { sign: "mic" });
      openLibrary("audio");
    }
  };

  text.addEventListener("input", shape);
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      if (text.value.trim()) go();
    }
    if (event.key === "Escape" && (get("replyTo") || get("editing"))) set({ replyTo: null, editing: null });
  });

  const showStrip = () => {
    const editing = get("editing");
    const reply = get("replyTo");
    const message = editing ?? reply;
    strip.hidden = !message;
    if (!message) return fillWith(strip);
    const name = author(message.direction);
    const words = editing ? t("composer.editing") : t("composer.replying", { name });
    const quote = h("div", { class: message.direction === "from_business" ? "quote business" : "quote" }, h("b", null, words), h("span", { dir: "auto" }, summary(message)));
    fillWith(strip, quote, round("close", t("composer.cancel"), () => set({ replyTo: null, editing: null })));
    if (editing) text.value = editing.content.text.body;
    shape();
    text.focus({ preventScroll: true });
    return undefined;
  };
  const leaveEdit = () => {
    if (get("editing") || !text.dataset.editing) return;
    text.value = "";
    shape();
  };
  on(["replyTo", "editing"], () => {
    leaveEdit();
    text.dataset.editing = get("editing") ? "yes" : "";
    showStrip();
  });
  on(["person", "number"], () => {
    const next = `${get("person")} ${get("number")}`;
    if (next === owner) return;
    if (owner) drafts.set(owner, text.value);
    owner = next;
    text.value = drafts.get(next) ?? "";
    if (!picker.hidden) toggle(false);
    shape();
  });
  shape();
  return barred(box);
}

/** The composer, or why there is none. */
function barred(box) {
  const foot = h("div", null);
  const closed = h("div", { class: "composer closed" }, t("chat.blocked"), h("button", { type: "button", class: "button", onclick: () => block(false) }, t("chat.unblock")));
  on(["thread", "numbers"], () => {
    const wanted = get("thread")?.blocked ? closed : box;
    if (foot.firstChild !== wanted) fillWith(foot, wanted);
  });
  return foot;
}
