// What the person holding the phone does: write, react, delete, block, stop.

import { api } from "./api.js";
import { get, set } from "./state.js";
import { t } from "./texts.js";
import { attempt, toast } from "./toast.js";
import { refreshThread } from "./conversation.js";

let counter = 0;

/**
 * Sends a message as the person. It shows at once and turns real when the
 * simulator has taken it.
 * @param {object} message Meta's inbound message object (`{type, …}`).
 * @param {{shown?: object, prepare?: () => Promise<object>}} [how] `shown`: what the bubble
 *   draws meanwhile; `prepare`: completes the message first, such as by an upload.
 * @returns {Promise<boolean>} Whether it was taken.
 */
export async function send(message, { shown = {}, prepare } = {}) {
  const person = get("person");
  const number = get("number");
  const replyTo = get("replyTo");
  const context = message.context ?? (replyTo ? { id: replyTo.wamid } : undefined);
  counter += 1;
  const bubble = {
    wamid: `pending-${counter}`,
    direction: "from_person",
    type: message.type,
    at_us: get("clock")?.now_us ?? Date.now() * 1000,
    status: "sending",
    content: message,
    reactions: [],
    context: context?.id ? { wamid: context.id } : undefined,
    ...shown,
  };
  set({ pending: [...get("pending"), bubble], replyTo: null });
  try {
    const whole = prepare ? await prepare() : message;
    await api.inbound(person, number, context ? { ...whole, context } : whole);
    await refreshThread();
    return true;
  } catch (failure) {
    toast(t("composer.failed", { why: failure.message }), { bad: true });
    return false;
  } finally {
    set({ pending: get("pending").filter((one) => one !== bubble) });
  }
}

async function act(message) {
  const words = (why) => t("composer.failed", { why });
  await attempt(async () => {
    await api.inbound(get("person"), get("number"), message);
    await refreshThread();
  }, words);
}

/** Sets or, with the emoji already there, removes the person's reaction. */
export function react(message, emoji) {
  const mine = message.reactions?.find((one) => one.from === "person");
  return act({ type: "reaction", reaction: { message_id: message.wamid, emoji: mine?.emoji === emoji ? "" : emoji } });
}

/** Deletes an own message for everyone. */
export function revoke(message) {
  return act({ type: "revoke", revoke: { original_message_id: message.wamid } });
}

/** Changes the text of an own message. */
export function edit(message, body) {
  return act({ type: "edit", edit: { original_message_id: message.wamid, message: { type: "text", text: { body } } } });
}

/** Blocks or unblocks the business. */
export async function block(blocked) {
  await attempt(() => api.block(get("person"), get("number"), blocked), (why) => t("panel.failed", { why }));
  await refreshThread();
}

/** Stops or resumes marketing messages of the business. */
export async function marketing(value) {
  await attempt(() => api.marketing(get("person"), get("number"), value), (why) => t("panel.failed", { why }));
  await refreshThread();
}
