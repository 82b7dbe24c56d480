import { describe, expect, it } from 'vitest';
import { format, inline, isJumbo, plain } from './formatting';

const text = (words: string) => ({ kind: 'text', text: words });

describe('marks', () => {
  it('are read where they hug words', () => {
    expect(inline('a *bold* and _thin_ ~no~')).toEqual([
      text('a '),
      { kind: 'bold', children: [text('bold')] },
      text(' and '),
      { kind: 'italic', children: [text('thin')] },
      text(' '),
      { kind: 'struck', children: [text('no')] },
    ]);
    expect(inline('*a _b_*')).toEqual([
      { kind: 'bold', children: [text('a '), { kind: 'italic', children: [text('b')] }] },
    ]);
  });

  it('are gone where only the words count', () => {
    expect(plain(inline('a *bold _thin_* and `code` on www.kite.example'))).toBe(
      'a bold thin and code on www.kite.example',
    );
  });

  it('are left alone elsewhere', () => {
    for (const words of ['2 * 3 * 4', 'snake_case_name', '**', '* a *', '~ ~', 'a*b*c'])
      expect(inline(words)).toEqual([text(words)]);
  });

  it('are not read inside code and links', () => {
    expect(inline('`*a*`')).toEqual([{ kind: 'code', text: '*a*' }]);
    expect(inline('https://kite.example/a_b_c')).toEqual([
      { kind: 'link', text: 'https://kite.example/a_b_c', href: 'https://kite.example/a_b_c' },
    ]);
  });
});

describe('links', () => {
  it('end before the full stop of the sentence', () => {
    expect(inline('See www.kite.example/x.')).toEqual([
      text('See '),
      { kind: 'link', text: 'www.kite.example/x', href: 'https://www.kite.example/x' },
      text('.'),
    ]);
    expect(inline('(https://kite.example)')[1]).toMatchObject({ href: 'https://kite.example' });
    expect(inline('asha@kite.example')).toEqual([
      { kind: 'link', text: 'asha@kite.example', href: 'mailto:asha@kite.example' },
    ]);
  });

  it('are never made of other schemes', () => {
    expect(inline('javascript:alert(1)')).toEqual([text('javascript:alert(1)')]);
  });
});

describe('blocks', () => {
  it('are lines, quotes, lists and code', () => {
    expect(format('> so\n- one\n2. two\n```\nx\n```\nend').map(({ kind }) => kind)).toEqual([
      'quote',
      'item',
      'item',
      'code',
      'line',
    ]);
    expect(format('a\n\nb')).toHaveLength(3);
    expect(format('')).toHaveLength(1);
  });
});

describe('large emoji', () => {
  it('are up to three and alone', () => {
    for (const words of ['👍', '❤️', '👩‍🚀🎉', '🇮🇳']) expect(isJumbo(words), words).toBe(true);
    for (const words of ['', 'ok 👍', '1', '👍👍👍👍']) expect(isJumbo(words), words).toBe(false);
  });
});
