// Pictures, films, recordings, files and stickers in a bubble.

import { h, icon } from "./dom.js";
import { t } from "./texts.js";
import { mediaPath } from "./api.js";
import { wave } from "./waveform.js";
import { length, textBlock } from "./words.js";

/** Words in place of a file that the page cannot show, saying why. */
function missing(object, given) {
  const link = object?.link ?? given;
  const elsewhere = link && URL.canParse(link);
  const words = elsewhere ? t("media.elsewhere", { host: new URL(link).host }) : t("media.gone");
  return h("span", { class: "missing" }, icon("image"), words);
}

/** A picture, or words when there is none. */
export function picture(object, given, alt) {
  const path = mediaPath(object, given);
  if (!path) return h("span", { class: "picture" }, missing(object, given));
  const image = h("img", { src: path, alt, loading: "lazy", decoding: "async" });
  image.addEventListener("error", () => image.replaceWith(missing(object, given)), { once: true });
  return h("a", { class: "picture", href: path, target: "_blank", rel: "noopener" }, image);
}

/** A film with the browser's controls. */
export function film(object, given) {
  const path = mediaPath(object, given);
  if (!path) return h("span", { class: "picture" }, missing(object, given));
  return h("span", { class: "picture" }, h("video", { src: path, controls: true, preload: "metadata", playsinline: true }));
}

function withCaption(box, message, body) {
  if (body.caption) return { nodes: [box, textBlock(body.caption, message)], look: "wide" };
  box.classList.add("only");
  return { nodes: [box], look: "wide", metaLook: "over" };
}

/** An image message. */
export function image(message, body) {
  return withCaption(picture(body, message.media_url, body.caption ?? t("kind.image")), message, body);
}

/** A video message. */
export function video(message, body) {
  const box = withCaption(film(body, message.media_url), message, body);
  return body.caption ? box : { ...box, metaLook: "line" };
}

/** A sticker: no bubble around it. */
export function sticker(message, body) {
  const path = mediaPath(body, message.media_url);
  const drawing = path ? h("img", { src: path, alt: t("kind.sticker") }) : missing(body, message.media_url);
  return { nodes: [drawing], look: "sticker", metaLook: "over" };
}

const KINDS = [
  [/pdf/u, "PDF", ""],
  [/sheet|excel|csv/u, "XLS", "sheet"],
  [/word|text|document/u, "DOC", "words"],
];

/** A document as a card: kind, name, and a way to open it. */
export function fileCard(object, given) {
  const path = mediaPath(object, given);
  const name = object.filename ?? t("kind.document");
  const mime = object.mime_type ?? (name.endsWith(".pdf") ? "application/pdf" : "");
  const ending = /\.(\w{1,4})$/u.exec(name)?.[1]?.toUpperCase();
  const [, kind, look] = KINDS.find(([pattern]) => pattern.test(mime)) ?? [null, ending ?? "FILE", "other"];
  const card = [h("span", { class: `kind ${look}`.trim() }, ending ?? kind), h("span", { class: "name" }, h("b", { dir: "auto" }, name), h("small", null, kind)), icon("download")];
  card[1].firstChild.classList.add("cut");
  if (!path) return h("span", { class: "file" }, card);
  return h("a", { class: "file", href: path, download: name, title: t("media.open", { name }) }, card);
}

/** A document message. */
export function file(message, body) {
  const card = fileCard(body, message.media_url);
  return body.caption ? { nodes: [card, textBlock(body.caption, message)] } : { nodes: [card], metaLook: "line" };
}

let playing = null;

/** A recording: play button, waveform drawn from the sound itself, length. */
export function audio(message, body) {
  const path = mediaPath(body, message.media_url);
  const sound = new Audio();
  sound.preload = "metadata";
  if (path) sound.src = path;
  const time = h("span", { class: "length figures" }, length(0));
  const bars = wave(path, t("media.position"), (share) => {
    if (Number.isFinite(sound.duration)) sound.currentTime = share * sound.duration;
  }, (seconds) => {
    known = seconds;
    if (sound.paused) time.textContent = length(seconds);
  });
  let known = 0;
  const button = h("button", { type: "button", "aria-label": t("media.play"), disabled: !path }, icon("play"));
  const show = () => {
    const label = t(sound.paused ? "media.play" : "media.pause");
    button.setAttribute("aria-label", label);
    button.replaceChildren(icon(sound.paused ? "play" : "pause"));
  };
  button.addEventListener("click", () => {
    if (!sound.paused) return sound.pause();
    if (playing && playing !== sound) playing.pause();
    playing = sound;
    return sound.play().catch(() => show());
  });
  for (const name of ["play", "pause", "ended"]) sound.addEventListener(name, show);
  sound.addEventListener("timeupdate", () => {
    const whole = Number.isFinite(sound.duration) ? sound.duration : known;
    bars.at(whole ? sound.currentTime / whole : 0);
    time.textContent = length(sound.currentTime || whole);
  });
  sound.addEventListener("ended", () => {
    bars.at(0);
    time.textContent = length(known);
  });
  return { nodes: [h("div", { class: "player" }, button, bars.element), time] };
}
