// Sheets that answer a message: a list, a flow's form, an order.

import { h } from "./dom.js";
import { t } from "./texts.js";
import { send } from "./deeds.js";
import { closeSheet, field, openSheet } from "./sheet.js";

/**
 * A list to choose from.
 * @param {{title: string, rows: {heading?: string, title?: string, description?: string, pick?: () => void}[], confirm?: boolean}} list
 *   `confirm`: choosing and sending are two steps, as on the phone.
 */
export function openList({ title, rows, confirm = false }) {
  let chosen = null;
  const go = h("button", { type: "button", class: "send", disabled: true, onclick: () => finish(chosen) }, t("list.send"));
  const finish = (row) => {
    closeSheet();
    row.pick();
  };
  const items = rows.map((row) => {
    if (row.heading) return h("li", { role: confirm ? "none" : null }, h("h3", { dir: "auto" }, row.heading));
    const button = h("button", { type: "button", class: "row", role: confirm ? "radio" : null, "aria-checked": confirm ? "false" : null }, h("div", { dir: "auto" }, row.title, row.description && h("small", null, row.description)), confirm && h("span", { class: "round" }));
    button.addEventListener("click", () => {
      if (!confirm) return finish(row);
      for (const other of button.closest("ul").querySelectorAll(".row")) other.setAttribute("aria-checked", String(other === button));
      chosen = row;
      go.disabled = false;
      return undefined;
    });
    return h("li", { role: confirm ? "none" : null }, button);
  });
  openSheet(title, h("ul", { class: "rows", role: confirm ? "radiogroup" : null, "aria-label": title }, items), confirm && go);
}

/** The answer to a flow or an address request, as JSON. */
export function openFlow(message, name = "flow") {
  const example = name === "flow" ? { flow_token: message.content?.interactive?.action?.parameters?.flow_token ?? "unused" } : { saved_address_id: "address1" };
  const text = h("textarea", { class: "field", rows: "6", "aria-label": t("flow.title"), spellcheck: "false" });
  text.value = JSON.stringify(example, null, 2);
  const error = h("p", { class: "error", role: "alert" });
  const submit = (event) => {
    event.preventDefault();
    try {
      JSON.parse(text.value);
    } catch (failure) {
      error.textContent = t("flow.bad", { why: failure.message });
      return;
    }
    closeSheet();
    send({ type: "interactive", interactive: { type: "nfm_reply", nfm_reply: { name, body: "Sent", response_json: text.value } }, context: { id: message.wamid } });
  };
  openSheet(t("flow.title"), h("form", { onsubmit: submit }, h("p", null, t("flow.help")), text, error, h("button", { class: "send" }, t("flow.send"))));
}

/**
 * An order to the business.
 * @param {object | null} message The product message that it answers, if any.
 * @param {string[]} products Product IDs to order; one empty line when there is none.
 * @param {string} [catalog]
 */
export function openOrder(message, products, catalog = "194836987003835") {
  const shop = field(t("order.catalog"), { value: catalog, required: true });
  const currency = field(t("order.currency"), { value: "INR", required: true, pattern: "[A-Z]{3}", maxlength: "3" });
  const lines = (products.length > 0 ? products.slice(0, 5) : ["kite-classic"]).map((id) => ({
    id: field(t("order.product"), { value: id, required: true }),
    quantity: field(t("order.quantity"), { value: "1", type: "number", min: "1", max: "99", required: true }),
    price: field(t("order.price"), { value: "299", type: "number", min: "0", step: "0.01", required: true }),
  }));
  const note = field(t("order.note"));
  const submit = (event) => {
    event.preventDefault();
    const product_items = lines.map((line) => ({ product_retailer_id: line.id.input.value, quantity: Number(line.quantity.input.value), item_price: Number(line.price.input.value), currency: currency.input.value }));
    closeSheet();
    const order = { catalog_id: shop.input.value, product_items, ...(note.input.value ? { text: note.input.value } : {}) };
    send({ type: "order", order, ...(message ? { context: { id: message.wamid } } : {}) });
  };
  const rows = lines.map((line) => [line.id.row, h("div", { class: "pair" }, line.quantity.row, line.price.row)]);
  openSheet(t("order.title"), h("form", { onsubmit: submit }, rows, h("div", { class: "pair" }, shop.row, currency.row), note.row, h("button", { class: "send" }, t("order.send"))));
}
