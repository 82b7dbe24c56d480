/** Requests to try a key with, as they are pasted into a shell. */

/** Stands where the key goes, for those that have it in their environment. */
export const KEY = '$WIGWAG_API_KEY';

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

function curl(origin: string, key: string, path: string, more: string[] = []): string {
  return [`curl ${origin}/api/v1${path}`, `-H "Authorization: Bearer ${key}"`, ...more].join(' \\\n  ');
}

export const listExample = (origin: string, key = KEY): string => curl(origin, key, '/conversations?limit=3');

const json = '-H "Content-Type: application/json"';

/** Sends a text; the same `Idempotency-Key` never sends it twice. */
export const sendExample = (origin: string, conversationId: string, words: string, key = KEY): string =>
  curl(origin, key, `/conversations/${conversationId}/messages`, [
    json,
    '-H "Idempotency-Key: $(uuidgen)"',
    `-d ${quoted(JSON.stringify({ type: 'text', text: { body: words } }))}`,
  ]);

export const contactExample = (origin: string, phone: string, name: string, key = KEY): string =>
  curl(origin, key, '/contacts', [json, `-d ${quoted(JSON.stringify({ name, phone }))}`]);
