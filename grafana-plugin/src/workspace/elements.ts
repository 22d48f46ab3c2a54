// The clicked elements of a page as the map needs them: a row of the list with its place.

import type { ActionRow } from '../contract/answers';
import type { PageBox } from '../heatmap/geometry';
import { px } from './format';
import { text } from './text';

export interface MapElement {
  row: ActionRow;
  /** Null when the element is not on this background. */
  box: PageBox | null;
  /** Where it is on the page, in words, when others are called the same; "" = its name is enough, or nobody knows. */
  where: string;
}

/** What people call the element; some have no text at all. */
export const nameOf = (row: { action_name: string }): string => row.action_name || text.map.unnamed;

/** Rows with their places. `width` = of the page, to say where elements of one name are; 0 = say nothing. */
export function mapElements(rows: readonly ActionRow[], width = 0): MapElement[] {
  const names = new Map<string, number>();
  rows.forEach((row) => names.set(nameOf(row), (names.get(nameOf(row)) ?? 0) + 1));
  return rows.map((row) => {
    const { left, top, height } = row;
    const known = row.placed && left !== null && top !== null && row.width !== null && height !== null;
    const box = known ? { left, top, width: row.width ?? 0, height } : null;
    return { row, box, where: box && width > 0 && (names.get(nameOf(row)) ?? 0) > 1 ? whereWords(box, width) : '' };
  });
}

/** "left, 240 px down": the third of the page's width that its middle is in, and its top. */
function whereWords(box: PageBox, width: number): string {
  const third = Math.floor((3 * (box.left + box.width / 2)) / width);
  const { where, sides } = text.list;
  return where(third <= 0 ? sides.left : third === 1 ? sides.middle : sides.right, px(box.top));
}
