// Refuses words that do not come from the catalogue: text between tags, and
// the attributes that people read or hear. Also refuses catalogue entries that
// nothing uses.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('..', import.meta.url));
const spoken = new Set([
  'title',
  'label',
  'placeholder',
  'alt',
  'description',
  'aria-label',
  'aria-description',
  'aria-roledescription',
  'aria-valuetext',
  'lead',
  'error',
  'tooltip',
  'data-tip',
]);
const hasWords = (text) => /\p{L}{2,}/u.test(text);

/** The literals of one source text that a reader would see: `[{line, text}]`. */
export function literals(name, source) {
  const file = ts.createSourceFile(name, source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found = [];
  const report = (node, text) =>
    found.push({ line: file.getLineAndCharacterOfPosition(node.getStart()).line + 1, text: text.trim() });
  const literalIn = (node) => {
    if (!node) return;
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) {
      if (hasWords(node.text)) report(node, node.text);
    } else if (ts.isTemplateExpression(node)) {
      const text = node.head.text + node.templateSpans.map((span) => span.literal.text).join('');
      if (hasWords(text)) report(node, text);
    } else if (ts.isConditionalExpression(node)) {
      literalIn(node.whenTrue);
      literalIn(node.whenFalse);
    } else if (ts.isBinaryExpression(node)) {
      literalIn(node.left);
      literalIn(node.right);
    } else if (ts.isParenthesizedExpression(node)) literalIn(node.expression);
  };
  const visit = (node) => {
    if (ts.isJsxText(node) && hasWords(node.text)) report(node, node.text);
    if (
      ts.isJsxExpression(node) &&
      node.parent &&
      (ts.isJsxElement(node.parent) || ts.isJsxFragment(node.parent))
    )
      literalIn(node.expression);
    if (ts.isJsxAttribute(node) && spoken.has(node.name.getText())) {
      const value = node.initializer;
      literalIn(value && ts.isJsxExpression(value) ? value.expression : value);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesIn(path) : [path];
  });
}

function keysOf(catalogue, prefix = '') {
  return Object.entries(catalogue).flatMap(([key, value]) =>
    typeof value === 'string' ? [prefix + key] : keysOf(value, `${prefix}${key}.`),
  );
}

/** Entries that no source names, neither whole nor by a template such as `ticks.${state}`. */
export function unused(keys, sources) {
  const all = sources.join('\n');
  const prefixes = [...all.matchAll(/[`'"]([A-Za-z_]+(?:\.[A-Za-z_]+)*\.)\$\{/g)].map((match) => match[1]);
  return keys.filter((key) => {
    const plain = key.replace(/_(zero|one|two|few|many|other)$/, '');
    return (
      !new RegExp(`['"\`]${plain.replaceAll('.', '\\.')}['"\`]`).test(all) &&
      !prefixes.some((prefix) => plain.startsWith(prefix))
    );
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const sources = filesIn(join(root, 'src')).filter((path) => /\.tsx?$/.test(path) && !/\.test\./.test(path));
  const texts = sources.map((path) => readFileSync(path, 'utf8'));
  const complaints = sources.flatMap((path, index) =>
    path.endsWith('.tsx')
      ? literals(path, texts[index]).map(
          ({ line, text }) => `${relative(root, path)}:${line}: “${text}” is not from the catalogue`,
        )
      : [],
  );
  for (const path of filesIn(join(root, 'src/texts/en')).filter((path) => path.endsWith('.json'))) {
    const catalogue = JSON.parse(readFileSync(path, 'utf8'));
    complaints.push(
      ...unused(keysOf(catalogue), texts).map((key) => `${relative(root, path)}: “${key}” is not used`),
    );
  }
  for (const complaint of complaints) console.error(complaint);
  if (complaints.length > 0) process.exit(1);
}
