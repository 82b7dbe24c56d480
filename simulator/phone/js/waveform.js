// The waveform of a recording, computed from its samples and drawn as bars.

import { svg } from "./dom.js";

const BARS = 44;
const WIDTH = 220;
const HEIGHT = 32;
const cache = new Map();
const local = new Map();

/** Gives the bytes of a blob URL: the page's policy lets it play those, but not fetch them. */
export function own(url, blob) {
  local.set(url, blob);
}

/** Forgets them. */
export function disown(url) {
  local.delete(url);
}

/** Loudness per bar (0 to 1) and the length in seconds of the file at `path`. */
function measure(path) {
  if (!cache.has(path)) cache.set(path, decode(path).catch(() => null));
  return cache.get(path);
}

async function decode(path) {
  const bytes = await (local.get(path) ?? (await fetch(path))).arrayBuffer();
  const context = new OfflineAudioContext(1, 1, 16_000);
  const sound = await context.decodeAudioData(bytes);
  return { peaks: loudness(sound.getChannelData(0)), seconds: sound.duration };
}

/** Root mean square of each of `BARS` slices, the loudest scaled to 1. */
export function loudness(samples) {
  const size = Math.max(1, Math.floor(samples.length / BARS));
  const levels = Array.from({ length: BARS }, (_, bar) => {
    let sum = 0;
    const end = Math.min(samples.length, (bar + 1) * size);
    for (let at = bar * size; at < end; at += 1) sum += samples[at] * samples[at];
    return Math.sqrt(sum / size);
  });
  const top = Math.max(...levels, 1e-4);
  return levels.map((level) => level / top);
}

/**
 * A waveform that can be pressed to move in the recording.
 * @param {string | null} path
 * @param {string} label For assistive technology.
 * @param {(share: number) => void} seek Called with 0 to 1.
 * @param {(seconds: number) => void} measured Called when the length is known.
 * @returns {{element: SVGElement, at: (share: number) => void}}
 */
export function wave(path, label, seek, measured) {
  const rects = Array.from({ length: BARS }, (_, bar) => svg("rect", { x: (bar * WIDTH) / BARS + 1, width: 3, rx: 1.5, y: HEIGHT / 2 - 1.5, height: 3 }));
  const element = svg("svg", { class: "wave", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "slider", tabindex: "0", "aria-label": label, "aria-valuemin": "0", "aria-valuemax": "100", "aria-valuenow": "0" }, rects);
  let share = 0;
  const at = (next) => {
    share = Math.min(1, Math.max(0, next));
    rects.forEach((rect, bar) => rect.classList.toggle("played", (bar + 0.5) / BARS < share));
    element.setAttribute("aria-valuenow", String(Math.round(share * 100)));
  };
  const move = (next) => {
    at(next);
    seek(share);
  };
  element.addEventListener("pointerdown", (event) => {
    const box = element.getBoundingClientRect();
    const along = (event.clientX - box.left) / box.width;
    move(getComputedStyle(element).direction === "rtl" ? 1 - along : along);
  });
  element.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    move(share + (event.key === "ArrowRight" ? 0.05 : -0.05));
    event.preventDefault();
  });
  if (path) {
    measure(path).then((found) => {
      if (!found) return;
      found.peaks.forEach((level, bar) => {
        const tall = Math.max(3, level * (HEIGHT - 4));
        rects[bar].setAttribute("height", tall);
        rects[bar].setAttribute("y", (HEIGHT - tall) / 2);
      });
      measured(found.seconds);
    });
  }
  return { element, at };
}
