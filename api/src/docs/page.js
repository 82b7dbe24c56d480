// Draws the reference from the document. Everything is set as text, never as markup.
(async () => {
  const el = (name, attributes = {}, ...children) => {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children.filter((child) => child !== null && child !== undefined));
    return node;
  };
  // `words between backticks` are code, as in the source.
  const words = (text) =>
    (text || '').split('`').map((part, index) => (index % 2 ? el('code', {}, part) : part));

  const answer = await fetch('/api/openapi.json').catch(() => null);
  const loading = document.getElementById('loading');
  if (!answer || !answer.ok) {
    loading.textContent = 'The document could not be read. Load the page again.';
    return;
  }
  const api = await answer.json();
  loading.remove();

  const resolve = (schema) => (schema?.$ref ? api.components.schemas[schema.$ref.split('/').pop()] : schema);
  const bare = (schema) => {
    const several = schema?.oneOf || schema?.anyOf;
    return several ? several.find((each) => each.type !== 'null') : schema;
  };
  const typeOf = (schema) => {
    if (!schema) return '';
    if (schema.$ref) {
      const target = resolve(schema);
      return target?.enum ? 'text' : schema.$ref.split('/').pop();
    }
    const several = schema.oneOf || schema.anyOf;
    if (several) return several.map((each) => (each.type === 'null' ? 'null' : typeOf(each))).join(' or ');
    if (schema.type === 'array') return `list of ${typeOf(schema.items)}`;
    const names = { string: schema.format === 'date-time' ? 'time' : 'text', integer: 'whole number', boolean: 'true or false' };
    return [].concat(schema.type || 'anything').map((name) => names[name] || name).join(' or ');
  };
  const propertiesOf = (schema) => {
    const whole = resolve(bare(schema));
    if (!whole) return null;
    if (whole.type === 'array') return propertiesOf(whole.items);
    const parts = (whole.allOf || []).map(resolve);
    const all = Object.assign({}, ...parts.map((part) => part.properties), whole.properties);
    const required = [whole, ...parts].flatMap((part) => part.required || []);
    return Object.keys(all).length ? { all, required } : null;
  };
  const fields = (schema, asked, depth = 0) => {
    const found = propertiesOf(schema);
    if (!found) return null;
    return el('dl', {}, ...Object.entries(found.all).map(([name, value]) => {
      const values = resolve(bare(value))?.enum;
      const inner = depth < 4 ? fields(value, asked, depth + 1) : null;
      return el('div', {},
        el('dt', {}, el('code', {}, name), el('span', { class: 'type' }, typeOf(value)),
          asked && found.required.includes(name) ? el('span', { class: 'needed' }, 'required') : null),
        el('dd', {}, ...words(value.description || resolve(bare(value))?.description),
          values ? el('p', { class: 'dim' }, ...values.flatMap((each, at) => [at ? ', ' : 'One of ', el('code', {}, each)])) : null,
          inner ? el('details', {}, el('summary', {}, `Fields of ${name}`), inner) : null));
    }));
  };
  // A value of the right shape; what it says is not meant.
  const sample = (schema, name = '', depth = 0, asked = false) => {
    const whole = resolve(bare(schema));
    if (!whole || depth > 5) return null;
    if (whole.example !== undefined) return whole.example;
    if (whole.enum) return whole.enum[0];
    if (whole.type === 'array') return [sample(whole.items, name, depth + 1, asked)];
    const found = propertiesOf(whole);
    // A request shows what it must have; an answer shows all that it has.
    const shown = ([key]) => !asked || found.required.length === 0 || found.required.includes(key);
    if (found) return Object.fromEntries(Object.entries(found.all).filter(shown).map(([key, value]) => [key, sample(value, key, depth + 1, asked)]));
    const type = [].concat(whole.type || 'object')[0];
    if (type === 'string') return whole.format === 'date-time' ? '2026-03-04T10:30:00Z' : /(^|_)id$/.test(name) ? `${name.replace(/_?id$/, '') || 'id'}_01j…` : /phone/.test(name) ? '+919812345678' : 'text';
    return { integer: 1, number: 1.5, boolean: true }[type] ?? {};
  };
  const figure = (title, text) => {
    const button = el('button', { type: 'button', 'aria-label': `Copy: ${title}` }, 'Copy');
    button.addEventListener('click', async () => {
      await navigator.clipboard?.writeText(text);
      button.textContent = 'Copied';
      setTimeout(() => { button.textContent = 'Copy'; }, 1600);
    });
    return el('figure', {}, el('figcaption', {}, title, button), el('pre', { tabindex: '0' }, el('code', {}, text)));
  };
  const curl = (method, path, operation, body) => {
    const query = (operation.parameters || []).filter((each) => each.in === 'query' && each.required).map((each) => `${each.name}=1`);
    const lines = [`curl ${method === 'get' ? '' : `-X ${method.toUpperCase()} `}"${location.origin}${path}${query.length ? `?${query.join('&')}` : ''}"`];
    if ((operation.security || []).some((each) => each.api_key)) lines.push('-H "Authorization: Bearer $WIGWAG_API_KEY"');
    for (const header of (operation.parameters || []).filter((each) => each.in === 'header')) lines.push(`-H "${header.name}: $(uuidgen)"`);
    if (body?.['application/json']) {
      lines.push('-H "Content-Type: application/json"');
      lines.push(`-d '${JSON.stringify(sample(body['application/json'].schema, '', 0, true), null, 2).replaceAll("'", "'\\''")}'`);
    } else if (body) lines.push('-F "file=@picture.jpg"');
    return lines.join(' \\\n  ');
  };

  document.getElementById('about').append(...words(api.info.description));
  const groups = new Map();
  for (const [path, item] of Object.entries(api.paths))
    for (const method of ['get', 'post', 'patch', 'put', 'delete'])
      if (item[method]) {
        const tag = item[method].tags?.[0] || 'Other';
        groups.set(tag, [...(groups.get(tag) || []), { path, method, operation: item[method] }]);
      }
  const verb = (method) => el('span', { class: 'verb', 'data-verb': method }, method === 'delete' ? 'DEL' : method.toUpperCase());
  const index = document.getElementById('index');
  const list = document.getElementById('operations');
  for (const [tag, operations] of groups) {
    const links = operations.map(({ path, method, operation }) =>
      el('a', { href: `#${operation.operationId}`, 'data-find': `${operation.operationId} ${path} ${operation.summary || ''}`.toLowerCase() }, verb(method), el('span', {}, operation.operationId)));
    index.append(el('div', {}, el('h2', {}, tag), ...links));
    list.append(el('h2', { class: 'group' }, tag));
    for (const { path, method, operation } of operations) {
      const text = el('div', {}, el('h3', {}, operation.operationId),
        el('div', { class: 'path' }, verb(method), path), el('p', {}, ...words(operation.summary)),
        operation.description ? el('p', { class: 'dim' }, ...words(operation.description)) : null);
      const needs = (operation.security || []).flatMap((each) => each.api_key || []);
      text.append(el('p', { class: 'dim' }, ...(needs.length ? ['Needs the permission ', el('code', {}, needs.join(', ')), '.'] : [(operation.security || []).length ? 'For members who are signed in; API keys are refused.' : 'Without signing in.'])));
      if (operation.parameters?.length)
        text.append(el('h4', {}, 'Parameters'), el('dl', {}, ...operation.parameters.map((each) => el('div', {},
          el('dt', {}, el('code', {}, each.name), el('span', { class: 'type' }, `${typeOf(each.schema)}, in the ${each.in}`), each.required ? el('span', { class: 'needed' }, 'required') : null),
          el('dd', {}, ...words(each.description))))));
      const body = operation.requestBody?.content;
      const asked = body && fields(Object.values(body)[0].schema, true);
      if (asked) text.append(el('h4', {}, 'Body'), asked);
      const samples = el('div', { class: 'samples' }, figure('Request', curl(method, path, operation, body)));
      for (const [status, response] of Object.entries(operation.responses || {})) {
        const content = response.content && Object.values(response.content)[0];
        text.append(el('h4', {}, `Answer ${status}`), el('p', { class: 'dim' }, ...words(response.description)));
        const told = content && fields(content.schema, false);
        if (told) {
          text.append(told);
          if (samples.children.length < 2) samples.append(figure(`Answer ${status}`, JSON.stringify(sample(content.schema), null, 2)));
        }
      }
      list.append(el('section', { id: operation.operationId }, text, samples));
    }
  }
  index.append(el('div', {}, el('h2', {}, 'Errors'), el('a', { href: '#errors', 'data-find': 'errors codes problems' }, el('span', {}, 'Codes'))));

  document.getElementById('filter').addEventListener('input', ({ target }) => {
    const asked = target.value.trim().toLowerCase();
    for (const link of index.querySelectorAll('a')) link.hidden = !link.dataset.find.includes(asked);
    for (const group of index.children) group.hidden = !group.querySelector('a:not([hidden])');
  });
  const links = new Map([...index.querySelectorAll('a')].map((link) => [link.hash.slice(1), link]));
  const watcher = new IntersectionObserver((entries) => {
    const seen = entries.find((entry) => entry.isIntersecting);
    const link = seen && links.get(seen.target.id);
    if (!link) return;
    for (const each of links.values()) each.removeAttribute('aria-current');
    link.setAttribute('aria-current', 'true');
    if (innerWidth > 760) link.scrollIntoView({ block: 'nearest' });
  }, { rootMargin: '-24px 0px -80% 0px' });
  for (const section of document.querySelectorAll('section[id]')) watcher.observe(section);
  if (location.hash) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
})();
