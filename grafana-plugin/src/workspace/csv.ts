// Lists as tables in a file: RFC 4180, with a mark that spreadsheets know the letters by.

import { unparse } from 'papaparse';

const MARK = '\ufeff';
/** The library's own pattern lets a formula through that goes on in a second line. */
const FORMULA = /^[=+\-@\t\r]/;

type Cell = string | number | boolean | null | undefined;

/** One line per row, the head first. Names come from pages that anyone may have written: none becomes a formula. */
export const csv = (head: readonly string[], rows: ReadonlyArray<readonly Cell[]>): string =>
  `${MARK}${unparse([head, ...rows] as Cell[][], { escapeFormulae: FORMULA })}\r\n`;
