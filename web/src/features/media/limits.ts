/** What WhatsApp takes: kinds by media type, with the most bytes of each. */

export type FileKind = 'image' | 'video' | 'audio' | 'document' | 'sticker';

const MB = 1024 * 1024;

export const mostBytes: Record<FileKind, number> = {
  image: 5 * MB,
  video: 16 * MB,
  audio: 16 * MB,
  document: 100 * MB,
  sticker: 500 * 1024,
};

const kinds: Record<string, FileKind> = {
  'image/jpeg': 'image',
  'image/png': 'image',
  'video/mp4': 'video',
  'video/3gpp': 'video',
  'audio/aac': 'audio',
  'audio/amr': 'audio',
  'audio/mpeg': 'audio',
  'audio/mp4': 'audio',
  'audio/x-m4a': 'audio',
  'audio/ogg': 'audio',
};

export interface Fit {
  kind: FileKind;
  /** Why it does not go as what it is, when it goes as a document. */
  note: 'too_large_for_kind' | 'type_not_shown' | null;
  /** Why it does not go at all. */
  refused: 'too_large' | 'empty' | null;
}

/** How a file goes out: as what it is where WhatsApp allows it, else as a document, else not at all. */
export function fitOf(file: { type: string; size: number }): Fit {
  const type = file.type.split(';')[0]?.trim().toLowerCase() ?? '';
  const own = kinds[type];
  if (file.size === 0) return { kind: own ?? 'document', note: null, refused: 'empty' };
  if (file.size > mostBytes.document) return { kind: own ?? 'document', note: null, refused: 'too_large' };
  if (own && file.size <= mostBytes[own]) return { kind: own, note: null, refused: null };
  const visual = /^(image|video|audio)\//.test(type);
  return {
    kind: 'document',
    note: own ? 'too_large_for_kind' : visual ? 'type_not_shown' : null,
    refused: null,
  };
}

/** Whether words can stand below a file of this kind. */
export const takesCaption = (kind: FileKind): boolean =>
  kind === 'image' || kind === 'video' || kind === 'document';
