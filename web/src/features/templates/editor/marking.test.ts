import { describe, expect, it } from 'vitest';
import { type Edit, freshName, inserted, marked, namedPlace, nameFor, nextNumber, renamed } from './marking';

/** The text after an edit, with the selection in brackets. */
function result(text: string, { from, to, insert, select }: Edit): string {
  const next = text.slice(0, from) + insert + text.slice(to);
  return `${next.slice(0, select[0])}[${next.slice(...select)}]${next.slice(select[1])}`;
}

describe('a mark', () => {
  it('goes around what is selected and hugs it', () => {
    expect(result('a word b', marked('a word b', 2, 6, '*'))).toBe('a *[word]* b');
    expect(result('a word b', marked('a word b', 1, 7, '_'))).toBe('a _[word]_ b');
    expect(result('a', marked('a', 1, 1, '~'))).toBe('a~[]~');
  });

  it('comes off again', () => {
    expect(result('a *word* b', marked('a *word* b', 3, 7, '*'))).toBe('a [word] b');
    expect(result('a *word* b', marked('a *word* b', 2, 8, '*'))).toBe('a [word] b');
    expect(result('```x```', marked('```x```', 3, 4, '```'))).toBe('[x]');
  });

  it('ends with each line, other than code', () => {
    expect(result('one\n\n two', marked('one\n\n two', 0, 9, '*'))).toBe('[*one*\n\n *two*]');
    expect(result('one\ntwo', marked('one\ntwo', 0, 7, '```'))).toBe('```[one\ntwo]```');
  });

  it('leaves nothing but space alone', () => {
    expect(result('a   b', marked('a   b', 1, 4, '*'))).toBe('a[   ]b');
  });
});

describe('a variable', () => {
  it('has the next number', () => {
    expect(nextNumber('')).toBe(1);
    expect(nextNumber('{{1}} {{3}} {{name}}')).toBe(4);
    expect(result('Hi ', inserted(3, 3, '{{1}}'))).toBe('Hi {{1}}[]');
  });

  it('or a name that is free, to be typed over', () => {
    expect(freshName('{{name}} {{name_2}}', 'name')).toBe('name_3');
    expect(freshName('', 'name')).toBe('name');
    expect(result('Hi ', namedPlace(3, 3, 'name'))).toBe('Hi {{[name]}}');
  });

  it('takes its sample along when it is renamed', () => {
    expect(renamed('{{ 2 }} and {{1}} and {{2}}', { 1: 'a', 2: 'b', 3: 'c' }, nameFor)).toEqual({
      text: '{{text_2}} and {{text_1}} and {{text_2}}',
      samples: { text_2: 'b', text_1: 'a' },
    });
    expect(renamed('{{x}} {{y}}', { x: 'a' }, (_, at) => String(at + 1))).toEqual({
      text: '{{1}} {{2}}',
      samples: { 1: 'a', 2: '' },
    });
  });
});
