// A plain table of a page around the map. One that is wider than the screen is scrolled by itself.

import { css } from '@emotion/css';
import React, { type ReactNode } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import { tableStyles } from './tableStyles';

export interface Column<Row> {
  /** Above the column; none = what can be done with a row. */
  head?: string;
  cell: (row: Row) => ReactNode;
  /** Numbers are aligned at their last digit. */
  number?: boolean;
}

interface DataTableProps<Row> {
  label: string;
  columns: ReadonlyArray<Column<Row>>;
  rows: readonly Row[];
  keyOf: (row: Row) => string;
}

export function DataTable<Row>({ label, columns, rows, keyOf }: DataTableProps<Row>) {
  const table = useStyles2(tableStyles);
  const styles = useStyles2(getStyles);
  return (
    <div className={styles} tabIndex={0} role="region" aria-label={label}>
      <table className={table} aria-label={label}>
        <thead>
          <tr>
            {columns.map(({ head, number }, i) =>
              head === undefined ? (
                <td key={i} />
              ) : (
                <th key={i} className={number ? 'number' : undefined}>
                  {head}
                </th>
              )
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ cell, number }, i) => (
                <td key={i} className={number ? 'number' : undefined}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) =>
  css({
    overflowX: 'auto',
    '& a': { color: theme.colors.text.link },
    '& td': { maxWidth: 320, overflowWrap: 'anywhere' },
    '& td:first-child': { minWidth: 120 },
    '& td.number': { whiteSpace: 'nowrap' },
  });
