// A small drawn map: streets, water and green that belong to the coordinates by
// chance, the same each time. It shows where a pin is, not where a street is.

import { svg } from "./dom.js";

const WIDTH = 280;
const HEIGHT = 140;

/** A repeatable source of numbers in 0 to 1 (mulberry32). */
function chance(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * The map around a point.
 * @param {number} latitude
 * @param {number} longitude
 * @param {string} label
 */
export function map(latitude, longitude, label) {
  const next = chance(Math.round(latitude * 1e4) * 7919 + Math.round(longitude * 1e4));
  const slant = (next() - 0.5) * 40;
  const parts = [svg("rect", { class: "land", width: WIDTH, height: HEIGHT })];
  const shore = 90 + next() * 40;
  const water = next() < 0.6;
  if (water) parts.push(svg("path", { class: "water", d: `M0 ${shore + slant}C70 ${shore - 24} 120 ${shore + 34} 180 ${shore + 4}S250 ${shore - 20} ${WIDTH} ${shore - slant}V${HEIGHT}H0Z` }));
  const park = { x: 20 + next() * 180, y: 8 + next() * 40 };
  parts.push(svg("rect", { class: "park", x: park.x, y: park.y, width: 48 + next() * 30, height: 30 + next() * 20, rx: 8, transform: `rotate(${slant / 3} ${park.x} ${park.y})` }));
  for (let count = 0; count < 12; count += 1) {
    const x = next() * WIDTH;
    const y = next() * (water ? shore - 24 : HEIGHT);
    parts.push(svg("rect", { class: "block", x, y, width: 10 + next() * 16, height: 8 + next() * 12, rx: 2, transform: `rotate(${slant / 3} ${x} ${y})` }));
  }
  const lanes = [];
  for (let x = 18 + next() * 20; x < WIDTH; x += 34 + next() * 26) lanes.push(`M${x} 0L${x + slant} ${HEIGHT}`);
  for (let y = 16 + next() * 14; y < HEIGHT; y += 28 + next() * 16) lanes.push(`M0 ${y + slant / 3}L${WIDTH} ${y - slant / 3}`);
  parts.push(svg("path", { class: "lane", d: lanes.join("") }));
  parts.push(svg("path", { class: "road", d: `M0 ${70 + slant}C90 ${52 + slant} 170 ${92 - slant} ${WIDTH} ${66 - slant}M${118 + slant} 0C130 50 146 90 ${150 - slant} ${HEIGHT}` }));
  parts.push(svg("path", { class: "pin", d: "M140 72c0-8-12-14-12-25a12 12 0 0 1 24 0c0 11-12 17-12 25Z" }), svg("circle", { class: "dot", cx: 140, cy: 47, r: 4.5 }));
  return svg("svg", { class: "map", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label }, parts);
}
