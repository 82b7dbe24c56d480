// What slides up over the phone's screen. One at a time; Escape, the scrim and the
// close button leave it, and the focus goes back to where it came from.

import { h, icon } from "./dom.js";
import { t } from "./texts.js";

let leave = null;

/** Closes what is open over the screen. */
export function closeSheet() {
  leave?.();
}

/**
 * Covers the screen with `content`.
 * @param {HTMLElement} content
 * @param {{label: string, focus?: HTMLElement}} how
 */
export function cover(content, { label, focus }) {
  closeSheet();
  const screen = document.querySelector(".screen");
  const before = document.activeElement;
  const layer = h("div", { class: "cover", role: "dialog", "aria-modal": "true", "aria-label": label }, content);
  const beneath = [...screen.children];
  for (const element of beneath) element.inert = true;
  leave = () => {
    leave = null;
    layer.remove();
    for (const element of beneath) element.inert = false;
    if (before?.isConnected) before.focus?.({ preventScroll: true });
  };
  const mine = leave;
  layer.addEventListener("pointerdown", (event) => {
    if (event.target === layer) layer.addEventListener("click", () => leave === mine && mine(), { once: true });
  });
  layer.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      closeSheet();
    }
    if (event.key === "Tab") trap(layer, event);
  });
  screen.append(layer);
  (focus ?? layer.querySelector("button, input, textarea"))?.focus({ preventScroll: true });
}

function trap(layer, event) {
  const all = [...layer.querySelectorAll("button, input, textarea, select, a[href]")].filter((one) => !one.disabled && one.offsetParent);
  const at = all.indexOf(document.activeElement);
  const leaves = event.shiftKey ? at <= 0 : at === all.length - 1;
  if (!leaves || all.length === 0) return;
  all.at(event.shiftKey ? -1 : 0).focus();
  event.preventDefault();
}

/**
 * A sheet with a title.
 * @param {string} title
 * @param {...(Node|Array)} children
 */
export function openSheet(title, ...children) {
  const close = h("button", { type: "button", class: "tap", "aria-label": t("menu.close"), onclick: closeSheet }, icon("close"));
  const body = h("div", { class: "sheet-body" }, children);
  const focus = body.querySelector("input:not([type=file]), textarea, button");
  cover(h("div", { class: "sheet" }, h("div", { class: "sheet-head" }, h("h2", null, title), close), body), { label: title, focus: focus ?? close });
  return body;
}

/** A labelled field for a sheet's form. */
export function field(label, props = {}) {
  const input = h("input", { class: "field", autocomplete: "off", ...props });
  return { input, row: h("label", null, label, input) };
}
