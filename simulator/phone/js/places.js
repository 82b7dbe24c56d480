// Sending a location, a contact, or the first message after an ad.

import { h, icon } from "./dom.js";
import { t } from "./texts.js";
import { send } from "./deeds.js";
import { closeSheet, field, openSheet } from "./sheet.js";

const PLACES = [
  ["a", 18.922, 72.8347],
  ["b", 51.4769, -0.0005],
  ["c", 25.2016, 55.3429],
  ["d", 37.7694, -122.4862],
];

/** Choose a place or write one. `message` may carry a context, as an answer does. */
export function openLocation(message = {}) {
  const go = (location) => {
    closeSheet();
    send({ type: "location", location, ...message });
  };
  const rows = PLACES.map(([key, latitude, longitude]) => {
    const name = t(`location.${key}`);
    const address = t(`location.${key}.address`);
    return h("li", null, h("button", { type: "button", class: "row", onclick: () => go({ latitude, longitude, name, address }) }, icon("pin"), h("div", null, name, h("small", null, address))));
  });
  const name = field(t("location.name"));
  const address = field(t("location.address"));
  const latitude = field(t("location.lat"), { inputmode: "decimal", required: true, placeholder: "26.9124" });
  const longitude = field(t("location.lon"), { inputmode: "decimal", required: true, placeholder: "75.7873" });
  const error = h("p", { class: "error", role: "alert" });
  const submit = (event) => {
    event.preventDefault();
    const at = { latitude: Number(latitude.input.value), longitude: Number(longitude.input.value) };
    if (!(Math.abs(at.latitude) <= 90 && Math.abs(at.longitude) <= 180)) {
      error.textContent = t("location.bad");
      return;
    }
    if (name.input.value) at.name = name.input.value;
    if (address.input.value) at.address = address.input.value;
    go(at);
  };
  openSheet(
    t("attach.location"),
    h("ul", { class: "rows" }, rows, h("li", null, h("h3", null, t("location.other")))),
    h("form", { onsubmit: submit }, h("div", { class: "pair" }, latitude.row, longitude.row), h("div", { class: "pair" }, name.row, address.row), error, h("button", { class: "send" }, t("location.send"))),
  );
}

/** Write a contact card. */
export function openContact() {
  const name = field(t("contact.name"), { value: "Meera Joshi", required: true });
  const phone = field(t("contact.phone"), { value: "+91 98290 11223", required: true, type: "tel" });
  const submit = (event) => {
    event.preventDefault();
    const formatted_name = name.input.value.trim();
    const number = phone.input.value.trim();
    closeSheet();
    send({ type: "contacts", contacts: [{ name: { formatted_name, first_name: formatted_name.split(" ")[0] }, phones: [{ phone: number, wa_id: number.replace(/\D/gu, ""), type: "CELL" }] }] });
  };
  openSheet(t("attach.contacts"), h("form", { onsubmit: submit }, name.row, phone.row, h("button", { class: "send" }, t("contact.send"))));
}

/** A first message that carries the ad it came from. */
export function openAd() {
  const headline = field(t("ad.headline"), { value: t("ad.headline.value"), required: true });
  const body = field(t("ad.body"), { value: t("ad.body.value") });
  const words = field(t("ad.message"), { value: t("ad.message.value"), required: true });
  const submit = (event) => {
    event.preventDefault();
    closeSheet();
    const referral = {
      source_url: "https://fb.me/kite-ad",
      source_id: "120208844370800137",
      source_type: "ad",
      headline: headline.input.value,
      body: body.input.value,
      media_type: "image",
      image_url: "https://example.com/ad.png",
      ctwa_clid: `sandbox_${crypto.getRandomValues(new Uint32Array(2)).join("_")}`,
    };
    send({ type: "text", text: { body: words.input.value }, referral });
  };
  openSheet(t("ad.title"), h("form", { onsubmit: submit }, headline.row, body.row, words.row, h("button", { class: "send" }, t("ad.send"))));
}
