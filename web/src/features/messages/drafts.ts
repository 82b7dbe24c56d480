/** What was begun and not sent, kept for each conversation while the tab lives. */
const storage = 'wigwag-drafts';

function read(): Record<string, string> {
  try {
    return JSON.parse(sessionStorage.getItem(storage) ?? '{}') as Record<string, string>;
  } catch {
    return {};
  }
}

export const draftOf = (conversationId: string): string => read()[conversationId] ?? '';

export function keepDraft(conversationId: string, text: string): void {
  const drafts = read();
  if (text.trim()) drafts[conversationId] = text;
  else delete drafts[conversationId];
  try {
    sessionStorage.setItem(storage, JSON.stringify(drafts));
  } catch {
    // Storage may be full or forbidden; the text is still in the field.
  }
}

/** Forgets the drafts of whoever was signed in. */
export function forgetDrafts(): void {
  try {
    sessionStorage.removeItem(storage);
  } catch {
    // Then nothing was kept there either.
  }
}
