/** Who of a list is ticked: some of those that are shown, or everybody whom the list means. */
export interface Selection {
  ids: ReadonlySet<string>;
  everybody: boolean;
}

export const nobody: Selection = { ids: new Set(), everybody: false };

export const isEmpty = ({ ids, everybody }: Selection): boolean => !everybody && ids.size === 0;

export const isTicked = ({ ids, everybody }: Selection, id: string): boolean => everybody || ids.has(id);

/** After a press on somebody’s box. Whoever is taken out of everybody leaves those that are shown. */
export function ticked(selection: Selection, id: string, shown: string[]): Selection {
  const ids = new Set(selection.everybody ? shown : selection.ids);
  if (ids.has(id)) ids.delete(id);
  else ids.add(id);
  return { ids, everybody: false };
}

/** After a press on the box of all: those that are shown, or none where all of them were ticked. */
export function allTicked(selection: Selection, shown: string[]): Selection {
  const whole = selection.everybody || (shown.length > 0 && shown.every((id) => selection.ids.has(id)));
  return whole ? nobody : { ids: new Set(shown), everybody: false };
}

export type Ticks = 'none' | 'some' | 'all';

export function ticksOf(selection: Selection, shown: string[]): Ticks {
  if (selection.everybody || (shown.length > 0 && shown.every((id) => selection.ids.has(id)))) return 'all';
  return selection.ids.size > 0 ? 'some' : 'none';
}
