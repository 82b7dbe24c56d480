// The bar on top: brand, business number, what is switched on, clock, theme.

import { choose, fillWith, h, icon, iconButton } from "./dom.js";
import { t } from "./texts.js";
import { get, on, remember, set } from "./state.js";
import { dial } from "./conversation.js";
import { active } from "./faults.js";
import { span } from "./words.js";

function flip() {
  set({ theme: get("theme") === "dark" ? "light" : "dark", themeChosen: true });
  remember();
}

/** The button that changes the theme. */
export function themeButton(look = "") {
  const button = iconButton("moon", "", flip, { class: `icon-button ${look}`.trim() });
  on(["theme"], () => {
    const dark = get("theme") === "dark";
    const label = t(dark ? "bar.theme.light" : "bar.theme.dark");
    button.setAttribute("aria-label", label);
    button.title = label;
    button.replaceChildren(icon(dark ? "sun" : "moon"));
    document.documentElement.dataset.theme = get("theme");
  });
  return button;
}

/** Fills the bar. */
export function topBar(bar) {
  const brand = h("span", { class: "brand" }, h("img", { src: "/assets/mark.svg", alt: "" }), t("app.title"), h("small", null, t("app.part")));
  const numbers = h("span", { class: "numbers" });
  const state = h("span", { class: "bar-end" });
  const chips = h("span", { class: "bar-end chips" });
  const panel = iconButton("panel", t("bar.panel"), () => set({ panelOpen: !get("panelOpen") }), { class: "icon-button only-narrow", "aria-controls": "panel" });
  state.append(chips, themeButton(), panel);
  fillWith(bar, brand, numbers, state);
  on(["numbers", "number"], () => {
    const options = get("numbers").map((number) => [number.id, `${number.verified_name} · ${number.display_phone_number}`]);
    const [only] = options;
    fillWith(numbers, options.length === 1 && h("span", { class: "only" }, only[1]), options.length > 1 && choose(t("bar.number"), options, get("number"), dial));
  });
  on(["faults", "clock", "connected"], () => {
    const count = active(get("faults"));
    const ahead = get("clock")?.offset_ms ?? 0;
    fillWith(
      chips,
      !get("connected") && h("span", { class: "chip bad", role: "status" }, icon("refresh"), t("bar.offline")),
      count > 0 && h("button", { type: "button", class: "chip waits", onclick: () => set({ panelOpen: true }) }, icon("flask"), t("bar.faults", { count })),
      Math.abs(ahead) > 60_000 && h("span", { class: "chip" }, icon("clock"), t("clock.ahead", { time: span(ahead) })),
    );
  });
  on(["panelOpen"], () => panel.setAttribute("aria-expanded", String(get("panelOpen"))));
}
