// Interactive messages: reply buttons, lists, links, carousels, requests; and the
// answers to them, which are texts with a quote.

import { h, icon } from "./dom.js";
import { t } from "./texts.js";
import { send } from "./deeds.js";
import { footText, textBlock } from "./words.js";
import { header, openLink } from "./template.js";
import { product } from "./products.js";
import { openFlow, openList } from "./forms.js";
import { openLocation } from "./places.js";
import { get } from "./state.js";

function reply(message, interactive) {
  return send({ type: "interactive", interactive, context: { id: message.wamid } });
}

function choice(sign, words, onclick) {
  return h("button", { type: "button", class: "choice", dir: "auto", onclick }, icon(sign), words);
}

function replyButtons(list, message) {
  return (list ?? []).map(({ reply: button }) => choice("reply", button?.title ?? "", () => reply(message, { type: "button_reply", button_reply: { id: button.id, title: button.title } })));
}

function listRows(action, message) {
  const rows = [];
  for (const section of action.sections ?? []) {
    if (section.title) rows.push({ heading: section.title });
    for (const row of section.rows ?? []) {
      const answer = { id: row.id, title: row.title, ...(row.description ? { description: row.description } : {}) };
      rows.push({ title: row.title, description: row.description, pick: () => reply(message, { type: "list_reply", list_reply: answer }) });
    }
  }
  return rows;
}

function shareContact(message) {
  const { name, phone, wa_id } = get("holder");
  const [first] = name.split(" ");
  return send({ type: "contacts", contacts: [{ name: { formatted_name: name, first_name: first }, phones: [{ phone, wa_id, type: "CELL" }] }], context: { id: message.wamid } });
}

function callReply(message, response) {
  return reply(message, { type: "call_permission_reply", call_permission_reply: { response, response_source: "user_action", is_permanent: false } });
}

/** The buttons under a message, by its kind. */
function choices(body, message) {
  const { action = {} } = body;
  const parameters = action.parameters ?? {};
  switch (body.type) {
    case "button":
      return replyButtons(action.buttons, message);
    case "list":
      return [choice("list", action.button ?? t("button.list"), () => openList({ title: action.button ?? t("list.choose"), rows: listRows(action, message), confirm: true }))];
    case "cta_url":
      return [choice("link", parameters.display_text ?? "", () => openLink(parameters.url ?? ""))];
    case "flow":
      return [choice("form", parameters.flow_cta ?? t("button.flow"), () => openFlow(message))];
    case "address_message":
      return [choice("form", t("button.address"), () => openFlow(message, "address_message"))];
    case "location_request_message":
      return [choice("pin", t("button.location"), () => openLocation({ context: { id: message.wamid } }))];
    case "request_contact_info":
      return [choice("person", t("button.share_contact"), () => shareContact(message))];
    case "call_permission_request":
      return [choice("phone", t("button.allow_call"), () => callReply(message, "accept")), choice("ban", t("button.deny_call"), () => callReply(message, "reject"))];
    case "voice_call":
      return [choice("phone", parameters.display_text ?? "", () => openLink(`tel:${get("numbers").find((one) => one.id === get("number"))?.display_phone_number ?? ""}`))];
    default:
      return [];
  }
}

function card(part, message) {
  const { action = {} } = part;
  const item = action.product_retailer_id;
  const link = action.name === "cta_url" && choice("link", action.parameters?.display_text ?? "", () => openLink(action.parameters?.url ?? ""));
  const quick = (action.buttons ?? []).map((button) => {
    const given = button.reply ?? button.quick_reply ?? {};
    return choice("reply", given.title ?? given.text ?? "", () => reply(message, { type: "button_reply", button_reply: { id: given.id, title: given.title ?? given.text } }));
  });
  const under = [link, ...quick].filter(Boolean);
  return h("div", { class: "bubble card" }, part.header && header(part.header), item && product(item, action.catalog_id), part.body?.text && h("div", { class: "text", dir: "auto" }, part.body.text), under.length > 0 && h("div", { class: "choices" }, under));
}

/** The person's answer to an interactive message. */
function answer(body, message) {
  const picked = body.button_reply ?? body.list_reply;
  if (picked) {
    const more = picked.description && h("div", { class: "text mark", dir: "auto" }, picked.description);
    return { nodes: more ? [h("div", { class: "text", dir: "auto" }, picked.title), h("div", { class: "text mark", dir: "auto" }, picked.description, h("span", { class: "room" }))] : [textBlock(picked.title, message)] };
  }
  if (body.nfm_reply) return { nodes: [h("div", { class: "text", dir: "auto" }, body.nfm_reply.body ?? t("flow.title"), h("span", { class: "room" }))] };
  if (body.call_permission_reply) {
    const words = t(body.call_permission_reply.response === "accept" ? "button.allow_call" : "button.deny_call");
    return { nodes: [h("div", { class: "text" }, words, h("span", { class: "room" }))] };
  }
  return null;
}

/** An interactive message or the answer to one. */
export function interactive(message, body) {
  const said = answer(body, message);
  if (said) return said;
  const under = choices(body, message);
  const nodes = [
    header(body.header),
    body.body?.text && textBlock(body.body.text, message, { last: !body.footer?.text }),
    body.footer?.text && footText(body.footer.text),
    under.length > 0 && h("div", { class: "choices" }, under),
  ].filter(Boolean);
  if (nodes.length === 0) nodes.push(h("div", { class: "text" }, t("kind.interactive"), h("span", { class: "room" })));
  const cards = body.type === "carousel" && h("div", { class: "cards" }, (body.action?.cards ?? []).map((part) => card(part, message)));
  return { nodes, look: under.length > 0 || body.header?.type === "image" ? `wide ${under.length > 0 ? "with-choices" : ""}` : "", under: cards || null };
}
