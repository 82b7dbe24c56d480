import { expect, test } from 'vitest';
import { startProblems } from './useStartProblems';

test('what today’s people lack does not keep an on-going campaign from its start', () => {
  const unmapped = { field: 'variables.body.1', code: 'required', params: {} };
  const lacking = { field: 'variables', code: 'missing_variable', params: { count: 3 } };
  expect(startProblems([unmapped, lacking])).toEqual([unmapped]);
  expect(startProblems([lacking])).toEqual([]);
});
