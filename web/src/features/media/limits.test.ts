import { describe, expect, it } from 'vitest';
import { fitOf } from './limits';

const MB = 1024 * 1024;

describe('how a file goes out', () => {
  it('is as what it is where WhatsApp allows it', () => {
    expect(fitOf({ type: 'image/jpeg', size: 5 * MB })).toEqual({ kind: 'image', note: null, refused: null });
    expect(fitOf({ type: 'audio/ogg; codecs=opus', size: 1 }).kind).toBe('audio');
    expect(fitOf({ type: 'application/pdf', size: 1 })).toEqual({
      kind: 'document',
      note: null,
      refused: null,
    });
  });

  it('is as a document where it is too large or of another type', () => {
    expect(fitOf({ type: 'image/png', size: 5 * MB + 1 })).toMatchObject({
      kind: 'document',
      note: 'too_large_for_kind',
    });
    expect(fitOf({ type: 'image/heic', size: 1 })).toMatchObject({
      kind: 'document',
      note: 'type_not_shown',
    });
    expect(fitOf({ type: '', size: 1 })).toMatchObject({ kind: 'document', note: null });
  });

  it('is not at all where nothing fits', () => {
    expect(fitOf({ type: 'application/zip', size: 100 * MB + 1 }).refused).toBe('too_large');
    expect(fitOf({ type: 'text/plain', size: 0 }).refused).toBe('empty');
  });
});
