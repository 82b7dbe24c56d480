/** Requests to try a key with, as they are pasted into a shell. */

/** Stands where the key goes, for those that have it in their environment. */
export const KEY = '$WIGWAG_API_KEY';

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

function curl(origin: string, key: string, path: string, more: string[] = []): string {
  return [`curl ${origin}/api/v1${path}`, `-H "Authorization: Bearer ${key}"`, ...more].join(' \\\n  ');
}

export const listExample = (origin: string, key = KEY): string => curl(origin, key, '/conversations?limit=3');

/** The one line that a page needs: no script of its own, so that strict policies let it in. */
export const pageSnippet = (origin: string, key: string): string =>
  `<script async src="${origin}/track.js" data-key="${key}"></script>`;

/** What a page tells, also before the script has come. */
export const trackExample = `window.wigwag ||= function () { (wigwag.q ||= []).push(arguments) };
wigwag('identify', { phone: '+919812345678', name: 'Asha Rao' });
wigwag('track', 'Product Viewed', { product: 'Diamond kite', price: 1199 });`;

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
