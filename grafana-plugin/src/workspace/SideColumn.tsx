// The column beside the map: statistics, then the list, the details of one action, or what scrolling says.
// On narrow screens it is a sheet at the bottom that can be pulled up.

import { css, cx } from '@emotion/css';
import React, { useState } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';

import type {
  ActionsAnswer,
  EffectAnswer,
  FrictionRow,
  HeatAnswer,
  PageStats,
  ScrollAnswer,
} from '../contract/answers';
import { ActionDetails } from './ActionDetails';
import { ActionList } from './ActionList';
import { CompareList } from './CompareList';
import { useWorkspace } from './context';
import { Deployments } from './Deployments';
import type { MapElement } from './elements';
import type { Emptiness } from './emptiness';
import { count } from './format';
import { Notices, noticesOf } from './Notices';
import { ReachedViews } from './ReachedViews';
import { ScrollInsights } from './ScrollInsights';
import { Skeleton } from './Skeleton';
import { Statistics } from './Statistics';
import { text } from './text';
import { ChangeList, MeasureList } from './TintList';
import type { ColourBy } from './colours';
import { Unplaced } from './Unplaced';
import type { Asked } from './useAnswer';
import type { Groups } from './useGroups';
import type { PageZones } from './useZones';
import { Waiting } from './Waiting';
import { ZoneList } from './ZoneList';

interface SideColumnProps {
  heat: HeatAnswer | undefined;
  actions: Asked<ActionsAnswer>;
  /** Asks for more elements. */
  more: (() => void) | undefined;
  elements: readonly MapElement[];
  numbered: readonly MapElement[] | null;
  colour: ColourBy;
  measured: Asked<FrictionRow[]>;
  effect: Asked<EffectAnswer>;
  scroll: ScrollAnswer | undefined;
  stats: Asked<PageStats>;
  /** Null where none are kept. */
  zones: PageZones | null;
  /** Of maps that are split. */
  groups: Groups | null;
  /** Why there is nothing to show; null = there is something. */
  empty: Emptiness | null;
  /** What is known is of another scope, and of this one nothing could be had. */
  outdated: boolean;
  /** Why there is no map. */
  failure: Error | null;
}

export function SideColumn({
  heat,
  actions,
  more,
  elements,
  numbered,
  colour,
  measured,
  effect,
  scroll,
  stats,
  zones,
  groups,
  empty,
  outdated,
  failure,
}: SideColumnProps) {
  const styles = useStyles2(getStyles);
  const { state, deployments } = useWorkspace();
  // What is picked on the map is explained in the sheet, until the person says otherwise.
  const [pulled, setPulled] = useState({ action: '', open: false });
  const open = pulled.action === state.action ? pulled.open : state.action !== '' || state.reached !== null;
  const setOpen = (next: boolean) => setPulled({ action: state.action, open: next });
  return (
    <aside aria-label={text.sheet.label} className={cx(styles.column, open && styles.open)}>
      <button type="button" className={styles.handle} aria-expanded={open} onClick={() => setOpen(!open)}>
        <span>
          {stats.value ? text.clicks(count(stats.value.clicks), stats.value.clicks) : !stats.error && text.loading}
        </span>
        <span>
          {open ? text.sheet.shut : text.sheet.open} <Icon name={open ? 'angle-down' : 'angle-up'} />
        </span>
      </button>
      <div
        className={cx(styles.content, !open && styles.shut)}
        tabIndex={0}
        role="group"
        aria-label={text.sheet.content}
      >
        <Waiting asked={stats} what={text.analysis.slow.stats} told={failure} />
        {stats.loading && !stats.value && <Skeleton of="rows" />}
        {stats.value && !(outdated && stats.error) && (
          <Statistics stats={stats.value} coverage={heat?.coverage ?? null} />
        )}
        {state.map === 'scroll' && state.reached !== null ? (
          <ReachedViews reached={state.reached} />
        ) : state.map === 'scroll' ? (
          scroll &&
          !empty && (
            <>
              <ScrollInsights scroll={scroll} />
              <Notices notices={scroll.notices} />
            </>
          )
        ) : state.action ? (
          <ActionDetails zones={zones?.asked.value ?? []} />
        ) : groups ? (
          <CompareList groups={groups} elements={elements} />
        ) : colour === 'change' ? (
          <>
            {deployments && <Deployments ask={deployments} />}
            <Waiting asked={effect} what={text.causes.effect.asking} />
            {effect.loading && !effect.value && <Skeleton of="rows" />}
            {effect.value && <ChangeList effect={effect.value} />}
          </>
        ) : colour !== 'clicks' ? (
          <>
            <Waiting asked={measured} what={text.causes.friction.asking} />
            {measured.loading && !measured.value && <Skeleton of="rows" />}
            {measured.value && <MeasureList rows={measured.value} measure={colour} />}
          </>
        ) : (
          <>
            <Waiting asked={actions} what={text.slow.actions} told={failure ?? stats.error} />
            {actions.loading && !actions.value && !stats.loading && <Skeleton of="rows" />}
            {actions.value && !(outdated && actions.error) && (
              <ActionList
                elements={numbered ?? elements}
                total={numbered?.length ?? actions.value.total}
                more={numbered ? undefined : more}
                busy={actions.loading}
                label={numbered ? text.list.elements : text.list.actions}
              />
            )}
            {zones && heat && <ZoneList zones={zones} elements={elements} picture={heat.background} />}
            {heat && !outdated && <Unplaced answer={heat} />}
            {heat && heat.clicks > 0 && <Notices notices={noticesOf(heat, state.metric, stats.value?.views)} />}
          </>
        )}
      </div>
    </aside>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  column: css({
    minWidth: 0,
    minHeight: 0,
    display: 'flex',
    flexDirection: 'column',
    background: theme.colors.background.primary,
    '@media (max-width: 899px)': {
      position: 'absolute',
      zIndex: 6,
      left: 0,
      right: 0,
      bottom: 0,
      height: 44,
      borderTop: `1px solid ${theme.colors.border.medium}`,
      boxShadow: theme.shadows.z2,
    },
    '&&': { '@media print': { position: 'static', display: 'block', height: 'auto', boxShadow: 'none' } },
  }),
  open: css({ '@media (max-width: 899px)': { height: '72%' } }),
  shut: css({ '@media screen and (max-width: 899px)': { display: 'none' } }),
  handle: css({
    display: 'none',
    '@media (max-width: 899px)': {
      flex: '0 0 44px',
      display: 'flex',
      alignItems: 'center',
      justifyContent: 'space-between',
      padding: theme.spacing(0, 2),
      border: 0,
      background: 'transparent',
      color: theme.colors.text.primary,
      '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: -2 },
    },
    '@media print': { display: 'none' },
  }),
  content: css({
    flex: 1,
    minHeight: 0,
    overflowY: 'auto',
    scrollbarWidth: 'thin',
    isolation: 'isolate', // what changes elsewhere does not paint the column again
    '@media print': { overflow: 'visible' },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: -2 },
  }),
});
