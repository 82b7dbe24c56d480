// One message as a bubble: marks, quote, content, time and ticks, reactions.

import { h, icon } from "./dom.js";
import { t, knows } from "./texts.js";
import { get } from "./state.js";
import { plain, textBlock, timeOf } from "./words.js";
import * as media from "./media.js";
import { contactCard, place } from "./cards.js";
import { order, productMessage } from "./products.js";
import { template } from "./template.js";
import { interactive } from "./interactive.js";

const TICKS = { sending: "wait", sent: "tick", delivered: "ticks", read: "ticks" };

/** The tick of a message that the person sent: how far the business has it. */
export function tick(status) {
  const name = TICKS[status] ?? "tick";
  return icon(name, { label: t(`tick.${status in TICKS ? status : "sent"}`), extra: status === "read" ? "tick read" : "tick" });
}

function meta(message, look = "") {
  const mine = message.direction === "from_person";
  return h(
    "span",
    { class: `meta ${look}`.trim() },
    message.edited && t("message.edited"),
    h("time", { datetime: new Date(message.at_us / 1000).toISOString() }, timeOf(message.at_us)),
    mine && !message.deleted && tick(message.status),
  );
}

/** A few words that stand for a message, in quotes and in the list. */
export function summary(message) {
  if (!message) return t("message.quote.gone");
  if (message.deleted) return t("message.deleted.theirs");
  const { type, content = {} } = message;
  const body = content[type];
  if (type === "text") return plain(body?.body ?? "");
  if (type === "template") return plain(message.template?.body ?? t("kind.template"));
  if (type === "button") return body?.text ?? "";
  if (type === "interactive") return (body?.button_reply ?? body?.list_reply)?.title ?? plain(body?.body?.text ?? t("kind.interactive"));
  if (type === "audio") return t(body?.voice ? "kind.voice" : "kind.audio");
  if (type === "document") return body?.filename ?? t("kind.document");
  const kind = knows(`kind.${type}`) ? t(`kind.${type}`) : t("kind.unsupported");
  return body?.caption ? `${kind} · ${body.caption}` : kind;
}

/** The name of who wrote a message, as the phone's holder sees it. */
export function author(direction) {
  if (direction === "from_person") return t("message.you");
  return get("numbers").find((number) => number.id === get("number"))?.verified_name ?? t("chat.business");
}

function quote(message, find, goTo) {
  const { context } = message;
  if (!context?.wamid) return null;
  const quoted = find(context.wamid);
  const business = quoted ? quoted.direction === "from_business" : (context.direction ?? context.from) !== "from_person" && context.from !== "person";
  const words = quoted ? summary(quoted) : plain(context.preview ?? t("message.quote.gone"));
  return h(
    "button",
    { type: "button", class: business ? "quote business" : "quote", title: t("message.go_quote"), onclick: () => goTo(context.wamid) },
    h("b", null, author(business ? "from_business" : "from_person")),
    h("span", { dir: "auto" }, words),
  );
}

function unknown() {
  return { nodes: [h("div", { class: "text mark" }, icon("alert"), t("kind.unsupported"), h("span", { class: "room" }))] };
}

/** The same, but a content of unknown shape spoils only its own bubble. */
function safely(message) {
  try {
    return inside(message);
  } catch (failure) {
    console.error(message.wamid, failure);
    return unknown();
  }
}

/** What a bubble holds, and the look that it asks of the bubble. */
function inside(message) {
  const { type, content = {} } = message;
  const body = content[type] ?? {};
  switch (type) {
    case "text":
      return { nodes: [textBlock(body.body ?? "", message)] };
    case "image":
      return media.image(message, body);
    case "video":
      return media.video(message, body);
    case "audio":
      return media.audio(message, body);
    case "document":
      return media.file(message, body);
    case "sticker":
      return media.sticker(message, body);
    case "location":
      return place(body);
    case "contacts":
      return contactCard(content.contacts ?? []);
    case "template":
      return template(message);
    case "button":
      return { nodes: [textBlock(body.text ?? "", message)] };
    case "interactive":
      return productMessage(message, body) ?? interactive(message, body);
    case "order":
      return order(body);
    case "system":
      return { nodes: [textBlock(body.body ?? t("kind.system"), message)] };
    default:
      return unknown();
  }
}

function reactions(message) {
  if (!message.reactions?.length || message.deleted) return null;
  const signs = [...new Set(message.reactions.map((one) => one.emoji))];
  const list = message.reactions.map((one) => one.emoji).join(" ");
  return h("span", { class: "reactions", role: "img", "aria-label": t("message.reactions", { list }) }, signs, message.reactions.length > 1 && h("small", null, message.reactions.length));
}

/**
 * The element of one message.
 * @param {object} message A PhoneMessage of the simulator.
 * @param {{first: boolean, find: (wamid: string) => object | undefined, goTo: (wamid: string) => void, menu: (message: object) => void}} around
 */
export function draw(message, { first, find, goTo, menu }) {
  const mine = message.direction === "from_person";
  const label = t(mine ? "message.from.person" : "message.from.business", { name: author(message.direction), time: timeOf(message.at_us) });
  const classes = ["message", mine && "mine", first && "first", message.deleted && "deleted", message.reactions?.length > 0 && !message.deleted && "reacted"];
  let bubble;
  let below = null;
  if (message.deleted) {
    const words = t(mine ? "message.deleted.mine" : "message.deleted.theirs");
    bubble = h("div", { class: "bubble" }, h("div", { class: "text" }, icon("ban"), words, h("span", { class: "room" })), meta(message));
  } else {
    const { nodes, look = "", metaLook = "", metaInside = false, under = null } = safely(message);
    const forwarded = message.forwarded || message.context?.forwarded;
    const ending = metaInside ? null : meta(message, metaLook);
    if (metaInside) nodes[0].append(meta(message, metaLook));
    const choices = nodes.findIndex((node) => node.classList?.contains("choices"));
    const body = choices < 0 ? [...nodes, ending] : [...nodes.slice(0, choices), ending, ...nodes.slice(choices)];
    bubble = h("div", { class: `bubble ${look}` }, forwarded && h("span", { class: "mark" }, icon("forward"), t("message.forwarded")), quote(message, find, goTo), body, reactions(message));
    below = under;
  }
  bubble.tabIndex = -1;
  bubble.setAttribute("role", "article");
  bubble.setAttribute("aria-label", label);
  const real = !message.wamid.startsWith("pending-") && !message.deleted;
  const more = real && h("button", { type: "button", class: "more", tabindex: "-1", "aria-label": t("message.more"), title: t("message.more"), onclick: () => menu(message) }, icon("chevron"));
  if (below) classes.push("stack");
  return h("div", { class: classes.filter(Boolean).join(" "), "data-wamid": message.wamid }, bubble, below ?? more);
}
