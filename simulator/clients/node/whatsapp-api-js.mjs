// whatsapp-api-js against the simulator, by Meta's host names over TLS.
import assert from 'node:assert/strict';
import { WhatsAppAPI } from 'whatsapp-api-js';
import * as m from 'whatsapp-api-js/messages';
import { PHONE, PNG, Sink, check, control, finish, known, lastAccepted, messageOf, statusOf, writes } from './wire.mjs';

const api = new WhatsAppAPI({ token: known.access_token, appSecret: known.app_secret, webhookVerifyToken: 'of js', v: 'v24.0' });
const sink = await new Sink().listen();
const from = known.phone_number_id;
const to = { phone: PHONE };
const file = (name) => `https://kite.example/${name}`;

/** A send that must be accepted, as the ledger has it. */
async function sends(kind, message, context) {
  const answer = await api.sendMessage(from, to, message, context, 'order=42');
  const entry = await lastAccepted();
  assert.equal(answer.messages?.[0].id, entry.wamid, JSON.stringify(answer));
  assert.deepEqual([entry.type, entry.callback_data], [kind, 'order=42']);
  assert.equal(answer.contacts[0].wa_id, PHONE.slice(1));
  return entry;
}

/** What the library makes of a webhook; it checks the signature itself. */
async function hears(wanted, event) {
  const { raw, signature } = await sink.until(wanted);
  const heard = new Promise((done) => {
    api.on[event] = done;
  });
  await assert.rejects(api.post(JSON.parse(raw), `${raw} `, signature));
  await api.post(JSON.parse(raw), raw, signature);
  return heard;
}

async function arrives(message) {
  const wamid = await writes(message);
  const heard = await hears(messageOf(wamid), 'message');
  assert.equal(heard.message.id, wamid);
  assert.equal(heard.phoneID, from);
  return heard;
}

await check('whatsapp-api-js verify', async () => {
  const challenge = { 'hub.mode': 'subscribe', 'hub.challenge': '77', 'hub.verify_token': 'of js' };
  assert.equal(api.get(challenge), '77');
});

await check('whatsapp-api-js inbound', async () => {
  const text = await arrives({ text: { body: 'Grüße 🪁' } });
  assert.equal(text.message.text.body, 'Grüße 🪁');
  const image = await arrives({ image: { sample: 'photo-1', caption: 'Look' } });
  const media = await api.retrieveMedia(image.message.image.id);
  assert.equal(media.mime_type, 'image/jpeg');
  const bytes = await (await api.fetchMedia(media.url)).arrayBuffer();
  assert.equal(bytes.byteLength, Number(media.file_size));
  const row = { type: 'list_reply', list_reply: { id: 'r', title: 'Red' } };
  assert.equal((await arrives({ interactive: row })).message.interactive.list_reply.id, 'r');
  const quick = { button: { payload: 'help', text: 'I need help' }, context: { id: text.message.id } };
  assert.equal((await arrives(quick)).message.context.id, text.message.id);
});

await check('whatsapp-api-js outbound', async () => {
  const inbound = await writes({ text: { body: 'open' } });
  await sends('text', new m.Text('Hello', true), inbound);
  await sends('image', new m.Image(file('a.png'), false, 'One'));
  await sends('video', new m.Video(file('a.mp4'), false, 'Two'));
  await sends('audio', new m.Audio(file('a.ogg'), false, true));
  await sends('document', new m.Document(file('a.pdf'), false, 'Three', 'a.pdf'));
  await sends('sticker', new m.Sticker(file('a.webp')));
  await sends('location', new m.Location(72.87, 19.07, 'Shop', 'Sea Face Road'));
  const card = [new m.Name('Ravi K', 'Ravi', 'K'), new m.Phone('+911234567890', 'CELL'), new m.Email('ravi@kite.example')];
  await sends('contacts', new m.Contacts(card));
  await sends('reaction', new m.Reaction(inbound, '🪁'));
  await sends('reaction', new m.Reaction(inbound));
  assert.deepEqual(await api.markAsRead(from, inbound, 'text'), { success: true });
});

await check('whatsapp-api-js interactive', async () => {
  const body = new m.Body('Which?');
  const product = new m.Product('kite');
  const actions = [
    [new m.ActionButtons(new m.Button('y', 'Yes'), new m.Button('n', 'No')), body, new m.Header('Head'), new m.Footer('Foot')],
    [new m.ActionList('Choose', new m.ListSection('All', new m.Row('r', 'Red', 'as fire'))), body],
    [new m.ActionCTA('Open', file('')), body],
    [new m.ActionNavigateFlow('token', '1', 'Sign up', 'START', { a: 1 }), body],
    [new m.ActionCatalog(product), body],
    [new m.ActionProduct(new m.CatalogProduct('kite', '1')), body],
    [new m.ActionProductList('1', new m.ProductSection('All', product)), body, new m.Header('Kites')],
    [new m.ActionLocation(), body],
    [new m.ActionCallPermission(), body],
    [new m.ActionContactRequest(), body],
  ];
  for (const action of actions) await sends('interactive', new m.Interactive(...action));
});

await check('whatsapp-api-js templates', async () => {
  const order = new m.Template(
    'order_confirmed', 'en_US',
    new m.BodyComponent(new m.BodyParameter('Asha'), new m.BodyParameter('1042')),
    new m.URLComponent('1042'), new m.PayloadComponent('help'),
  );
  assert.equal((await sends('template', order)).template, 'order_confirmed');
  const invoice = new m.Template(
    'invoice_ready', new m.Language('en_US'),
    new m.HeaderComponent(new m.HeaderParameter(new m.Document(file('a.pdf'), false, undefined, 'a.pdf'))),
    new m.BodyComponent(new m.BodyParameter('Asha'), new m.BodyParameter('1042')),
  );
  await sends('template', invoice);
  const update = new m.Template(
    'delivery_update', 'en_US',
    new m.BodyComponent(
      ...Object.entries({ first_name: 'Asha', order_number: '1042', day: 'Friday', window: '10 and 12' })
        .map(([name, text]) => new m.BodyParameter(text, name)),
    ),
  );
  await sends('template', update);
  const missing = await api.sendMessage(from, to, new m.Template('order_confirmed', 'en_US'));
  assert.equal(missing.error.code, 132000);
});

await check('whatsapp-api-js media', async () => {
  const form = new FormData();
  form.append('file', new Blob([PNG], { type: 'image/png' }), 'kite.png');
  const { id } = await api.uploadMedia(from, form);
  await sends('image', new m.Image(id, true));
  const { url } = await api.retrieveMedia(id, from);
  assert.ok(url.startsWith('https://lookaside.fbsbx.com/'), url);
  const answer = await api.fetchMedia(url);
  assert.deepEqual(Buffer.from(await answer.arrayBuffer()), PNG);
  assert.deepEqual(await api.deleteMedia(id, from), { success: true });
  assert.equal((await api.retrieveMedia(id)).error.code, 100);
});

await check('whatsapp-api-js statuses', async () => {
  const answer = await api.sendMessage(from, to, new m.Text('ticks'), undefined, 'order=43');
  for (const status of ['sent', 'delivered', 'read']) {
    const heard = await hears(statusOf(answer.messages[0].id, status), 'status');
    assert.deepEqual([heard.status, heard.biz_opaque_callback_data], [status, 'order=43']);
  }
  const outside = await api.sendMessage(from, { phone: '+919812300000' }, new m.Text('too late'));
  const failed = await hears(statusOf(outside.messages[0].id, 'failed'), 'status');
  assert.equal(failed.error.code, 131047);
});

await check('whatsapp-api-js QR codes and blocking', async () => {
  const code = await api.createQR(from, 'Cyber Monday');
  assert.ok(code.qr_image_url && code.deep_link_url.startsWith('https://wa.me/message/'));
  assert.equal((await api.updateQR(from, code.code, 'Tuesday')).prefilled_message, 'Tuesday');
  assert.equal((await api.retrieveQR(from)).data.length, 1);
  assert.deepEqual(await api.deleteQR(from, code.code), { success: true });
  const blocked = await api.blockUser(from, PHONE);
  assert.equal(blocked.block_users.added_users[0].wa_id, PHONE.slice(1));
  const freed = await api.unblockUser(from, PHONE);
  assert.equal(freed.block_users.removed_users[0].wa_id, PHONE.slice(1));
});

await check('whatsapp-api-js several changes in one POST', async () => {
  await control('faults', { webhooks_paused: true, batch_max: 50 });
  const ids = [await writes({ text: { body: 'one' } }), await writes({ text: { body: 'two' } })];
  await control('faults', { webhooks_paused: false });
  const { raw, signature } = await sink.until(messageOf(ids[0]));
  await control('faults', { batch_max: 1 });
  assert.ok(await api.verifyRequestSignature(raw, signature));
  const changes = JSON.parse(raw).entry[0].changes;
  assert.ok(changes.some((change) => messageOf(ids[1])(change.value)), raw);
});

finish();
