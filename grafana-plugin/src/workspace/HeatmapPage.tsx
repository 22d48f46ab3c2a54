// One page's heatmap: asks the questions, and lays out the map, its side column and the bars below.

import { css, cx } from '@emotion/css';
import React, { useMemo, useState } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import { BackgroundBar, BackgroundPicker } from './BackgroundBar';
import { ClickMap } from './ClickMap';
import { useWorkspace } from './context';
import { chosenMoment } from './deployment';
import { mapElements } from './elements';
import { emptiness, emptinessOfScroll } from './emptiness';
import { EmptyState } from './EmptyState';
import { DeletedTarget, isWithoutPicture } from './DeletedTarget';
import { Main } from './host';
import { MapFoot } from './MapFoot';
import { OtherStates } from './OtherStates';
import { Problem } from './Problem';
import { Progress } from './Progress';
import { useQuestion } from './questions';
import { ScrollMap } from './ScrollMap';
import { SideColumn } from './SideColumn';
import { Skeleton } from './Skeleton';
import { SplitMaps } from './SplitMaps';
import { scopeOf } from './state';
import { Cancelled } from './Cancelled';
import { text } from './text';
import { changeTints, measureTints } from './tint';
import { TintLegend } from './TintLegend';
import { useGroups } from './useGroups';
import { MOST_ROWS, useMore } from './useMore';
import { useZones } from './useZones';
import { WireframeNotice } from './WireframeNotice';

const LISTED = 100;
const TOP = 10;

export function HeatmapPage() {
  const styles = useStyles2(getStyles);
  const { state, readOnly, range, refresh } = useWorkspace();
  const [zoom, setZoom] = useState(1);
  const { background } = state;
  const scrolls = state.map === 'scroll';
  const split = state.map === 'clicks' && state.split !== '' && !readOnly;
  const heat = useQuestion('heat', scrolls ? null : { background });
  const scope = JSON.stringify([scopeOf(state), background, state.from, state.to]);
  const [limit, more] = useMore(LISTED, MOST_ROWS, scope);
  const actions = useQuestion('actions', scrolls ? null : { background, limit });
  const scroll = useQuestion('scroll', scrolls ? { background } : null);
  const stats = useQuestion('page_stats', {});
  const zones = useZones();
  const empty = scrolls
    ? emptinessOfScroll(stats.value, scroll.value)
    : emptiness(stats.value, heat.value, background !== 'auto');
  const colour = state.map === 'clicks' && !split && !empty && !readOnly ? state.colour : 'clicks';
  const measured = useQuestion('friction', colour === 'clicks' || colour === 'change' ? null : { by: colour });
  const moment = chosenMoment(state.moment, range);
  const effect = useQuestion('effect', colour !== 'change' ? null : moment === null ? {} : { at_ms: moment });
  const pageWidth = heat.value?.canvas.width ?? 0;
  const elements = useMemo(() => mapElements(actions.value?.rows ?? [], pageWidth), [actions.value, pageWidth]);
  const numbered = useMemo(() => (state.map === 'elements' ? elements.slice(0, TOP) : null), [state.map, elements]);

  const tints = useMemo(
    () =>
      colour === 'clicks'
        ? null
        : colour === 'change'
          ? changeTints(effect.value?.rows ?? [], elements)
          : measureTints(measured.value ?? [], elements, colour, state.look.palette),
    [colour, effect.value, measured.value, elements, state.look.palette]
  );

  const shown = scrolls ? scroll : heat;
  // What is only asked again stays as it is; the map of something else is no answer to what is asked now.
  const [answered, setAnswered] = useState(scope);
  if (!shown.loading && !shown.error && !shown.stopped && answered !== scope) {
    setAnswered(scope);
  }
  // Also when the new question failed or was stopped: what is drawn is not what is asked for.
  const stale = shown.value !== undefined && answered !== scope;
  const picture = shown.value?.background ?? null;
  const coverage = heat.value?.coverage ?? null;
  const groups = useGroups(split && heat.value && !empty ? (picture?.id ?? 'auto') : null);
  return (
    <Main className={styles.page}>
      <h1 className="sr-only">{text.map.heading(state.page)}</h1>
      <section className={styles.map}>
        {(stale || !shown.value || shown.slow) && (
          <Progress asked={shown} what={scrolls ? text.slow.scroll : text.slow.heat} />
        )}
        <DeletedTarget error={shown.error} zones={zones} />
        {shown.error && !isWithoutPicture(shown.error, background) && <Problem error={shown.error} retry={refresh} />}
        {shown.stopped && !shown.value && <Cancelled again={shown.retry} />}
        {!empty && <WireframeNotice background={picture} stats={stats.value} />}
        <div className={cx(styles.body, stale && styles.stale)} aria-busy={shown.loading}>
          {shown.loading && !shown.value && <Skeleton of="map" />}
          {scroll.value && !empty && <ScrollMap scroll={scroll.value} onZoom={setZoom} />}
          {groups && <SplitMaps groups={groups} elements={elements} onZoom={setZoom} />}
          {heat.value && !empty && !split && (
            <ClickMap
              heat={heat.value}
              elements={elements}
              numbered={numbered}
              tints={tints}
              zones={zones}
              onZoom={setZoom}
            />
          )}
          {empty && !shown.loading && (
            <EmptyState
              kind={empty}
              stats={stats.value}
              heat={heat.value}
              choose={empty === 'noClicks' && <BackgroundPicker current={picture?.id ?? ''} />}
            />
          )}
        </div>
        {colour !== 'clicks' && !empty && <TintLegend colour={colour} />}
        {heat.value && !empty && !split && <OtherStates heat={heat.value} />}
        <div className={styles.feet}>
          {!empty && (
            <MapFoot
              legend={state.map === 'clicks' && !split && !tints ? (heat.value ?? null) : null}
              zoom={zoom}
              heat={heat.value ?? null}
              scroll={scroll.value ?? null}
              elements={elements}
              numbered={numbered}
              stats={stats.value}
            />
          )}
          <BackgroundBar background={picture} coverage={coverage} />
        </div>
      </section>
      <SideColumn
        heat={heat.value}
        actions={actions}
        more={readOnly ? undefined : more} // a snapshot has what was frozen
        elements={elements}
        numbered={numbered}
        colour={colour}
        measured={measured}
        effect={effect}
        scroll={scroll.value}
        stats={stats}
        zones={split ? null : zones}
        groups={groups}
        empty={empty}
        outdated={stale && !shown.loading}
        failure={shown.error}
      />
    </Main>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  page: css({
    flex: 1,
    minHeight: 0,
    display: 'grid',
    gridTemplateColumns: 'minmax(560px, 2fr) minmax(320px, 1fr)',
    gridTemplateRows: 'minmax(0, 1fr)',
    '@media (max-width: 899px)': { position: 'relative', gridTemplateColumns: 'minmax(0, 1fr)' },
    '@media print': { display: 'block' },
  }),
  map: css({
    position: 'relative',
    display: 'flex',
    flexDirection: 'column',
    minWidth: 0,
    minHeight: 0,
    borderRight: `1px solid ${theme.colors.border.weak}`,
    // Room for the closed sheet.
    '@media (max-width: 899px)': { borderRight: 0, paddingBottom: 44 },
    '@media print': { border: 0, paddingBottom: 0 },
  }),
  body: css({
    flex: 1,
    minHeight: 0,
    display: 'flex',
    overflow: 'auto',
    '@media print': { flex: 'none' },
  }),
  feet: css({
    [theme.breakpoints.down('md')]: {
      display: 'flex',
      justifyContent: 'flex-end',
      background: theme.colors.background.primary,
      borderTop: `1px solid ${theme.colors.border.weak}`,
      '& > *': { borderTop: 0 },
      '& > :first-of-type:not(:last-child)': { flex: 1, minWidth: 0 },
    },
  }),
  stale: css({ filter: 'grayscale(1)', opacity: 0.5, pointerEvents: 'none' }),
});
