// The emoji picker: a searchable grid that the arrow keys walk.

import { h, fillWith } from "./dom.js";
import { t } from "./texts.js";
import { GROUPS } from "./emoji-list.js";

/**
 * The picker's element.
 * @param {(emoji: string) => void} pick
 */
export function emojiGrid(pick) {
  const grid = h("div", { class: "emoji-grid", role: "group", "aria-label": t("composer.emoji") });
  const cell = ({ emoji, words }) => h("button", { type: "button", tabindex: "-1", title: words, "aria-label": words, onclick: () => pick(emoji) }, emoji);
  const show = (query) => {
    const wanted = query.trim().toLocaleLowerCase();
    const nodes = GROUPS.flatMap((group) => {
      const found = group.items.filter((item) => item.words.includes(wanted));
      return found.length > 0 ? [h("h2", null, t(`emoji.group.${group.name}`)), ...found.map(cell)] : [];
    });
    fillWith(grid, nodes.length > 0 ? nodes : h("h2", null, t("emoji.none")));
    const first = grid.querySelector("button");
    if (first) first.tabIndex = 0;
  };
  const search = h("input", { class: "emoji-search", type: "search", placeholder: t("emoji.search"), "aria-label": t("emoji.search"), oninput: () => show(search.value) });
  grid.addEventListener("keydown", (event) => walk(grid, event));
  show("");
  return h("div", { class: "emoji" }, search, grid);
}

function walk(grid, event) {
  const cells = [...grid.querySelectorAll("button")];
  const at = cells.indexOf(document.activeElement);
  if (at < 0) return;
  const columns = getComputedStyle(grid).gridTemplateColumns.split(" ").length;
  const ahead = getComputedStyle(grid).direction === "rtl" ? -1 : 1;
  const step = { ArrowRight: ahead, ArrowLeft: -ahead, ArrowDown: columns, ArrowUp: -columns }[event.key];
  if (!step) return;
  event.preventDefault();
  const next = cells[Math.min(cells.length - 1, Math.max(0, at + step))];
  cells[at].tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}
