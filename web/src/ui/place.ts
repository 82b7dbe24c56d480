/** Where a layer that belongs to a control goes, so that it stays inside the window. */

export interface Placement {
  side: 'below' | 'above' | 'beside';
  align: 'start' | 'end';
}

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

const GAP = 6;
const EDGE = 8;

const within = (value: number, size: number, room: number): number =>
  Math.max(EDGE, Math.min(value, room - EDGE - size));

/** The left and top corner of a layer of a size beside an anchor, turned over where there is no room. */
export function cornerOf(
  anchor: Box,
  layer: { width: number; height: number },
  room: { width: number; height: number },
  { side, align }: Placement,
  rtl: boolean,
): { left: number; top: number } {
  const right = anchor.left + anchor.width;
  const bottom = anchor.top + anchor.height;
  if (side === 'beside') {
    const after = rtl ? anchor.left - GAP - layer.width : right + GAP;
    const top = align === 'start' ? anchor.top : bottom - layer.height;
    return { left: within(after, layer.width, room.width), top: within(top, layer.height, room.height) };
  }
  const left = (align === 'start') === rtl ? right - layer.width : anchor.left;
  const below = bottom + GAP;
  const above = anchor.top - GAP - layer.height;
  const fitsBelow = below + layer.height <= room.height - EDGE;
  const fitsAbove = above >= EDGE;
  const top =
    side === 'below' ? (fitsBelow || !fitsAbove ? below : above) : fitsAbove || !fitsBelow ? above : below;
  return { left: within(left, layer.width, room.width), top: within(top, layer.height, room.height) };
}

/** Puts a layer, already shown, beside its anchor. */
export function place(layer: HTMLElement, anchor: Element, placement: Placement): void {
  const corner = cornerOf(
    anchor.getBoundingClientRect(),
    { width: layer.offsetWidth, height: layer.offsetHeight },
    { width: window.innerWidth, height: window.innerHeight },
    placement,
    getComputedStyle(anchor).direction === 'rtl',
  );
  layer.style.left = `${corner.left}px`;
  layer.style.top = `${corner.top}px`;
}
