// Products, catalogues and orders, shown simply: the simulator knows IDs, not pictures.

import { h, icon } from "./dom.js";
import { t } from "./texts.js";
import { footText, money, textBlock } from "./words.js";
import { openOrder } from "./forms.js";

/** A product as a tile with its ID. */
export function product(id, small) {
  return h("div", { class: "product" }, h("span", { class: "tile" }, icon("bag")), h("div", null, h("b", null, id), small && h("small", null, small)));
}

/** An order that the person placed. */
export function order(body) {
  const items = body.product_items ?? [];
  const count = items.reduce((sum, item) => sum + Number(item.quantity ?? 1), 0);
  const total = items.reduce((sum, item) => sum + Number(item.quantity ?? 1) * Number(item.item_price ?? 0), 0);
  const nodes = [product(t("order.items", { count }), t("order.total", { total: money(total, items[0]?.currency ?? "USD") }))];
  for (const item of items.slice(0, 3)) nodes.push(h("div", { class: "text mark" }, `${item.quantity} × ${item.product_retailer_id}`));
  return { nodes: [...nodes, h("div", { class: "text", dir: "auto" }, body.text ?? "", h("span", { class: "room" }))] };
}

/** A product, product list or catalogue message; `null` when it is another kind. */
export function productMessage(message, body) {
  const action = body.action ?? {};
  if (!["product", "product_list", "catalog_message"].includes(body.type)) return null;
  const ids = body.type === "product" ? [action.product_retailer_id] : (action.sections ?? []).flatMap((section) => section.product_items ?? []).map((item) => item.product_retailer_id);
  const thumb = action.parameters?.thumbnail_product_retailer_id;
  const shown = ids.length > 0 ? ids : [thumb].filter(Boolean);
  const nodes = [
    body.header?.text && h("div", { class: "head-text", dir: "auto" }, body.header.text),
    shown.slice(0, 4).map((id) => product(id, action.catalog_id)),
    body.body?.text && textBlock(body.body.text, message, { last: !body.footer?.text }),
    body.footer?.text && footText(body.footer.text),
    h("div", { class: "choices" }, h("button", { type: "button", class: "choice", onclick: () => openOrder(message, shown, action.catalog_id) }, icon("bag"), t(body.type === "product" ? "product.order" : "product.catalog"))),
  ];
  return { nodes: nodes.flat().filter(Boolean), look: "wide with-choices" };
}
