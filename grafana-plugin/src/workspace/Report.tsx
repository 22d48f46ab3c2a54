// A heatmap on paper: the browser's own printing makes a PDF of it, with text that can be searched in any script.

import { css, injectGlobal } from '@emotion/css';
import React, { useEffect, useRef } from 'react';
import { createPortal } from 'react-dom';

import type { PageStats } from '../contract/answers';
import { NUMBERS } from './state';
import { READINGS } from './readings';
import { text } from './text';

export interface ReportTable {
  columns: readonly string[];
  rows: ReadonlyArray<readonly string[]>;
}

export interface ReportContent {
  title: string;
  /** What it is of: time range, filters, when it was made. */
  lines: readonly string[];
  /** Opens the same view. */
  link: string;
  stats: PageStats | undefined;
  /** The map with its heat and legend: an address of the image, and its height ÷ width. */
  map: { url: string; ratio: number };
  table: ReportTable;
}

/** Of A4, mm: what the map is wide, and what of it stands on one sheet. */
const WIDTH = 182;
const SHEET = 236;

/** How many sheets a map takes. */
const sheetsOf = (ratio: number): number => Math.max(1, Math.ceil((ratio * WIDTH) / SHEET));

export function Report({ content, done }: { content: ReportContent; done: () => void }) {
  const paper = useRef<HTMLDivElement>(null);
  const latest = useRef(done);
  useEffect(() => {
    latest.current = done;
  });
  useEffect(() => {
    document.documentElement.classList.add(PRINTS);
    const end = () => latest.current();
    window.addEventListener('afterprint', end);
    const title = document.title;
    document.title = content.title; // what the browser calls the file
    let over = false;
    const images = Array.from(paper.current?.querySelectorAll('img') ?? []);
    void Promise.allSettled(images.map((image) => image.decode())).then(() => {
      if (!over) {
        window.print();
      }
    });
    return () => {
      over = true;
      document.title = title;
      document.documentElement.classList.remove(PRINTS);
      window.removeEventListener('afterprint', end);
    };
  }, [content]);
  const { stats, map, table } = content;
  const words = text.analysis.download;
  return createPortal(
    <div ref={paper} id={PAPER} className={styles.paper} data-testid="report">
      <h1>{content.title}</h1>
      {content.lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
      <p>
        <a href={content.link}>{words.openView}</a>
      </p>
      {stats && (
        <dl className={styles.numbers}>
          {NUMBERS.map((name) => (
            <div key={name}>
              <dt>{text.stats[name]}</dt>
              <dd>{READINGS[name].short(READINGS[name].of(stats))}</dd>
            </div>
          ))}
        </dl>
      )}
      <table className={styles.table}>
        <thead>
          <tr>
            {table.columns.map((column, i) => (
              <th key={column} className={i > 1 ? styles.number : undefined}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row) => (
            <tr key={row.join('|')}>
              {row.map((cell, i) => (
                <td key={table.columns[i]} className={i > 1 ? styles.number : undefined}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {Array.from({ length: sheetsOf(map.ratio) }, (_, sheet) => (
        <div key={sheet} className={styles.sheet} data-testid="report-sheet">
          <img src={map.url} alt={sheet === 0 ? content.title : ''} style={{ marginTop: `${-sheet * SHEET}mm` }} />
        </div>
      ))}
    </div>,
    document.body
  );
}

const PAPER = 'isotherm-report';
const PRINTS = 'isotherm-prints';

/* Only where a report is on its way: printing anything else is left as it is. */
injectGlobal(`
  @media print {
    @page { size: A4; margin: 14mm; }
    html.${PRINTS}, html.${PRINTS} body { height: auto !important; overflow: visible !important; background: #fff !important; }
    html.${PRINTS} body > *:not(#${PAPER}) { display: none !important; }
  }
`);

const styles = {
  paper: css({
    display: 'none',
    color: '#111217',
    fontSize: '10pt',
    lineHeight: 1.4,
    colorScheme: 'light',
    '@media print': { display: 'block' },
    '& h1': { fontSize: '16pt', margin: '0 0 2mm' },
    '& p': { margin: '0 0 1mm' },
    '& a': { color: '#1f60c4', textDecoration: 'underline' },
  }),
  numbers: css({
    display: 'flex',
    gap: '8mm',
    margin: '5mm 0',
    '& dt': { fontSize: '8pt', color: '#52545c' },
    '& dd': { margin: 0, fontSize: '14pt', fontWeight: 500 },
  }),
  table: css({
    width: '100%',
    borderCollapse: 'collapse',
    fontSize: '9pt',
    '& th, & td': { padding: '1mm 2mm 1mm 0', borderBottom: '0.2mm solid #d2d3d8', textAlign: 'left' },
    '& tr': { breakInside: 'avoid' },
    '& thead': { display: 'table-header-group' },
  }),
  number: css({ '&&': { textAlign: 'right' } }),
  sheet: css({
    breakBefore: 'page',
    width: `${WIDTH}mm`,
    maxHeight: `${SHEET}mm`,
    overflow: 'hidden',
    '& img': { display: 'block', width: '100%' },
  }),
};
