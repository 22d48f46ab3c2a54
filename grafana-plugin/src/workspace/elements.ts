// The clicked elements of a page as the map needs them: a row of the list with its place.

import type { ActionRow } from '../contract/answers';
import type { PageBox } from '../heatmap/geometry';
import { text } from './text';

export interface MapElement {
  row: ActionRow;
  /** Null when the element is not on this background. */
  box: PageBox | null;
}

/** What people call the element; some have no text at all. */
export const nameOf = (row: { action_name: string }): string => row.action_name || text.map.unnamed;

export function mapElements(rows: readonly ActionRow[]): MapElement[] {
  return rows.map((row) => {
    const { left, top, width, height } = row;
    const known = row.placed && left !== null && top !== null && width !== null && height !== null;
    return { row, box: known ? { left, top, width, height } : null };
  });
}
