// One click map for each value of a field, side by side on the same picture, coloured by shares so that they compare.

import { css } from '@emotion/css';
import React, { useMemo } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import type { HeatAnswer } from '../contract/answers';
import { cellsOf } from '../heatmap/cells';
import { densityRange } from '../heatmap/density';
import { cssGradient } from '../heatmap/palette';
import { ClickMap } from './ClickMap';
import { useWorkspace } from './context';
import type { MapElement } from './elements';
import { labelOf } from './Facets';
import { count, exact, percent } from './format';
import { useFacetValues, useHeatPerValue } from './questions';
import { text } from './text';
import { Together } from './together';
import { Waiting } from './Waiting';

/** More maps than this are too small to read. */
const MAPS = 4;

interface SplitMapsProps {
  /** The background that all maps lie on. */
  background: string;
  elements: readonly MapElement[];
  onZoom: (factor: number) => void;
}

export function SplitMaps({ background, elements, onZoom }: SplitMapsProps) {
  const styles = useStyles2(getStyles);
  const { state } = useWorkspace();
  const { look } = state;
  const words = text.analysis.split;
  const shares = words.shares(text.metric.units[state.metric]);
  const facet = labelOf({ key: state.split, label: state.split });
  const values = useFacetValues(state.split);
  const shown = useMemo(() => values.value?.slice(0, MAPS).map(({ value }) => value) ?? null, [values.value]);
  const maps = useHeatPerValue(state.split, shown, background);
  // Values and maps belong together only when the answers are of the same question.
  const pairs = useMemo(() => (shown && maps.value?.length === shown.length ? maps.value : []), [shown, maps.value]);
  const hottest = useMemo(
    () => Math.max(0, ...pairs.map((heat) => hottestShare(heat, look.radius))),
    [pairs, look.radius]
  );
  return (
    <section className={styles.all} aria-label={words.maps(facet)} data-testid="split">
      <Waiting asked={values} what={words.asking} />
      <Waiting asked={maps} what={words.asking} />
      {values.value?.length === 0 && <p className={styles.note}>{words.none(facet)}</p>}
      <Together>
        <div className={styles.maps}>
          {pairs.map((heat, i) => (
            <figure key={shown?.[i]} className={styles.one} data-testid="split-map">
              <figcaption>
                <strong title={shown?.[i]}>{words.one(facet, shown?.[i] ?? '')}</strong>
                <span title={exact(heat.clicks)}>{text.clicks(count(heat.clicks), heat.clicks)}</span>
              </figcaption>
              <ClickMap
                bare
                heat={heat}
                elements={elements}
                numbered={null}
                most={hottest * allOf(heat)}
                onZoom={onZoom}
              />
            </figure>
          ))}
        </div>
      </Together>
      {pairs.length > 0 && (
        <p className={styles.note} title={shares}>
          <span className={styles.ramp} style={{ background: cssGradient(look.palette) }} aria-hidden />
          {state.metric === 'clicks' && `${words.scale(percent(hottest))}. `}
          {shares}
          {values.value && values.value.length > MAPS && ` ${words.shown(MAPS, count(values.value.length))}`}
        </p>
      )}
    </section>
  );
}

/** What the shares of a map are of: all clicks, users or sessions. */
const allOf = ({ metric, clicks, users, sessions }: HeatAnswer): number =>
  metric === 'users' ? users : metric === 'sessions' ? sessions : clicks;

/** The largest density of a map as a share of all that it counts. */
function hottestShare(heat: HeatAnswer, radius: number): number {
  const cells = cellsOf({ x: heat.x, y: heat.y, value: heat.value, cellPx: heat.cell_px });
  const all = allOf(heat);
  return all > 0 ? densityRange(cells, heat.canvas, radius).max / all : 0;
}

const getStyles = (theme: GrafanaTheme2) => ({
  all: css({ flex: 1, minWidth: 0, minHeight: 0, display: 'flex', flexDirection: 'column' }),
  maps: css({ flex: 1, minHeight: 0, display: 'flex', overflowX: 'auto' }),
  one: css({
    flex: '1 0 240px',
    minWidth: 0,
    minHeight: 0,
    display: 'flex',
    flexDirection: 'column',
    margin: 0,
    borderRight: `1px solid ${theme.colors.border.weak}`,
    '& figcaption': {
      display: 'flex',
      justifyContent: 'space-between',
      gap: theme.spacing(1),
      padding: theme.spacing(0.5, 1),
      borderBottom: `1px solid ${theme.colors.border.weak}`,
      background: theme.colors.background.primary,
      fontSize: theme.typography.bodySmall.fontSize,
    },
    '& figcaption strong': { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
    '& figcaption span': { color: theme.colors.text.secondary, whiteSpace: 'nowrap' },
  }),
  note: css({
    margin: 0,
    padding: theme.spacing(0.5, 2),
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
    background: theme.colors.background.primary,
    borderTop: `1px solid ${theme.colors.border.weak}`,
  }),
  ramp: css({
    display: 'inline-block',
    width: 80,
    height: 10,
    marginRight: theme.spacing(1),
    borderRadius: 2,
  }),
});
