// What the colours of a map alone do not say: the way to the heat when there is none on the screen, and that there is no hot spot.

import { css } from '@emotion/css';
import React, { useMemo } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';

import { hottest, isAnyBetween, type Cells } from '../heatmap/cells';
import { drawsPoints } from '../heatmap/paint';
import { useWorkspace } from './context';
import { useHeatScale } from './HeatLayer';
import type { MapWindow } from './mapWindow';
import type { Look } from './state';
import { text } from './text';

interface HeatOf {
  cells: Cells;
  page: { width: number; height: number };
  look: Look;
}

const EDGE_PX = 12;
const BUTTON_PX = 24;

/** Where clicks are spread evenly every place has the same colour, which looks hot and says nothing. */
export function EvenHeat({ cells, page, window, look }: HeatOf & { window: MapWindow }) {
  const styles = useStyles2(getStyles);
  const { range } = useHeatScale(cells, page, look);
  if (!range.even || drawsPoints(cells)) {
    return null;
  }
  return (
    <div className={styles.place} style={{ top: window.scrollTop + EDGE_PX }}>
      <span className={styles.note} role="note" data-testid="even">
        {text.map.even}
      </span>
    </div>
  );
}

export function HeatHint({ cells, window }: { cells: Cells; window: MapWindow }) {
  const styles = useStyles2(getStyles);
  const { locate } = useWorkspace();
  const spot = useMemo(() => hottest(cells), [cells]);
  const top = window.scrollTop / window.zoom;
  const bottom = (window.scrollTop + window.height) / window.zoom;
  if (!spot || isAnyBetween(cells, top, bottom)) {
    return null;
  }
  const below = spot.top >= bottom;
  const place = below ? window.scrollTop + window.height - BUTTON_PX - EDGE_PX : window.scrollTop + EDGE_PX;
  return (
    <div className={styles.place} style={{ top: place }}>
      <Button
        size="sm"
        icon={below ? 'arrow-down' : 'arrow-up'}
        onClick={(event) => {
          event.stopPropagation();
          locate(spot);
        }}
      >
        {below ? text.map.hottestBelow : text.map.hottestAbove}
      </Button>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  note: css({
    maxWidth: '92%',
    padding: theme.spacing(0.25, 1.5),
    borderRadius: theme.shape.radius.pill,
    background: theme.colors.background.primary,
    color: theme.colors.text.primary,
    border: `1px solid ${theme.colors.border.medium}`,
    boxShadow: theme.shadows.z2,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
  place: css({
    position: 'absolute',
    left: 0,
    right: 0,
    zIndex: theme.zIndex.navbarFixed,
    display: 'flex',
    justifyContent: 'center',
    pointerEvents: 'none',
    '& button': { pointerEvents: 'auto', boxShadow: theme.shadows.z2 },
  }),
});
