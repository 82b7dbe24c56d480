// The part of the panel where a person plays Meta's reviewer.

import { api } from "./api.js";
import { h, icon } from "./dom.js";
import { knows, t } from "./texts.js";
import { get, set } from "./state.js";
import { attempt, toast } from "./toast.js";
import { section } from "./controls.js";
import { choose } from "./dom.js";

const SHOWN = 6;
const LOOKS = { APPROVED: "good", REJECTED: "bad", DISABLED: "bad", PAUSED: "waits", PENDING: "waits", IN_APPEAL: "waits" };
const REASONS = ["INVALID_FORMAT", "TAG_CONTENT_MISMATCH", "PROMOTIONAL", "SCAM"];
let all = false;

const words = (why) => t("panel.failed", { why });
const named = (group, value) => (knows(`${group}.${value}`) ? t(`${group}.${value}`) : value);

/** Reads the templates again. */
export async function refreshTemplates() {
  const found = await attempt(() => api.templates(), words);
  if (found) set({ templates: found.data });
}

/** Those that wait for a decision first, then by name. */
function inOrder(templates) {
  const weight = ({ status }) => (status === "PENDING" ? 0 : status === "APPROVED" ? 2 : 1);
  return templates.toSorted((a, b) => weight(a) - weight(b) || a.name.localeCompare(b.name));
}

function row(template) {
  const quality = template.quality_score?.score ?? template.quality;
  const small = [named("category", template.category), template.language, quality && knows(`quality.${quality}`) && t(`quality.${quality}`)].filter(Boolean).join(" · ");
  return h("li", null, h("button", { type: "button", title: t("template.decide", { name: template.name }), onclick: () => decide(template) }, h("b", null, template.name), h("small", null, small), h("span", { class: `chip ${LOOKS[template.status] ?? ""}` }, named("status", template.status))));
}

/** Draws the part. */
export function templatesSection() {
  const templates = inOrder(get("templates") ?? []);
  if (templates.length === 0) return section("document", t("panel.templates"), h("p", null, t("panel.templates.none")));
  const shown = all ? templates : templates.slice(0, SHOWN);
  const more = templates.length - shown.length;
  const open = () => {
    all = true;
    set({ templates: [...get("templates")] });
  };
  return section("document", t("panel.templates"), h("ul", { class: "templates" }, shown.map(row)), more > 0 && h("button", { type: "button", class: "button", onclick: open }, t("panel.templates.more", { count: more }), icon("chevron")));
}

/** Asks what Meta decides about a template. */
function decide(template) {
  let reason = REASONS[0];
  const dialog = h("dialog", { class: "dialog", "aria-label": t("template.decide", { name: template.name }) });
  const act = async (what, decision) => {
    dialog.close();
    const done = await attempt(() => api.decide(template.id, decision), words);
    if (done === undefined) return;
    toast(t("template.done", { name: template.name, what }));
    await refreshTemplates();
  };
  const button = (key, decision, look = "") => h("button", { type: "button", class: `button ${look}`.trim(), onclick: () => act(t(key), decision()) }, t(key));
  const reasons = choose(t("template.reason"), REASONS.map((one) => [one, t(`template.reason.${one}`)]), reason, (value) => {
    reason = value;
  });
  dialog.append(
    h("h2", null, template.name),
    h("form", { method: "dialog" },
      h("div", { class: "buttons" }, button("template.approve", () => ({ status: "APPROVED" })), button("template.pause", () => ({ status: "PAUSED" })), button("template.disable", () => ({ status: "DISABLED" }), "danger")),
      h("label", null, t("template.reason"), h("div", { class: "buttons" }, reasons, button("template.reject", () => ({ status: "REJECTED", reason }), "danger"))),
      h("div", { class: "buttons" }, button("template.quality.green", () => ({ quality: "GREEN" })), button("template.quality.yellow", () => ({ quality: "YELLOW" })), button("template.quality.red", () => ({ quality: "RED" }))),
      h("footer", null, h("button", { class: "button" }, t("composer.cancel")))),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
