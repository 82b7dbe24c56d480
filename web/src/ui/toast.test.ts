import { expect, test, vi } from 'vitest';
import { dismiss, toast } from './toast';

test('whoever waits for a notice to go is told once, however it goes', () => {
  const gone = vi.fn();
  const id = toast('Discarded', { gone });
  expect(gone).not.toHaveBeenCalled();
  dismiss(id);
  dismiss(id);
  expect(gone).toHaveBeenCalledTimes(1);
});

test('a notice for which there is no room any more is gone too', () => {
  const gone = vi.fn();
  toast('The first', { gone });
  for (const text of ['The second', 'The third']) toast(text);
  expect(gone).not.toHaveBeenCalled();
  toast('The fourth');
  expect(gone).toHaveBeenCalledTimes(1);
});
