// The way to the heat when there is none on the screen: a map that opens without any looks empty.

import { css } from '@emotion/css';
import React, { useMemo } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';

import { hottest, isAnyBetween, type Cells } from '../heatmap/cells';
import { useWorkspace } from './context';
import type { MapWindow } from './mapWindow';
import { text } from './text';

const EDGE_PX = 12;
const BUTTON_PX = 24;

export function ToHeat({ cells, window }: { cells: Cells; window: MapWindow }) {
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
