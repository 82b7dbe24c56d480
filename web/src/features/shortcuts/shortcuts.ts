/**
 * Every shortcut of the console, in one list: the sheet is drawn from it and
 * the handlers hang on its names. `keys` are what `KeyboardEvent.key` says;
 * `mod` is ⌘ on a Mac and Ctrl elsewhere.
 */
export const shortcuts = {
  palette: { keys: ['mod+k'], group: 'general' },
  shortcuts: { keys: ['?'], group: 'general' },
  search: { keys: ['/'], group: 'general' },
  newChat: { keys: ['c'], group: 'general' },
  newCampaign: { keys: ['c'], group: 'general' },
  newContact: { keys: ['c'], group: 'general' },
  next: { keys: ['j'], group: 'list' },
  previous: { keys: ['k'], group: 'list' },
  open: { keys: ['Enter'], group: 'list' },
  back: { keys: ['Escape', 'u'], group: 'list' },
  filter: { keys: ['f'], group: 'list' },
  reply: { keys: ['r'], group: 'conversation' },
  close: { keys: ['e'], group: 'conversation' },
  assign: { keys: ['a'], group: 'conversation' },
  panel: { keys: ['i'], group: 'conversation' },
} as const;

export type Shortcut = keyof typeof shortcuts;

const isMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform);

/** The keys of a shortcut as they are printed on the keyboard. */
export function keysOf(name: Shortcut): string[] {
  return shortcuts[name].keys[0].split('+').map((key) => {
    if (key === 'mod') return isMac ? '⌘' : 'Ctrl';
    if (key === 'Enter') return '↵';
    if (key === 'Escape') return 'Esc';
    return key.length === 1 ? key.toLocaleUpperCase() : key;
  });
}

type Press = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/**
 * Whether a key press is this shortcut. On a layout without Latin letters the
 * place of the key decides, so that `j` works in Hebrew and Cyrillic too.
 */
export function matches(name: Shortcut, press: Press): boolean {
  return shortcuts[name].keys.some((keys) => {
    const parts: readonly string[] = keys.split('+');
    const key = parts.at(-1) ?? '';
    const mod = parts.includes('mod');
    if (mod !== (isMac ? press.metaKey : press.ctrlKey)) return false;
    if (press.altKey || (mod ? false : press.metaKey || press.ctrlKey)) return false;
    if (press.key.toLowerCase() === key.toLowerCase())
      return key.length > 1 || !/[a-z]/.test(key) || !press.shiftKey;
    const foreign = press.key.length === 1 && press.key.charCodeAt(0) > 127;
    return foreign && /^[a-z]$/.test(key) && press.code === `Key${key.toUpperCase()}`;
  });
}
