// Short messages at the foot of the page.

import { h, icon } from "./dom.js";

const SHOWN_MS = 4500;

/**
 * Says something for a few seconds.
 * @param {string | Node} what
 * @param {{bad?: boolean, sign?: string}} [look]
 */
export function toast(what, { bad = false, sign } = {}) {
  const name = sign ?? (bad ? "alert" : null);
  const box = h("div", { class: bad ? "toast bad" : "toast" }, name && icon(name), h("span", null, what));
  document.getElementById("toasts").append(box);
  setTimeout(() => box.remove(), SHOWN_MS);
}

/** Runs something that calls the simulator; a failure becomes a toast with `words(why)`. */
export async function attempt(work, words) {
  try {
    return await work();
  } catch (failure) {
    toast(words(failure.message), { bad: true });
    return undefined;
  }
}
