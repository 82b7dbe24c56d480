// Turns data into words and figures: WhatsApp's text marks, times, spans, numbers.

import { h } from "./dom.js";
import { t } from "./texts.js";

const clockTime = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: "long" });
const shortDate = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const longDate = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "long", year: "numeric" });
const wholeDate = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });

/** Hours and minutes of a moment in microseconds. */
export function timeOf(at_us) {
  return clockTime.format(at_us / 1000);
}

/** Weekday and date, for the lock screen and the clock. */
export function dateOf(at_us) {
  return wholeDate.format(at_us / 1000);
}

/** A key that is the same for all moments of one local day. */
export function dayKey(at_us) {
  const day = new Date(at_us / 1000);
  return `${day.getFullYear()}-${day.getMonth()}-${day.getDate()}`;
}

/** The words of a day divider, seen from `now_us`. */
export function dayName(at_us, now_us) {
  if (dayKey(at_us) === dayKey(now_us)) return t("chat.today");
  const DAY = 86_400_000_000;
  if (dayKey(at_us + DAY) === dayKey(now_us)) return t("chat.yesterday");
  return now_us - at_us < 6 * DAY && at_us < now_us ? weekday.format(at_us / 1000) : longDate.format(at_us / 1000);
}

/** Time today, date otherwise: the end of a row in the list. */
export function whenShort(at_us, now_us) {
  return dayKey(at_us) === dayKey(now_us) ? timeOf(at_us) : shortDate.format(at_us / 1000);
}

/** A span of milliseconds in words. */
export function span(ms) {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  if (minutes < 60) return t("span.minutes", { count: minutes });
  const hours = Math.floor(minutes / 60);
  if (hours >= 48 && hours % 24 === 0) return t("span.days", { count: hours / 24 });
  if (minutes % 60 === 0) return t("span.whole_hours", { count: hours });
  return t("span.hours", { hours, minutes: minutes % 60 });
}

/** Minutes and seconds of a recording. */
export function length(seconds) {
  const whole = Number.isFinite(seconds) ? Math.round(seconds) : 0;
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** Bytes in the unit people use. */
export function bytes(count) {
  if (count < 1000) return `${count} B`;
  if (count < 1_000_000) return `${Math.round(count / 1000)} kB`;
  return `${(count / 1_000_000).toFixed(1)} MB`;
}

/** An amount of money; a currency that Intl does not know is written out. */
export function money(amount, currency) {
  try {
    return new Intl.NumberFormat(undefined, { style: "currency", currency, maximumFractionDigits: 2 }).format(amount);
  } catch {
    return `${amount} ${currency ?? ""}`.trim();
  }
}

/** Up to two initials of a name, without splitting a letter from its marks. */
export function initials(name) {
  const parts = name.trim().split(/\s+/u).filter((part) => /\p{L}|\p{N}/u.test(part));
  const first = (part) => [...new Intl.Segmenter().segment(part)][0]?.segment ?? "";
  const letters = parts.length > 1 ? first(parts[0]) + first(parts.at(-1)) : first(parts[0] ?? name);
  return letters.toLocaleUpperCase();
}

/** A coloured circle with a person's initials; the colour follows the id. */
export function avatar(person) {
  let sum = 0;
  for (const letter of person.id ?? person.name ?? "") sum = (sum * 31 + letter.codePointAt(0)) % 4096;
  return h("span", { class: `avatar c${sum % 8}`, "aria-hidden": "true" }, initials(person.name || person.phone || "?"));
}

const INLINE = [
  { open: "```", tag: "code", raw: true },
  { open: "`", tag: "code", raw: true },
  { open: "*", tag: "strong" },
  { open: "_", tag: "em" },
  { open: "~", tag: "s" },
];
const LINK = /\b(?:https?:\/\/|www\.)[^\s<>"']+[^\s<>"'.,;:!?)\]]/giu;
const WORDLIKE = /[\p{L}\p{N}]/u;

/**
 * A message text as WhatsApp shows it: `*bold*`, `_italic_`, `~strike~`, code,
 * quoted lines, links. A mark counts only at a word's edge and around something.
 * @returns {Node[]}
 */
export function marked(text) {
  const nodes = [];
  const lines = text.split("\n");
  let plain = [];
  const close = () => {
    if (plain.length > 0) nodes.push(...inline(plain.join("\n")));
    plain = [];
  };
  for (const line of lines) {
    if (line.startsWith("> ") && line.length > 2) {
      close();
      nodes.push(h("blockquote", { dir: "auto" }, inline(line.slice(2))));
    } else plain.push(line);
  }
  close();
  return nodes;
}

function inline(text) {
  for (let at = 0; at < text.length; at += 1) {
    for (const mark of INLINE) {
      if (!text.startsWith(mark.open, at)) continue;
      const end = closing(text, at, mark);
      if (end < 0) continue;
      const inner = text.slice(at + mark.open.length, end);
      return [...links(text.slice(0, at)), h(mark.tag, null, mark.raw ? inner : inline(inner)), ...inline(text.slice(end + mark.open.length))];
    }
  }
  return links(text);
}

function closing(text, at, mark) {
  const size = mark.open.length;
  if (at > 0 && WORDLIKE.test(text[at - 1])) return -1;
  if (!mark.raw && /\s/u.test(text[at + size] ?? " ")) return -1;
  for (let end = text.indexOf(mark.open, at + size + 1); end > 0; end = text.indexOf(mark.open, end + 1)) {
    if (!mark.raw && text.slice(at, end).includes("\n")) return -1;
    const after = text[end + size] ?? " ";
    if (!WORDLIKE.test(after) && (mark.raw || !/\s/u.test(text[end - 1]))) return end;
  }
  return -1;
}

function links(text) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    if (match.index > from) nodes.push(text.slice(from, match.index));
    const href = match[0].startsWith("www.") ? `https://${match[0]}` : match[0];
    nodes.push(h("a", { href, target: "_blank", rel: "noopener noreferrer" }, match[0]));
    from = match.index + match[0].length;
  }
  if (from < text.length) nodes.push(text.slice(from));
  return nodes.map((node) => (node instanceof Node ? node : document.createTextNode(node)));
}

/** Whether a text is one to three emoji and nothing else, which are drawn large. */
export function onlyEmoji(text) {
  const signs = [...new Intl.Segmenter().segment(text.trim())].map((part) => part.segment);
  return signs.length > 0 && signs.length <= 3 && signs.every((sign) => /\p{Extended_Pictographic}/u.test(sign));
}

/** A text with room at its end for time and ticks. */
export function textBlock(body, message, { last = true } = {}) {
  const look = ["text", onlyEmoji(body) && "big", last && opposite(body) && "opposite"].filter(Boolean).join(" ");
  return h("div", { class: look, dir: "auto" }, marked(body), last && h("span", { class: message.edited ? "room edited" : "room" }));
}

const LETTER = /\p{L}/u;
const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** The small line under a body; the time comes to stand at its end. */
export function footText(words) {
  return h("div", { class: opposite(words) ? "foot-text opposite" : "foot-text", dir: "auto" }, words);
}

/** Whether a text runs against the page: then the time cannot share its last line. */
function opposite(text) {
  const first = LETTER.exec(text)?.[0];
  return first !== undefined && RIGHT_TO_LEFT.test(first) !== (document.documentElement.dir === "rtl");
}

/** A text without its marks, for one line in a list or a quote. */
export function plain(text) {
  return h("span", null, marked(text)).textContent;
}
