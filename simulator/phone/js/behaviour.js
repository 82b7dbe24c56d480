// The part of the panel about the person who holds the phone.

import { api } from "./api.js";
import { h, icon } from "./dom.js";
import { t } from "./texts.js";
import { get, set } from "./state.js";
import { attempt } from "./toast.js";
import { section, segments, setting, toggle } from "./controls.js";
import { block, marketing } from "./deeds.js";
import { refreshThread } from "./conversation.js";
import { span } from "./words.js";

const words = (why) => t("panel.failed", { why });
const REPLY_AFTER_MS = 2000;

async function change(patch) {
  const person = get("person");
  const done = await attempt(() => api.behaviour(person, patch), words);
  if (done === undefined) return;
  const holder = await attempt(() => api.person(person), words);
  if (holder && get("person") === person) set({ holder });
  refreshThread();
}

/** How long the business may still write freely. */
function windowChip({ open, closes_at_us }) {
  const now = get("clock")?.now_us ?? Date.now() * 1000;
  if (!open) return h("span", { class: "chip" }, icon("lock"), t("chat.window.closed"));
  return h("span", { class: "chip good" }, icon("clock"), t("chat.window.open", { time: span((closes_at_us - now) / 1000) }));
}

/** Draws the part. */
export function personSection() {
  const holder = get("holder");
  if (!holder) return section("person", t("panel.nobody"), h("p", null, t("panel.person.none")));
  const { behaviour = {} } = holder;
  const reads = ["always", "when_open", "never"].map((one) => [one, t(`reads.${one}`)]);
  const thread = get("thread");
  const reply = { text: t("panel.reply.text"), after_ms: REPLY_AFTER_MS, probability: 1 };
  const part = section(
    "person",
    t("panel.person", { name: holder.name }),
    setting(t("panel.reads"), null, segments(t("panel.reads"), reads, behaviour.reads, (value) => change({ reads: value })), false),
    toggle(t("panel.online"), t("panel.online.help"), behaviour.delivers !== false, (value) => change({ delivers: value })),
    toggle(t("panel.reply"), t("panel.reply.help"), Boolean(behaviour.replies), (value) => change({ replies: value ? reply : null })),
    toggle(t("panel.block"), null, thread?.blocked, block, { warns: true }),
    toggle(t("panel.stop"), null, thread?.stopped, (value) => marketing(value ? "stop" : "resume"), { warns: true }),
  );
  if (thread?.window) part.querySelector("h3").append(windowChip(thread.window));
  return part;
}
