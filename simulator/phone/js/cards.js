// A place and a contact, drawn as cards.

import { h } from "./dom.js";
import { t } from "./texts.js";
import { map } from "./map.js";
import { avatar } from "./words.js";

function coordinates({ latitude, longitude }) {
  return `${Number(latitude).toFixed(4)}, ${Number(longitude).toFixed(4)}`;
}

/** The drawn map alone, as in a template's header. */
export function mapPicture(location) {
  const label = t("map.label", { place: location.name ?? coordinates(location) });
  return h("span", { class: "picture" }, map(Number(location.latitude), Number(location.longitude), label));
}

/** A location message: map, name, address. */
export function place(location) {
  const words = h("div", { class: "place" }, h("b", { dir: "auto" }, location.name ?? coordinates(location)), h("small", { dir: "auto" }, location.address ?? (location.name ? coordinates(location) : "")));
  return { nodes: [mapPicture(location), words], look: "wide" };
}

/** A contacts message: the first card, and how many more there are. */
export function contactCard(contacts) {
  const [first] = contacts;
  if (!first) return { nodes: [h("div", { class: "text" }, t("kind.contacts"))] };
  const name = first.name?.formatted_name ?? "";
  const line = first.phones?.[0]?.phone ?? first.emails?.[0]?.email ?? first.org?.company ?? "";
  const more = contacts.length > 1 && h("small", null, t("contacts.more", { count: contacts.length - 1 }));
  const card = h("div", { class: "vcard" }, avatar({ name, id: line }), h("div", null, h("b", { dir: "auto" }, name), h("small", null, line), more));
  return { nodes: [card] };
}
