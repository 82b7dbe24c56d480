// Builds elements. No markup strings anywhere: everything that came from a
// message becomes a text node, so nothing a customer writes can become HTML.

const SVG = "http://www.w3.org/2000/svg";

/**
 * An element with properties and children. `class`, `data-*`, `aria-*` and other
 * attributes are set as attributes, `on…` as listeners, null and false are left out.
 * @param {string} tag
 * @param {Record<string, unknown> | null} [props]
 * @param {...(Node | string | number | null | undefined | false | Array)} children
 * @returns {HTMLElement}
 */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  fill(element, props);
  append(element, children);
  return element;
}

/** The same for SVG. */
export function svg(tag, props, ...children) {
  const element = document.createElementNS(SVG, tag);
  fill(element, props);
  append(element, children);
  return element;
}

function fill(element, props) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked" || name === "disabled" || name === "hidden") element[name] = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
}

function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
}

/** An icon of the sprite; decorative unless a label is given. */
export function icon(name, { label, extra = "" } = {}) {
  const use = svg("use", { href: `/assets/icons.svg#${name}` });
  return svg("svg", { class: `icon ${extra}`.trim(), viewBox: "0 0 24 24", role: label ? "img" : null, "aria-label": label, "aria-hidden": label ? null : "true" }, use);
}

/** A round or square button that holds only an icon. */
export function iconButton(name, label, onclick, props = {}) {
  return h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onclick, ...props }, icon(name));
}

/** Replaces what an element holds. */
export function fillWith(element, ...children) {
  element.replaceChildren();
  append(element, children);
}

/** A select in the page's look. `options` are `[value, text]` pairs. */
export function choose(label, options, value, onchange) {
  const select = h("select", { "aria-label": label, onchange: () => onchange(select.value) }, options.map(([key, text]) => h("option", { value: key }, text)));
  select.value = value;
  return h("span", { class: "select" }, select, icon("chevron"));
}
