// The simulator's control plane under /_sim/, one function per call.

import { t } from "./texts.js";

/** A call that did not work, with words for the person at the page. */
export class CallError extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

async function call(method, path, body) {
  const init = { method, headers: { accept: "application/json" } };
  if (body instanceof FormData) init.body = body;
  else if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers["content-type"] = "application/json";
  }
  let answer;
  try {
    answer = await fetch(`/_sim/${path}`, init);
  } catch {
    throw new CallError(t("error.offline"), 0);
  }
  const text = await answer.text();
  let parsed = null;
  try {
    parsed = text ? JSON.parse(text) : null;
  } catch {
    parsed = null;
  }
  if (!answer.ok) {
    const why = parsed?.error?.message ?? parsed?.detail ?? parsed?.title ?? (typeof parsed?.error === "string" ? parsed.error : null);
    throw new CallError(why ?? t("error.status", { status: answer.status }), answer.status);
  }
  return parsed;
}

function query(values) {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(values)) if (value) search.set(key, value);
  const text = search.toString();
  return text ? `?${text}` : "";
}

const id = encodeURIComponent;

export const api = {
  persons: (q, after) => call("GET", `persons${query({ q, limit: 60, after })}`),
  person: (person) => call("GET", `persons/${id(person)}`),
  createPerson: (name, phone) => call("POST", "persons", { name, phone }),
  behaviour: (person, patch) => call("POST", `persons/${id(person)}/behaviour`, patch),
  thread: (person, number, before) => call("GET", `persons/${id(person)}/thread${query({ phone_number_id: number, limit: 60, before })}`),
  open: (person, number) => call("POST", `persons/${id(person)}/open`, { phone_number_id: number }),
  block: (person, number, blocked) => call("POST", `persons/${id(person)}/block`, { phone_number_id: number, blocked }),
  marketing: (person, number, value) => call("POST", `persons/${id(person)}/stop`, { phone_number_id: number, value }),
  inbound: (person, number, message) => call("POST", "inbound", { person, phone_number_id: number, message }),
  numbers: () => call("GET", "numbers"),
  samples: () => call("GET", "samples"),
  faults: () => call("GET", "faults"),
  setFaults: (patch) => call("POST", "faults", patch),
  clock: () => call("GET", "clock"),
  advance: (ms) => call("POST", "clock", { advance_ms: ms }),
  templates: () => call("GET", "templates"),
  decide: (template, decision) => call("POST", `templates/${id(template)}/decision`, decision),
  status: () => call("GET", "status"),
  webhooks: () => call("GET", "webhooks?limit=6"),
  upload(file, name) {
    const form = new FormData();
    form.append("file", file, name ?? file.name);
    return call("POST", "media", form);
  },
};

/** A path on this host, which is all that the page's policy lets it show. */
function here(path) {
  return path && URL.canParse(path, location.href) && new URL(path, location.href).origin === location.origin ? path : null;
}

/** Where the page reads the bytes of a media object: by id, or by a path the server gave. */
export function mediaPath(object, given) {
  const direct = given ?? object?.media_url;
  if (direct) return direct.startsWith("blob:") ? direct : here(direct);
  if (object?.id) return `/_sim/media/${id(object.id)}`;
  if (object?.sample) return `/_sim/samples/${id(object.sample)}`;
  return null;
}
