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
  const boxes = rows.map(boxOf);
  const called = new Map<string, number>(); // how many have a name
  const lines = new Map<string, PageBox[]>(); // those of one name at one height
  const lineOf = (row: ActionRow) => `${row.top} ${nameOf(row)}`;
  rows.forEach((row, at) => {
    const [name, box, line] = [nameOf(row), boxes[at], lineOf(row)];
    called.set(name, (called.get(name) ?? 0) + 1);
    if (box) {
      lines
        .set(line, lines.get(line) ?? [])
        .get(line)
        ?.push(box);
    }
  });
  return rows.map((row, at) => {
    const box = boxes[at];
    const isOneOfMany = width > 0 && (called.get(nameOf(row)) ?? 0) > 1;
    return { row, box, where: box && isOneOfMany ? whereWords(box, lines.get(lineOf(row)) ?? [], width) : '' };
  });
}

function boxOf({ placed, left, top, width, height }: ActionRow): PageBox | null {
  const known = placed && left !== null && top !== null && width !== null && height !== null;
  return known ? { left, top, width, height } : null;
}

/** "left, 240 px down": the third of the page's width that its middle is in; or, if another is there, which it is. */
function whereWords(box: PageBox, line: readonly PageBox[], width: number): string {
  const { where, sides, whereInLine } = text.list;
  const thirdOf = (one: PageBox) => Math.max(0, Math.min(2, Math.floor((3 * (one.left + one.width / 2)) / width)));
  const third = thirdOf(box);
  if (line.filter((one) => thirdOf(one) === third).length > 1) {
    return whereInLine(1 + line.filter(({ left }) => left < box.left).length, px(box.top));
  }
  return where([sides.left, sides.middle, sides.right][third], px(box.top));
}
