import type { Template } from '~/api/contract';
import { examplesOf } from '~/features/templates/preview/drawing';
import type { Values } from '~/features/templates/variables';
import type { Sources } from '../contract';

/** What stands in a template's places before anybody is looked at: the constant, else the approved example, else the fallback. */
export function previewValues(template: Template, sources: Sources): Values {
  const examples = examplesOf(template.components);
  const values: Values = {};
  for (const { key, example } of template.variables) {
    const source = sources[key];
    const text =
      source?.from === 'constant'
        ? source.value
        : (examples[key] ?? example ?? (source ? source.fallback : null) ?? '');
    if (text) values[key] = text;
  }
  return values;
}
