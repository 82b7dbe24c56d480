import { useState } from 'react';

/** The last value that was something: what a sheet goes on showing while it closes. */
export function useKept<T>(value: T | null): T | null {
  const [kept, setKept] = useState(value);
  if (value !== null && value !== kept) setKept(value);
  return value ?? kept;
}
