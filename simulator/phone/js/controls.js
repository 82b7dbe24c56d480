// The panel's controls: a choice of few, a switch, a section.

import { h, icon } from "./dom.js";

let groups = 0;

/**
 * A row of mutually exclusive values.
 * @param {string} label
 * @param {[string | number, string][]} values Value and shown text.
 * @param {string | number} value
 * @param {(value: string | number) => void} pick
 */
export function segments(label, values, value, pick) {
  groups += 1;
  const name = `choice-${groups}`;
  const one = ([key, words]) => h("label", null, h("input", { type: "radio", name, checked: key === value, onchange: () => pick(key) }), words);
  return h("div", { class: "segments", role: "radiogroup", "aria-label": label }, values.map(one));
}

/** On or off, with a sentence. */
export function toggle(label, help, value, flip, { warns = false } = {}) {
  const button = h("button", { type: "button", class: warns ? "switch warns" : "switch", role: "switch", "aria-checked": String(Boolean(value)), "aria-label": label, onclick: () => flip(!value) });
  return h("div", { class: value && warns ? "setting inline on" : "setting inline" }, h("span", null, h("span", { class: "label" }, label), help && h("span", { class: "help" }, help)), button);
}

/** A sentence with a choice under it; lit while it is away from normal. */
export function setting(label, help, control, lit) {
  return h("div", { class: lit ? "setting on" : "setting" }, h("span", null, h("span", { class: "label" }, label), help && h("span", { class: "help" }, help)), control);
}

/** A titled part of the panel. */
export function section(sign, title, ...children) {
  return h("section", { class: "section" }, h("h3", null, icon(sign), h("span", null, title)), children);
}

/** Redraws a part and gives the focus back to the control that had it. */
export function redraw(part, draw) {
  const controls = () => [...part.querySelectorAll("button, input, select, textarea")];
  const at = controls().indexOf(document.activeElement);
  part.replaceChildren(...[draw()].flat().filter(Boolean));
  if (at >= 0) controls()[at]?.focus({ preventScroll: true });
}
