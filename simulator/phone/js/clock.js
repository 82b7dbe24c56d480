// The simulator's clock: shown, and put forward.

import { api } from "./api.js";
import { h } from "./dom.js";
import { t } from "./texts.js";
import { get, set } from "./state.js";
import { attempt, toast } from "./toast.js";
import { section } from "./controls.js";
import { dateOf, span, timeOf } from "./words.js";
import { refreshThread } from "./conversation.js";

const HOUR_MS = 3_600_000;
const SHOWN_EVERY_MS = 10_000;

/** Reads the clock again. */
export async function refreshClock() {
  try {
    const clock = await api.clock();
    set({ clock: { ...clock, read_ms: performance.now() } });
  } catch {
    // Kept as it was; the next event or tick reads it again.
  }
}

/** Lets the shown time go on between two readings. */
export function runClock() {
  setInterval(() => {
    const clock = get("clock");
    if (!clock) return;
    const now = performance.now();
    set({ clock: { ...clock, now_us: clock.now_us + Math.round((now - clock.read_ms) * 1000), read_ms: now } });
  }, SHOWN_EVERY_MS);
}

async function advance(ms) {
  const done = await attempt(() => api.advance(ms), (why) => t("panel.failed", { why }));
  if (done === undefined) return;
  toast(t("clock.moved", { time: span(ms) }), { sign: "clock" });
  await refreshClock();
  await refreshThread();
}

/** Draws the part of the panel. */
export function clockSection() {
  const clock = get("clock");
  const now = clock?.now_us ?? Date.now() * 1000;
  const ahead = clock?.offset_ms ?? 0;
  const hours = h("input", { class: "field", type: "number", min: "0.01", step: "any", "aria-label": t("clock.custom"), placeholder: t("clock.custom") });
  const submit = (event) => {
    event.preventDefault();
    const value = Number(hours.value);
    if (!(value > 0)) return toast(t("clock.bad"), { bad: true });
    return advance(Math.round(value * HOUR_MS));
  };
  const part = section(
    "clock",
    t("panel.clock"),
    h("p", { class: "now figures" }, `${dateOf(now)}, ${timeOf(now)}`),
    h("p", null, t("clock.help")),
    h("div", { class: "buttons" }, h("button", { type: "button", class: "button", onclick: () => advance(HOUR_MS) }, t("clock.hour")), h("button", { type: "button", class: "button", onclick: () => advance(24 * HOUR_MS) }, t("clock.day"))),
    h("form", { class: "buttons clock-form", onsubmit: submit, novalidate: true }, hours, h("button", { class: "button" }, t("clock.go"))),
  );
  part.querySelector("h3").append(h("span", { class: Math.abs(ahead) > 60_000 ? "chip waits" : "chip" }, Math.abs(ahead) > 60_000 ? t("clock.ahead", { time: span(ahead) }) : t("clock.real")));
  return part;
}
