// Records a voice note with the microphone, where the browser lets the page.

import { h, icon, svg } from "./dom.js";
import { t } from "./texts.js";
import { length } from "./words.js";
import { oggFromWebm } from "./ogg.js";

const BARS = 60;
const WANTED = ["audio/ogg; codecs=opus", "audio/webm; codecs=opus", "audio/mp4"];

/**
 * Starts a recording.
 * @param {(blob: Blob | null) => void} done Called once, with the recording or `null` when discarded.
 * @returns {Promise<HTMLElement | null>} The strip to show meanwhile; `null` without a microphone.
 */
export async function record(done) {
  const mimeType = globalThis.MediaRecorder && WANTED.find((type) => MediaRecorder.isTypeSupported(type));
  if (!mimeType || !navigator.mediaDevices) return null;
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch {
    return null;
  }
  const recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: 24_000 });
  const chunks = [];
  const started = performance.now();
  const { element, stop } = meter(stream, started);
  let keep = false;
  recorder.addEventListener("dataavailable", (event) => chunks.push(event.data));
  recorder.addEventListener("stop", async () => {
    stop();
    for (const track of stream.getTracks()) track.stop();
    if (!keep) return done(null);
    const raw = new Blob(chunks, { type: mimeType });
    const ogg = mimeType.startsWith("audio/webm") ? await oggFromWebm(raw, Math.round(started)) : null;
    return done(ogg ?? raw);
  });
  const finish = (wanted) => {
    keep = wanted;
    if (recorder.state !== "inactive") recorder.stop();
  };
  recorder.start();
  const cancel = h("button", { type: "button", class: "tap", "aria-label": t("record.cancel"), title: t("record.cancel"), onclick: () => finish(false) }, icon("trash"));
  const send = h("button", { type: "button", class: "fire", "aria-label": t("record.send"), title: t("record.send"), onclick: () => finish(true) }, icon("send"));
  return h("div", { class: "composer-row", onkeydown: (event) => event.key === "Escape" && finish(false) }, h("div", { class: "recording", role: "group", "aria-label": t("record.now") }, cancel, element), send);
}

function meter(stream, started) {
  const context = new AudioContext();
  const listener = context.createAnalyser();
  listener.fftSize = 512;
  context.createMediaStreamSource(stream).connect(listener);
  const wavy = new Float32Array(listener.fftSize);
  const rects = Array.from({ length: BARS }, (_, bar) => svg("rect", { class: "played", x: bar * 5, y: 13, width: 3, height: 2, rx: 1 }));
  const time = h("span", { class: "figures" }, length(0));
  const levels = Array(BARS).fill(0);
  const timer = setInterval(() => {
    listener.getFloatTimeDomainData(wavy);
    levels.push(Math.max(...wavy.map(Math.abs)));
    levels.shift();
    levels.forEach((level, bar) => {
      const tall = Math.max(2, Math.min(28, level * 40));
      rects[bar].setAttribute("height", tall);
      rects[bar].setAttribute("y", (28 - tall) / 2);
    });
    time.textContent = length((performance.now() - started) / 1000);
  }, 80);
  const drawing = svg("svg", { class: "wave", viewBox: `0 0 ${BARS * 5} 28`, preserveAspectRatio: "xMaxYMid slice", "aria-hidden": "true" }, rects);
  const stop = () => {
    clearInterval(timer);
    context.close();
  };
  return { element: [h("span", { class: "beat" }), time, drawing], stop };
}
