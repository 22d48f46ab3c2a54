// Below the map: what the colours mean, how large it is drawn, and how it looks.

import { css } from '@emotion/css';
import React, { useMemo } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, IconButton, useStyles2 } from '@grafana/ui';

import type { HeatAnswer } from '../contract/answers';
import type { Metric } from '../contract/query';
import { cellsOf } from '../heatmap/cells';
import { nextZoom, ZOOM_STEPS } from '../heatmap/geometry';
import { drawsPoints } from '../heatmap/paint';
import { useWorkspace } from './context';
import { Download, type DownloadProps } from './Download';
import { percent } from './format';
import { useHeatScale } from './HeatLayer';
import { HeatLegend } from './HeatLegend';
import { LookSettings } from './LookSettings';
import { useZone } from './questions';
import { areaAround } from './spotArea';
import { text } from './text';

interface MapFootProps extends DownloadProps {
  /** The heat that the legend is of; null = no legend. */
  legend: HeatAnswer | null;
  zoom: number;
}

export function MapFoot({ legend, zoom, ...shown }: MapFootProps) {
  const styles = useStyles2(getStyles);
  const { readOnly } = useWorkspace();
  return (
    <div className={styles.foot}>
      {legend ? <Legend heat={legend} /> : <span />}
      <div className={styles.right}>
        <ZoomBar factor={zoom} />
        <LookSettings />
        {!readOnly && <Download {...shown} />}
      </div>
    </div>
  );
}

function Legend({ heat }: { heat: HeatAnswer }) {
  const styles = useStyles2(getStyles);
  const { state, readOnly } = useWorkspace();
  const cells = useMemo(
    () => cellsOf({ x: heat.x, y: heat.y, value: heat.value, cellPx: heat.cell_px }),
    [heat.x, heat.y, heat.value, heat.cell_px]
  );
  const { range, scale } = useHeatScale(cells, heat.canvas, state.look);
  const adds = heat.metric === 'clicks';
  const counted = !adds && !readOnly && cells.total > 0;
  const hottest = counted ? areaAround(range.hottest, state.look.radius, heat.canvas) : null;
  const zone = useZone(hottest, heat.background?.id ?? 'auto');
  if (!cells.total) {
    return <span />;
  }
  if (drawsPoints(cells)) {
    return (
      <span className={styles.legend} data-testid="legend">
        <span className={styles.point} aria-hidden />
        {text.legend.points}
      </span>
    );
  }
  const people = heat.metric === 'users' ? zone.value?.users : zone.value?.sessions;
  return (
    <HeatLegend
      palette={state.look.palette}
      scale={scale}
      adds={adds}
      max={adds ? range.max : zone.loading ? null : (people ?? null)}
      unit={text.metric.units[heat.metric as Metric]}
    />
  );
}

function ZoomBar({ factor }: { factor: number }) {
  const styles = useStyles2(getStyles);
  const { state, update } = useWorkspace();
  const set = (zoom: typeof state.zoom) => update({ zoom }, 'replace');
  return (
    <div className={styles.zoom} role="group" aria-label={text.zoom.label}>
      <Button
        size="sm"
        fill="text"
        variant={state.zoom === 'fit' ? 'primary' : 'secondary'}
        aria-pressed={state.zoom === 'fit'}
        onClick={() => set('fit')}
      >
        {text.zoom.fit}
      </Button>
      <Button
        size="sm"
        fill="text"
        variant={state.zoom === 'page' ? 'primary' : 'secondary'}
        aria-pressed={state.zoom === 'page'}
        onClick={() => set('page')}
      >
        {text.zoom.page}
      </Button>
      <IconButton
        name="minus"
        aria-label={text.zoom.out}
        tooltip={text.zoom.out}
        disabled={factor <= ZOOM_STEPS[0]}
        onClick={() => set(nextZoom(factor, -1))}
      />
      <span className={styles.factor} aria-live="polite">
        {percent(Math.round(factor * 100) / 100)}
      </span>
      <IconButton
        name="plus"
        aria-label={text.zoom.in}
        tooltip={text.zoom.in}
        disabled={factor >= 2}
        onClick={() => set(nextZoom(factor, 1))}
      />
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  foot: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: theme.spacing(0.5, 2),
    padding: theme.spacing(0.5, 2),
    minHeight: 40,
    borderTop: `1px solid ${theme.colors.border.weak}`,
    background: theme.colors.background.primary,
    fontSize: theme.typography.bodySmall.fontSize,
    [theme.breakpoints.down('md')]: { padding: theme.spacing(0.25, 1), flexWrap: 'nowrap' },
  }),
  legend: css({
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    color: theme.colors.text.secondary,
  }),
  point: css({ width: 12, height: 12, borderRadius: '50%', background: '#cf4446', border: '2px solid #ffffff' }),
  right: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1), marginLeft: 'auto' }),
  zoom: css({
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    [theme.breakpoints.down('md')]: { '& > button[aria-pressed]': { display: 'none' } },
  }),
  factor: css({ minWidth: 44, textAlign: 'center', fontVariantNumeric: 'tabular-nums' }),
});
