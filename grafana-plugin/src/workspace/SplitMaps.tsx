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
import { points } from './CompareList';
import { useWorkspace } from './context';
import type { MapElement } from './elements';
import { count, exact, percent } from './format';
import { text } from './text';
import { GAIN, LOSS, type Tint } from './tint';
import { LinkedScroll } from './linkedScroll';
import { compared, MOST_GROUPS, type Group, type Groups } from './useGroups';
import { Skeleton } from './Skeleton';
import { Waiting } from './Waiting';

interface SplitMapsProps {
  groups: Groups;
  elements: readonly MapElement[];
  onZoom: (factor: number) => void;
}

export function SplitMaps({ groups, elements, onZoom }: SplitMapsProps) {
  const styles = useStyles2(getStyles);
  const { state } = useWorkspace();
  const { look } = state;
  const words = text.analysis.split;
  const shares = words.shares(text.metric.units[state.metric]);
  const { by, asked, total } = groups;
  const shown = useMemo(() => asked.value ?? [], [asked.value]);
  const hottest = useMemo(
    () => Math.max(0, ...shown.map(({ heat }) => hottestShare(heat, look.radius))),
    [shown, look.radius]
  );
  const tints = useMemo(() => (shown.length === 2 ? differenceTints(shown, elements) : null), [shown, elements]);
  return (
    <section className={styles.all} aria-label={words.maps(by)} data-testid="split">
      <Waiting asked={asked} what={words.asking} />
      {asked.loading && !asked.value && <Skeleton of="map" />}
      {total === 0 && <p className={styles.note}>{words.none(by)}</p>}
      <LinkedScroll>
        <div className={styles.maps}>
          {shown.map(({ name, title, heat }) => (
            <figure key={title} className={styles.one} data-testid="split-map">
              <figcaption>
                <strong title={title}>{name}</strong>
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
          {tints && (
            <figure className={styles.one} data-testid="difference-map">
              <figcaption>
                <strong>{words.difference}</strong>
                <span className={styles.key}>
                  <i style={{ background: GAIN }} aria-hidden /> {words.more(shown[0].name)}
                  <i style={{ background: LOSS }} aria-hidden /> {words.more(shown[1].name)}
                </span>
              </figcaption>
              <ClickMap bare heat={shown[0].heat} elements={elements} numbered={null} tints={tints} onZoom={onZoom} />
            </figure>
          )}
        </div>
      </LinkedScroll>
      {shown.length > 0 && (
        <p className={styles.note} title={shares}>
          <span className={styles.ramp} style={{ background: cssGradient(look.palette) }} aria-hidden />
          {state.metric === 'clicks' && `${words.scale(percent(hottest))}. `}
          {shares}
          {total !== null && total > MOST_GROUPS && ` ${words.shown(MOST_GROUPS, count(total))}`}
        </p>
      )}
    </section>
  );
}

/** Elements coloured by how much more of the first group's clicks they have; what chance could make is a texture. */
function differenceTints(groups: readonly Group[], elements: readonly MapElement[]): Tint[] {
  const boxes = new Map(elements.map(({ row, box }) => [row.element, box]));
  return compared(groups).flatMap(({ row, difference, clear }) => {
    const box = boxes.get(row.element);
    return box && difference !== 0
      ? [
          {
            element: row.element,
            box,
            colour: difference > 0 ? GAIN : LOSS,
            uncertain: !clear,
            worse: false,
            label: points(difference),
          },
        ]
      : [];
  });
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
  key: css({
    display: 'inline-flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'flex-end',
    gap: theme.spacing(0, 0.5),
    '& i': { width: 10, height: 10, borderRadius: 2, marginLeft: theme.spacing(0.5) },
  }),
  ramp: css({
    display: 'inline-block',
    width: 80,
    height: 10,
    marginRight: theme.spacing(1),
    borderRadius: 2,
  }),
});
