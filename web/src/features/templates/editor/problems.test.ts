import { describe, expect, it } from 'vitest';
import type { TemplateProblem } from '~/api/contract';
import { pathOf, problemsByField } from './problems';

const problem = (field: string, code: string, rest: Partial<TemplateProblem> = {}): TemplateProblem => ({
  field,
  code,
  severity: 'error',
  ...rest,
});

describe('what is wrong', () => {
  const problems = [
    problem('components.body.text', 'body_too_long', { params: { max: 1024, now: 1100 } }),
    problem('components.body.text', 'body_too_few_words', { severity: 'warning' }),
    problem('components.buttons[1].text', 'button_text_required'),
    problem('components.body.example', 'example_required', { params: { variable: 'name' } }),
    problem('components.body.example', 'example_required', { params: { variable: 'code' } }),
  ];

  it('is found at its field, whichever way the path is written', () => {
    expect(pathOf('components.buttons[1].text')).toBe('buttons.1.text');
    expect(pathOf('components.buttons.1.text')).toBe('buttons.1.text');
    expect(pathOf('name')).toBe('name');
    const said = problemsByField(problems, () => true);
    expect(said('body.text').errors.map(({ code }) => code)).toEqual(['body_too_long']);
    expect(said('body.text').warnings.map(({ code }) => code)).toEqual(['body_too_few_words']);
    expect(said('body.example', 'code').errors).toHaveLength(1);
    expect(said('footer.text')).toEqual({ errors: [], warnings: [] });
  });

  it('does not ask for what nobody has come to yet', () => {
    const said = problemsByField(problems, (path) => path === 'body.example');
    expect(said('buttons.1.text').errors).toEqual([]);
    expect(said('body.text').errors).toHaveLength(1);
    expect(said('body.example', 'name').errors).toHaveLength(1);
  });
});
