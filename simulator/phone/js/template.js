// A template as the phone shows it: header, body, footer, buttons, cards.

import { h, icon } from "./dom.js";
import { t } from "./texts.js";
import { toast } from "./toast.js";
import { send } from "./deeds.js";
import { footText, textBlock, timeOf } from "./words.js";
import { fileCard, film, picture } from "./media.js";
import { mapPicture } from "./cards.js";
import { product } from "./products.js";
import { openFlow, openList, openOrder } from "./forms.js";

const MOST_BUTTONS = 3;

/** What stands above the body. */
export function header(part) {
  if (!part) return null;
  const format = (part.format ?? part.type ?? "").toUpperCase();
  const object = part[format.toLowerCase()] ?? {};
  if (format === "TEXT") return h("div", { class: "head-text", dir: "auto" }, part.text);
  if (format === "IMAGE" || format === "GIF") return picture(object, part.media_url, t("kind.image"));
  if (format === "VIDEO") return film(object, part.media_url);
  if (format === "DOCUMENT") return fileCard({ filename: part.filename, ...object }, part.media_url);
  if (format === "LOCATION") return mapPicture(part.location ?? {});
  if (format === "PRODUCT") return product(object.product_retailer_id ?? t("product.view"), object.catalog_id);
  return null;
}

/** Says where a link would lead; the phone has no browser. */
export function openLink(url) {
  toast(h("span", null, t("link.would"), " ", h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, url)), { sign: "link" });
}

/** Copies a code as WhatsApp's copy button does. */
export async function copyCode(code) {
  try {
    await navigator.clipboard.writeText(code);
  } catch {
    // A page without the clipboard permission still says the code aloud.
  }
  toast(t("code.copied", { code }), { sign: "copy" });
}

const KINDS = {
  QUICK_REPLY: ["reply", (button, message) => send({ type: "button", button: { payload: button.payload ?? button.text, text: button.text }, context: { id: message.wamid } })],
  URL: ["link", (button) => openLink(button.url ?? "")],
  PHONE_NUMBER: ["phone", (button) => toast(t("call.would", { phone: button.phone ?? button.phone_number ?? "" }), { sign: "phone" })],
  VOICE_CALL: ["phone", (button) => toast(t("call.would", { phone: button.phone ?? "" }), { sign: "phone" })],
  COPY_CODE: ["copy", (button) => copyCode(button.code ?? "")],
  OTP: ["copy", (button) => copyCode(button.code ?? "")],
  FLOW: ["form", (button, message) => openFlow(message)],
  CATALOG: ["bag", (button, message) => openOrder(message, [])],
  MPM: ["bag", (button, message) => openOrder(message, [])],
  SPM: ["bag", (button, message) => openOrder(message, [])],
};

function buttons(list, message) {
  if (!list?.length) return null;
  const shown = list.length > MOST_BUTTONS ? list.slice(0, MOST_BUTTONS - 1) : list;
  const rest = list.slice(shown.length);
  const press = (button) => (KINDS[button.type] ?? KINDS.QUICK_REPLY)[1](button, message);
  const one = (button) => {
    const [sign] = KINDS[button.type] ?? KINDS.QUICK_REPLY;
    const code = button.type === "COPY_CODE" || button.type === "OTP";
    return h("button", { type: "button", class: "choice", dir: "auto", onclick: () => press(button) }, icon(sign), button.text || (code ? t("button.code") : ""));
  };
  const others = rest.length > 0 && h("button", { type: "button", class: "choice", onclick: () => openList({ title: t("list.choose"), rows: rest.map((button) => ({ title: button.text, pick: () => press(button) })) }) }, icon("list"), t("button.list"));
  return h("div", { class: "choices" }, shown.map(one), others);
}

function offer(part) {
  if (!part) return null;
  const ends = part.expiration_time_ms ? t("offer.ends", { time: timeOf(part.expiration_time_ms * 1000) }) : t("offer.plain");
  return h("div", { class: "offer" }, icon("clock"), h("div", null, h("b", null, part.text ?? t("offer.plain")), h("div", null, ends)));
}

function card(part, message) {
  const nodes = [header(part.header), part.body && h("div", { class: "text", dir: "auto" }, part.body.text ?? part.body), buttons(part.buttons, message)];
  return h("div", { class: "bubble card" }, nodes);
}

/** A template message. */
export function template(message) {
  const part = message.template;
  if (!part) return { nodes: [h("div", { class: "text" }, t("kind.template"), h("span", { class: "room" }))] };
  const choices = buttons(part.buttons, message);
  const nodes = [header(part.header), offer(part.limited_time_offer), textBlock(part.body ?? "", message, { last: !part.footer }), part.footer && footText(part.footer), choices].filter(Boolean);
  const under = part.cards?.length ? h("div", { class: "cards" }, part.cards.map((one) => card(one, message))) : null;
  const wide = part.header && (part.header.format ?? "").toUpperCase() !== "TEXT";
  return { nodes, look: `${wide || choices ? "wide" : ""} ${choices ? "with-choices" : ""}`, under };
}
