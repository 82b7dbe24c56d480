// @kapso/whatsapp-cloud-api against the simulator, by base URL.
import assert from 'node:assert/strict';
import { TemplateDefinition, WhatsAppClient, buildTemplateSendPayload } from '@kapso/whatsapp-cloud-api';
import { normalizeWebhook, verifySignature } from '@kapso/whatsapp-cloud-api/server';
import { PHONE, PNG, Sink, check, control, finish, known, lastAccepted, messageOf, statusOf, writes } from './wire.mjs';

const client = new WhatsAppClient({ accessToken: known.access_token, baseUrl: known.url, graphVersion: 'v25.0' });
const sink = await new Sink().listen();
const phoneNumberId = known.phone_number_id;
const businessAccountId = known.waba_id;
const file = (name) => `https://kite.example/${name}`;

/** A send that must be accepted, as the ledger has it. */
async function sends(kind, method, input) {
  const answer = await client.messages[method]({ phoneNumberId, to: PHONE, ...input });
  const entry = await lastAccepted();
  assert.deepEqual([entry.wamid, entry.type], [answer.messages[0].id, kind]);
  assert.deepEqual([answer.contacts[0].input, answer.contacts[0].waId], [PHONE, PHONE.slice(1)]);
  return entry;
}

/** What the library makes of a webhook, its signature checked. */
async function hears(wanted) {
  const { raw, signature } = await sink.until(wanted);
  const given = { appSecret: known.app_secret, signatureHeader: signature };
  assert.ok(verifySignature({ ...given, rawBody: raw }));
  assert.ok(!verifySignature({ ...given, rawBody: `${raw} ` }));
  return normalizeWebhook(JSON.parse(raw));
}

async function arrives(message) {
  const wamid = await writes(message);
  const heard = await hears(messageOf(wamid));
  assert.equal(heard.phoneNumberId, phoneNumberId);
  assert.equal(heard.contacts[0].waId, PHONE.slice(1));
  assert.ok(heard.contacts[0].userId.startsWith('IN.'));
  assert.equal(heard.messages[0].id, wamid);
  return heard.messages[0];
}

async function refuses(code, promise) {
  await assert.rejects(promise, (error) => {
    assert.equal(error.code, code, error.message);
    return true;
  });
}

await check('kapso inbound', async () => {
  assert.equal((await arrives({ text: { body: 'Grüße 🪁' } })).text.body, 'Grüße 🪁');
  const image = await arrives({ image: { sample: 'photo-1', caption: 'Look' } });
  const bytes = await client.media.download({ mediaId: image.image.id, auth: 'always' });
  const { fileSize } = await client.media.get({ mediaId: image.image.id });
  assert.equal(bytes.byteLength, Number(fileSize));
  const tap = { type: 'button_reply', button_reply: { id: 'y', title: 'Yes' } };
  assert.equal((await arrives({ interactive: tap })).interactive.buttonReply.id, 'y');
});

await check('kapso outbound', async () => {
  const messageId = await writes({ text: { body: 'open' } });
  await sends('text', 'sendText', { body: 'Hello', previewUrl: true });
  await sends('image', 'sendImage', { image: { link: file('a.png'), caption: 'One' } });
  await sends('video', 'sendVideo', { video: { link: file('a.mp4') } });
  await sends('audio', 'sendAudio', { audio: { link: file('a.ogg') } });
  await sends('document', 'sendDocument', { document: { link: file('a.pdf'), filename: 'a.pdf' } });
  await sends('sticker', 'sendSticker', { sticker: { link: file('a.webp') } });
  await sends('location', 'sendLocation', { location: { latitude: 19.07, longitude: 72.87, name: 'Shop' } });
  const contacts = [{ name: { formattedName: 'Ravi K', firstName: 'Ravi' }, phones: [{ phone: '+911234567890', type: 'WORK' }] }];
  await sends('contacts', 'sendContacts', { contacts });
  await sends('reaction', 'sendReaction', { reaction: { messageId, emoji: '🪁' } });
  await client.messages.markRead({ phoneNumberId, messageId, typingIndicator: { type: 'text' } });
  const payload = { messaging_product: 'whatsapp', to: PHONE, type: 'text', text: { body: 'raw' } };
  const raw = await client.messages.sendRaw({ phoneNumberId, payload });
  assert.ok(raw.messages[0].id);
  const { data } = await control(`persons?q=${PHONE.slice(1)}`);
  const recipient = data[0].user_id;
  const byId = await client.messages.sendText({ phoneNumberId, recipient, body: 'by id' });
  assert.equal(byId.contacts[0].userId, recipient);
  assert.equal((await lastAccepted()).recipient, recipient);
});

await check('kapso interactive', async () => {
  const bodyText = 'Which?';
  const link = { type: 'image', image: { link: file('a.png') } };
  await sends('interactive', 'sendInteractiveButtons', { bodyText, header: link, buttons: [{ id: 'y', title: 'Yes' }] });
  const rows = [{ id: 'r', title: 'Red', description: 'as fire' }];
  await sends('interactive', 'sendInteractiveList', { bodyText, buttonText: 'Choose', sections: [{ title: 'All', rows }] });
  await sends('interactive', 'sendInteractiveCtaUrl', { bodyText, parameters: { displayText: 'Open', url: file('') } });
  const card = (cardIndex) => ({ cardIndex, header: link, bodyText: 'One', action: { displayText: 'View', url: file('') } });
  await sends('interactive', 'sendInteractiveCarousel', { bodyText, cards: [card(0), card(1)] });
  await sends('interactive', 'sendInteractiveCatalogMessage', { bodyText, parameters: { thumbnailProductRetailerId: 'kite' } });
  await sends('interactive', 'sendInteractiveLocationRequest', { bodyText, parameters: { requestMessage: 'Where?' } });
  const flow = { flowId: '1', flowCta: 'Open', flowToken: 't', flowAction: 'navigate', flowActionPayload: { screen: 'START' } };
  await sends('interactive', 'sendInteractiveFlow', { bodyText, parameters: flow });
});

await check('kapso templates', async () => {
  const template = buildTemplateSendPayload({
    name: 'spring_collection',
    language: 'en_US',
    header: { type: 'image', image: { link: file('a.png') } },
    body: [
      { type: 'text', text: 'Asha', parameterName: 'first_name' },
      { type: 'text', text: 'SPRING15', parameterName: 'code' },
    ],
  });
  assert.equal((await sends('template', 'sendTemplate', { template })).template, 'spring_collection');
  await refuses(132001, client.messages.sendTemplate({ phoneNumberId, to: PHONE, template: { ...template, name: 'none' } }));
  const definition = TemplateDefinition.buildTemplateDefinition({
    name: 'login_again',
    language: 'en_US',
    category: 'AUTHENTICATION',
    messageSendTtlSeconds: 60,
    components: [
      { type: 'BODY', addSecurityRecommendation: true },
      { type: 'FOOTER', codeExpirationMinutes: 10 },
      { type: 'BUTTONS', buttons: [{ type: 'OTP', otpType: 'COPY_CODE' }] },
    ],
  });
  const made = await client.templates.create({ businessAccountId, ...definition });
  assert.equal(made.status, 'PENDING');
  const first = await client.templates.list({ businessAccountId, limit: 10 });
  assert.equal(first.data.length, 10);
  const rest = await client.templates.list({ businessAccountId, limit: 10, after: first.paging.cursors.after });
  assert.ok([...first.data, ...rest.data].some(({ name }) => name === 'login_again'));
  const one = await client.templates.get({ businessAccountId, templateId: made.id });
  assert.equal(one.name, 'login_again');
  await client.templates.delete({ businessAccountId, name: 'login_again' });
});

await check('kapso media', async () => {
  const { id } = await client.media.upload({ phoneNumberId, type: 'image', file: new Blob([PNG], { type: 'image/png' }), fileName: 'kite.png' });
  await sends('image', 'sendImage', { image: { id } });
  const bytes = await client.media.download({ mediaId: id, phoneNumberId, auth: 'always' });
  assert.deepEqual(Buffer.from(bytes), PNG);
  await client.media.delete({ mediaId: id, phoneNumberId });
  await refuses(100, client.media.get({ mediaId: id }));
});

await check('kapso statuses', async () => {
  const answer = await client.messages.sendText({ phoneNumberId, to: PHONE, body: 'ticks' });
  for (const wanted of ['sent', 'delivered', 'read']) {
    const { statuses } = await hears(statusOf(answer.messages[0].id, wanted));
    assert.equal(statuses[0].status, wanted);
    assert.ok(statuses[0].recipientUserId);
  }
  const late = await client.messages.sendText({ phoneNumberId, to: '+919812300000', body: 'too late' });
  const { statuses } = await hears(statusOf(late.messages[0].id, 'failed'));
  assert.equal(statuses[0].errors[0].code, 131047);
});

await check('kapso numbers', async () => {
  const profile = await client.phoneNumbers.businessProfile.get({ phoneNumberId, fields: 'about,vertical' });
  assert.equal(profile.data[0].vertical, 'RETAIL');
  await client.phoneNumbers.businessProfile.update({ phoneNumberId, about: 'Kites' });
  await client.phoneNumbers.settings.get({ phoneNumberId });
  await client.phoneNumbers.register({ phoneNumberId, pin: '123456' });
});

await check('kapso wrong token', async () => {
  const other = new WhatsAppClient({ accessToken: 'EAAnonsense', baseUrl: known.url });
  await refuses(190, other.messages.sendText({ phoneNumberId, to: PHONE, body: 'no' }));
});

finish();
