// "Make Meta misbehave": faults of the API and of webhooks, and the parts of the
// panel about the person, the clock and the templates.

import { api } from "./api.js";
import { choose, h, fillWith, iconButton } from "./dom.js";
import { t } from "./texts.js";
import { get, on, set } from "./state.js";
import { attempt } from "./toast.js";
import { API_FAULTS, CODES, RATES, WEBHOOK_FAULTS, active, calm, refusal } from "./faults.js";
import { redraw, section, segments, setting, toggle } from "./controls.js";
import { clockSection } from "./clock.js";
import { personSection } from "./behaviour.js";
import { templatesSection } from "./templates.js";

const words = (why) => t("panel.failed", { why });

/** Reads the faults again. */
export async function refreshFaults() {
  const faults = await attempt(() => api.faults(), words);
  if (faults) set({ faults });
}

/** Reads the state of the webhook queue again. */
export async function refreshStatus() {
  try {
    const [status, log] = await Promise.all([api.status(), api.webhooks()]);
    set({ status: { ...status, log: log.data ?? [] } });
  } catch {
    // The stream's own chip says that the simulator is away.
  }
}

async function change(patch) {
  const answer = await attempt(() => api.setFaults(patch), words);
  if (answer?.rates) set({ faults: answer });
  else await refreshFaults();
}

function fault(one, faults) {
  const value = one.read(faults);
  const offered = one.values.some(([key]) => key === value) ? one.values : [...one.values, [value, String(value)]];
  const choices = offered.map(([key, text]) => [key, t(text)]);
  return setting(t(one.key), one.help && t(`${one.key}.help`), segments(t(one.key), choices, value, (next) => change(one.write(next))), value > 0);
}

let chosenCode = null;

function refuse(faults) {
  const now = refusal(faults);
  const code = now.rate > 0 ? now.code : (chosenCode ?? now.code);
  const put = (next, rate) => change({ rates: { code: { [now.code]: 0, [next]: rate } } });
  const codes = choose(t("panel.code"), [...new Set([...CODES, code])].map((one) => [one, CODES.includes(one) ? t(`panel.code.${one}`) : one]), code, (next) => {
    chosenCode = next;
    if (now.rate > 0) put(next, now.rate);
  });
  const offered = RATES.some(([key]) => key === now.rate) ? RATES : [...RATES, [now.rate, String(now.rate)]];
  const rate = segments(t("panel.code"), offered.map(([key, text]) => [key, t(text)]), now.rate, (next) => put(chosenCode ?? code, next));
  return setting(t("panel.code"), t("panel.code.help"), h("div", { class: "setting" }, codes, rate), now.rate > 0);
}

function apiSection() {
  const faults = get("faults") ?? {};
  return section("alert", t("panel.api"), API_FAULTS.map((one) => fault(one, faults)), refuse(faults));
}

function webhookSection() {
  const faults = get("faults") ?? {};
  const hooks = get("status")?.webhooks ?? {};
  const app = get("status")?.app;
  const fact = (label, value) => h("div", null, h("dt", null, label), h("dd", { class: "figures" }, (value ?? 0).toLocaleString()));
  const log = (get("status")?.log ?? []).slice(0, 4).map((one) => {
    const good = one.status >= 200 && one.status < 300;
    return h("li", { class: "figures" }, h("span", { class: good ? "good" : "bad" }, one.status || "—"), h("span", { title: one.url }, summaryOf(one)), h("span", null, `${one.ms} ms`));
  });
  return section(
    "refresh",
    t("panel.webhooks"),
    toggle(t("panel.pause"), t("panel.pause.help"), faults.webhooks_paused, (value) => change({ webhooks_paused: value }), { warns: true }),
    WEBHOOK_FAULTS.map((one) => fault(one, faults)),
    toggle(t("panel.drop_callback"), t("panel.drop_callback.help"), faults.drop_callback_data, (value) => change({ drop_callback_data: value }), { warns: true }),
    h("dl", { class: "facts" }, fact(t("panel.queued"), hooks.queued), fact(t("panel.delivered"), hooks.delivered), fact(t("panel.failed_count"), hooks.failed)),
    app && !app.webhook_url && h("p", { class: "setting" }, t("panel.no_webhook")),
    log.length > 0 && h("ul", { class: "webhook-log" }, log),
  );
}

/** What a delivery was about, from the beginning of its body. */
function summaryOf({ body_preview = "", url }) {
  const field = /"field":\s*"(\w+)"/u.exec(body_preview)?.[1];
  const kind = /"(?:status|type)":\s*"(\w+)"/u.exec(body_preview)?.[1];
  return [field, kind].filter(Boolean).join(" · ") || url;
}

/** Fills the panel. */
export function sidePanel(panel) {
  const reset = h("button", { type: "button", class: "button", onclick: () => change(calm(get("faults"))) }, t("panel.reset"));
  const close = iconButton("close", t("panel.close"), () => set({ panelOpen: false }), { class: "icon-button only-narrow" });
  const part = (keys, draw) => {
    const box = h("div");
    on(keys, () => redraw(box, draw));
    return box;
  };
  panel.setAttribute("aria-label", t("panel.title"));
  fillWith(
    panel,
    h("div", { class: "panel-head" }, h("h2", null, t("panel.title")), reset, close),
    h("div", { class: "panel-body", tabindex: "-1" }, part(["holder", "thread", "person"], personSection), part(["faults"], apiSection), part(["faults", "status"], webhookSection), part(["clock"], clockSection), part(["templates"], templatesSection)),
  );
  const scrim = h("div", { class: "scrim", onclick: () => set({ panelOpen: false }) });
  document.body.append(scrim);
  document.addEventListener("keydown", (event) => event.key === "Escape" && get("panelOpen") && set({ panelOpen: false }));
  on(["faults"], () => {
    reset.disabled = active(get("faults")) === 0;
  });
  let opener = null;
  on(["panelOpen"], () => {
    const open = get("panelOpen");
    document.body.classList.toggle("panel-open", open);
    if (open) {
      opener = document.activeElement;
      close.focus();
    } else if (opener) {
      opener.focus?.();
      opener = null;
    }
  });
}
