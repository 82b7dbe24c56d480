// What can be wrong with Meta, as settings with words: the panel draws them, the
// bar counts them, "Put all right" clears them.

export const RATES = [
  [0, "rate.never"],
  [0.05, "rate.some"],
  [0.5, "rate.half"],
  [1, "rate.always"],
];

const LATENCY = [
  [0, "delay.off"],
  [500, "delay.half"],
  [2000, "delay.two"],
  [10_000, "delay.ten"],
];

const REORDER = [
  [0, "delay.off"],
  [1000, "delay.one"],
  [5000, "delay.five"],
];

export const CODES = ["130429", "131056", "80007", "131000", "131016", "131026", "190"];

/** One setting: where it lies in the faults, the values offered, its words. */
export const API_FAULTS = [
  { key: "panel.latency", read: (faults) => faults.latency_ms ?? 0, write: (value) => ({ latency_ms: value }), values: LATENCY },
  { key: "panel.error_before", help: true, read: (faults) => faults.rates?.error_before ?? 0, write: (value) => ({ rates: { error_before: value } }), values: RATES },
  { key: "panel.error_after", help: true, read: (faults) => faults.rates?.error_after ?? 0, write: (value) => ({ rates: { error_after: value } }), values: RATES },
  { key: "panel.drop", help: true, read: (faults) => faults.rates?.drop_after_accept ?? 0, write: (value) => ({ rates: { drop_after_accept: value } }), values: RATES },
];

export const WEBHOOK_FAULTS = [
  { key: "panel.duplicate", read: (faults) => Number(faults.duplicate ?? 0), write: (value) => ({ duplicate: value }), values: RATES },
  { key: "panel.reorder", read: (faults) => faults.reorder_ms ?? 0, write: (value) => ({ reorder_ms: value }), values: REORDER },
];

/** The code that is refused with, and how often. */
export function refusal(faults) {
  const [code, rate] = Object.entries(faults?.rates?.code ?? {}).find(([, value]) => value > 0) ?? [CODES[0], 0];
  return { code, rate };
}

/** How many settings are away from normal. */
export function active(faults) {
  if (!faults) return 0;
  const settings = [...API_FAULTS, ...WEBHOOK_FAULTS].filter((one) => one.read(faults) > 0).length;
  return settings + Number(refusal(faults).rate > 0) + Number(Boolean(faults.webhooks_paused)) + Number(Boolean(faults.drop_callback_data));
}

/** The patch that puts everything right. */
export function calm(faults) {
  const codes = Object.fromEntries(Object.keys(faults?.rates?.code ?? {}).map((code) => [code, 0]));
  return {
    rates: { error_before: 0, error_after: 0, drop_after_accept: 0, code: codes },
    latency_ms: 0,
    duplicate: 0,
    reorder_ms: 0,
    webhooks_paused: false,
    drop_callback_data: false,
  };
}
