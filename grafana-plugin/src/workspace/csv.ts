// Lists as tables in a file: RFC 4180, with a mark that spreadsheets know the letters by.

const MARK = '\ufeff';

function cell(value: string | number | boolean | null | undefined): string {
  const written = value === null || value === undefined ? '' : String(value);
  // A leading sign makes spreadsheets compute: names come from pages that anyone may have written.
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(written) ? `'${written}` : written;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** One line per row, the head first. */
export function csv(
  head: readonly string[],
  rows: ReadonlyArray<ReadonlyArray<string | number | boolean | null | undefined>>
): string {
  return MARK + [head, ...rows].map((row) => row.map(cell).join(',')).join('\r\n') + '\r\n';
}
