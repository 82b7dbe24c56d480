// Wigwag: tells what people do on this page. wigwag('init', key), wigwag('identify', person),
// wigwag('track', name, properties), wigwag('reset'). Without cookies; nothing leaves before identify.
(() => {
  const script = document.currentScript;
  const early = window.wigwag?.q || [];
  const memory = {};
  let host = script ? new URL(script.src).origin : location.origin;
  let key, busy, tries = 0;

  // Where storage is shut off, what is kept lives as long as the page.
  const read = (name) => {
    try { return JSON.parse(localStorage.getItem('wigwag.' + name)); } catch { return memory[name] || null; }
  };
  const keep = (name, value) => {
    memory[name] = value;
    try { localStorage.setItem('wigwag.' + name, JSON.stringify(value)); } catch {}
  };
  const random = () => crypto.getRandomValues(new Uint32Array(4)).join('-');
  const young = (event) => Date.now() - event.at < 6e8;

  const batch = () => {
    const person = read('person');
    const events = (read('events') || []).filter(young);
    if (!key || !person || (!events.length && !person.fresh)) return;
    const { fresh, ...who } = person;
    let part = events.slice(0, 20), body;
    do {
      const told = part.map(({ at, ...event }) => ({ ...event, ago_ms: Math.max(0, Date.now() - at) }));
      body = JSON.stringify({ person: who, events: told });
    } while (body.length > 6e4 && (part = part.slice(0, part.length >> 1)).length);
    return { body, fresh, ids: part.map((event) => event.id) };
  };
  const url = () => host + '/api/v1/track?key=' + key;

  const done = ({ fresh, ids }) => {
    keep('events', (read('events') || []).filter((event) => !ids.includes(event.id)));
    const person = read('person');
    // Told once; from then on the number says who it is.
    if (person && fresh && person.fresh === fresh) keep('person', { phone: person.phone });
  };
  const send = async () => {
    const next = !busy && batch();
    if (!next) return;
    busy = true;
    let status = 0;
    try {
      status = (await fetch(url(), { method: 'POST', body: next.body, keepalive: true, credentials: 'omit' })).status;
    } catch {}
    busy = false;
    if (status && status !== 429 && status < 500) {
      if (status > 299) console.warn('wigwag: refused', status);
      done(next);
      tries = 0;
      send();
    } else if (tries++ < 1) {
      setTimeout(send, 3000);
    }
  };

  const commands = {
    init(itsKey, options) {
      key = itsKey;
      if (options?.host) host = options.host;
    },
    identify({ phone, name, email, traits }) {
      const before = read('person');
      const said = JSON.stringify([phone, name, email, traits]);
      if (read('said') === said && before) return;
      if (before && before.phone !== phone) keep('events', []);
      keep('said', said);
      keep('person', { phone, name, email, traits, fresh: random() });
    },
    track(name, properties) {
      const event = { id: random(), name, properties: properties || {}, at: Date.now() };
      if (JSON.stringify(event).length > 3e4) return console.warn('wigwag: too large');
      keep('events', [...(read('events') || []).filter(young).slice(-49), event]);
    },
    reset() {
      for (const name of ['person', 'events', 'said']) keep(name, null);
    },
  };
  window.wigwag = (name, ...rest) => {
    commands[name](...rest);
    tries = 0;
    queueMicrotask(send);
  };
  addEventListener('pagehide', () => {
    const last = batch();
    if (last) navigator.sendBeacon(url(), last.body);
  });
  if (script?.dataset.key) window.wigwag('init', script.dataset.key);
  for (const call of early) window.wigwag(...call);
})();
