import { rowDoor } from '~/ui/Table';
import { useShortcut } from './useShortcut';

/**
 * j and k go from row to row of the page's table; Enter opens, because a row is a link. The focus is
 * the pointer, so that a screen reader says the row and leaving it needs no second key.
 */
export function useRowKeys(): void {
  const move = (by: number) => {
    const doors = [...document.querySelectorAll<HTMLElement>(`main tbody .${CSS.escape(rowDoor)}`)];
    const at = doors.findIndex((door) => door.closest('tr')?.contains(document.activeElement));
    const next = doors[Math.max(0, Math.min(doors.length - 1, at === -1 ? 0 : at + by))];
    next?.focus();
    next?.closest('tr')?.scrollIntoView({ block: 'nearest' });
  };
  useShortcut('next', () => move(1));
  useShortcut('previous', () => move(-1));
}
