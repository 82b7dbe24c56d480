// Sending files: from the simulator's samples, from this computer, by drop or paste.

import { api } from "./api.js";
import { h, icon } from "./dom.js";
import { t } from "./texts.js";
import { send } from "./deeds.js";
import { closeSheet, field, openSheet } from "./sheet.js";
import { attempt, toast } from "./toast.js";
import { openOrder } from "./forms.js";
import { disown, own } from "./waveform.js";
import { openAd, openContact, openLocation } from "./places.js";

/** A preview outlives its sending a little: the bubble may still be reading it. */
const KEPT_MS = 10_000;
const LARGEST = 100 * 1024 * 1024;
const ACCEPT = { image: "image/*,video/*", document: "", audio: "audio/*", sticker: "image/webp" };
const SIGNS = { image: "image", video: "film", audio: "mic", document: "document", sticker: "sticker" };

/** The sheet behind the clip: what can be sent. */
export function openAttachments() {
  const tile = (sign, key, open) => h("button", { type: "button", class: "tile-button", onclick: open }, h("span", null, icon(sign)), t(`attach.${key}`));
  openSheet(
    t("attach.title"),
    h(
      "div",
      { class: "tiles" },
      tile("image", "image", () => openLibrary("image")),
      tile("document", "document", () => openLibrary("document")),
      tile("mic", "audio", () => openLibrary("audio")),
      tile("sticker", "sticker", () => openLibrary("sticker")),
      tile("pin", "location", () => openLocation()),
      tile("person", "contacts", openContact),
      tile("bag", "order", () => openOrder(null, [])),
      tile("megaphone", "ad", openAd),
    ),
  );
}

/** Samples of one kind, and the way to a file of one's own. */
export async function openLibrary(kind) {
  const found = await attempt(() => api.samples(), (why) => t("panel.failed", { why }));
  if (!found) return;
  const kinds = kind === "image" ? ["image", "video"] : [kind];
  const samples = found.data.filter((sample) => kinds.includes(sample.type));
  const input = h("input", { type: "file", accept: ACCEPT[kind], hidden: true, onchange: () => input.files[0] && sendFile(input.files[0], { kind }) });
  const own = h("button", { type: "button", class: "row", onclick: () => input.click() }, icon("download"), h("div", null, t("attach.file")));
  const pictures = kind === "image" || kind === "sticker";
  const words = (sample) => h("button", { type: "button", class: "row", onclick: () => sendSample(sample) }, icon(SIGNS[sample.type]), h("div", { dir: "auto" }, sample.filename ?? sample.name));
  const still = (sample) => h("button", { type: "button", "aria-label": sample.name, title: sample.name, onclick: () => pickSample(sample) }, h("img", { src: sample.url, alt: "" }));
  const list = pictures ? [h("div", { class: "samples" }, samples.filter((one) => one.type !== "video").map(still)), h("ul", { class: "rows" }, samples.filter((one) => one.type === "video").map((one) => h("li", null, words(one))))] : h("ul", { class: "rows" }, samples.map((one) => h("li", null, words(one))));
  openSheet(t(`attach.${kind}`), samples.length > 0 ? list : h("p", null, t("attach.none")), input, own);
}

function pickSample(sample) {
  if (sample.type === "sticker") sendSample(sample);
  else preview(h("img", { src: sample.url, alt: sample.name }), sample.name, (caption) => sendSample(sample, caption));
}

function sendSample(sample, caption) {
  closeSheet();
  const object = { sample: sample.name };
  if (caption) object.caption = caption;
  if (sample.type === "document") object.filename = sample.filename;
  if (sample.type === "audio") object.voice = true;
  return send({ type: sample.type, [sample.type]: object }, { shown: { media_url: sample.url } });
}

/** Shows a picture or film with a place for a caption before it goes. */
function preview(node, name, go) {
  const caption = field(t("attach.caption"));
  const submit = (event) => {
    event.preventDefault();
    closeSheet();
    go(caption.input.value.trim());
  };
  openSheet(name, h("form", { onsubmit: submit }, h("div", { class: "preview" }, node), caption.row, h("button", { class: "send" }, t("attach.send"))));
}

function kindOf(file, wanted) {
  if (wanted === "document" || wanted === "sticker") return wanted;
  const [family] = file.type.split("/");
  if (family === "audio") return "audio";
  if (file.type === "video/mp4" || file.type === "video/3gpp") return "video";
  return file.type === "image/jpeg" || file.type === "image/png" ? "image" : "document";
}

/**
 * Sends a file of this computer; pictures and films first ask for a caption.
 * @param {File | Blob} file
 * @param {{kind?: string, voice?: boolean}} [how]
 */
export function sendFile(file, { kind, voice = false } = {}) {
  const name = file.name ?? "voice-note.ogg";
  if (file.size > LARGEST) return toast(t("attach.too_big", { name }), { bad: true });
  const type = voice ? "audio" : kindOf(file, kind);
  const url = URL.createObjectURL(file);
  if (type === "audio") own(url, file);
  const go = (caption) => upload(file, { name, type, url, caption, voice });
  if (type === "image") return preview(h("img", { src: url, alt: name }), name, go);
  if (type === "video") return preview(h("video", { src: url, controls: true, muted: true }), name, go);
  closeSheet();
  return go();
}

async function upload(file, { name, type, url, caption, voice }) {
  const shown = { mime_type: file.type, filename: name, caption, voice };
  await send({ type, [type]: shown }, {
    shown: { media_url: url },
    prepare: async () => {
      const { media_id } = await api.upload(file, name);
      const object = { media_id };
      if (caption) object.caption = caption;
      if (type === "document") object.filename = name;
      if (voice) object.voice = true;
      return { type, [type]: object };
    },
  });
  setTimeout(() => {
    disown(url);
    URL.revokeObjectURL(url);
  }, KEPT_MS);
}

/** Takes files that are dropped on or pasted into the screen. */
export function takeFiles(screen, allowed) {
  let depth = 0;
  const veil = h("div", { class: "drop", hidden: true }, t("chat.drop"));
  screen.append(veil);
  const over = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files") && allowed();
  screen.addEventListener("dragenter", (event) => {
    if (!over(event)) return;
    depth += 1;
    veil.hidden = false;
  });
  screen.addEventListener("dragleave", () => {
    depth = Math.max(0, depth - 1);
    veil.hidden = depth === 0;
  });
  screen.addEventListener("dragover", (event) => over(event) && event.preventDefault());
  screen.addEventListener("drop", (event) => {
    if (!over(event)) return;
    event.preventDefault();
    depth = 0;
    veil.hidden = true;
    for (const file of event.dataTransfer.files) sendFile(file);
  });
  screen.addEventListener("paste", (event) => {
    const [file] = event.clipboardData?.files ?? [];
    if (!file || !allowed()) return;
    event.preventDefault();
    sendFile(file);
  });
}
