// Tiles in rows: four where there is room, so that four of them fill a row of any wide screen.

import type { CSSObject } from '@emotion/css';

import type { GrafanaTheme2 } from '@grafana/data';

const ACROSS = 4;
/** Narrower than this a tile cannot be read, px. */
const LEAST = 240;

export const fourAcross = (theme: GrafanaTheme2): CSSObject => {
  const gap = theme.spacing(2);
  const quarter = `calc((100% - ${ACROSS - 1} * ${gap}) / ${ACROSS})`;
  return {
    display: 'grid',
    gridTemplateColumns: `repeat(auto-fill, minmax(min(100%, max(${LEAST}px, ${quarter})), 1fr))`,
    gap,
  };
};
