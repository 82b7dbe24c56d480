/** Whether what was typed may be a phone number with its country code, and that number without its ornaments. */
export function phoneIn(text: string): string | null {
  const trimmed = text.trim();
  if (!/^[+(\d][\d\s().\-/]*$/.test(trimmed)) return null;
  const digits = trimmed.replace(/\D/g, '').replace(/^00/, '');
  return digits.length >= 7 && digits.length <= 15 ? `+${digits}` : null;
}
