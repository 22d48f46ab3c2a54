// What the scroll curve says, as sentences; each leads to the place on the map.

import { css } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';

import type { ScrollAnswer } from '../contract/answers';
import { useWorkspace } from './context';
import { count, percent, px } from './format';
import { ShowPlace } from './ShowPlace';
import { text } from './text';

interface Insight {
  words: string;
  /** Page px to go to; null = nowhere in particular. */
  depth: number | null;
  /** The views that the sentence is about. */
  views?: number | 'still';
}

/** Parts of the page of which it is told how many got past them. */
const PARTS = [0.25, 0.5, 0.75, 0.9];

/** The sentences for an answer, most telling first. */
export function insightsOf(scroll: ScrollAnswer): Insight[] {
  const insights: Insight[] = [];
  const median = scroll.median_depth_px;
  const height = scroll.background?.page_height ?? scroll.page_height_px;
  if (median !== null && height > 0) {
    const words = median >= height ? text.scroll.end : text.scroll.half(px(median), percent(median / height));
    insights.push({ words, depth: median });
  }
  if (scroll.rows.length > 0 && height > 0) {
    for (const part of PARTS) {
      // A point of the curve, so that the sentence and the list behind it count alike.
      const point = scroll.rows.find(({ depth_px }) => depth_px >= part * height);
      if (point) {
        const words = text.analysis.reached.insight(percent(point.share), percent(part));
        insights.push({ words, depth: point.depth_px, ...(point.views > 0 && { views: point.depth_px }) });
      }
    }
  }
  const drop = scroll.biggest_drop;
  if (drop) {
    insights.push({
      words: text.scroll.drop(percent(drop.share), px(drop.from_px), px(drop.to_px)),
      depth: drop.from_px,
    });
  }
  const quarter = scroll.percentiles['25'];
  if (quarter != null && quarter !== median) {
    insights.push({ words: text.scroll.quarter(px(quarter)), depth: quarter });
  }
  if (scroll.never_scrolled_share !== null) {
    insights.push({
      words: text.scroll.never(percent(scroll.never_scrolled_share)),
      depth: null,
      ...(scroll.never_scrolled_share > 0 && { views: 'still' }),
    });
  }
  if (scroll.fold_px !== null) {
    insights.push({ words: text.scroll.fold(px(scroll.fold_px)), depth: scroll.fold_px });
  }
  const heights = scroll.page_heights;
  if (scroll.mapped_views > 0 && heights?.p10 != null && heights.p90 != null) {
    insights.push({
      words: text.scroll.mapped(count(scroll.mapped_views), scroll.mapped_views, px(heights.p10), px(heights.p90)),
      depth: null,
    });
  }
  if (scroll.unmeasured_views > 0) {
    insights.push({
      words: text.scroll.unmeasured(count(scroll.unmeasured_views), scroll.unmeasured_views),
      depth: null,
    });
  }
  if (scroll.meaningless_views > 0) {
    insights.push({
      words: text.scroll.meaningless(count(scroll.meaningless_views), scroll.meaningless_views),
      depth: null,
    });
  }
  return insights;
}

export function ScrollInsights({ scroll }: { scroll: ScrollAnswer }) {
  const styles = useStyles2(getStyles);
  const { update, locate, readOnly } = useWorkspace();
  return (
    <section aria-label={text.scroll.insights} className={styles.box}>
      <h2>{text.scroll.insights}</h2>
      <p className={styles.measured}>{text.scroll.measured(count(scroll.views), scroll.views)}</p>
      <ul>
        {insightsOf(scroll).map(({ words, depth, views }) => (
          <li key={words}>
            <span className={styles.words}>{words}</span>
            <span className={styles.links}>
              {views !== undefined && !readOnly && (
                <Button
                  size="sm"
                  fill="text"
                  aria-label={`${text.analysis.reached.open}: ${words}`}
                  onClick={() => update({ reached: views })}
                >
                  {text.analysis.reached.open}
                </Button>
              )}
              {depth !== null && (
                <ShowPlace
                  name={`${text.scroll.show}: ${words}`}
                  title={text.scroll.show}
                  onClick={() => {
                    update({ depth: Math.round(depth) }, 'replace');
                    locate({ left: 0, top: depth, width: 0, height: 0 });
                  }}
                />
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({
    padding: theme.spacing(1.5, 2),
    '& h2': { ...theme.typography.h5, margin: 0 },
    '& ul': { listStyle: 'none' },
    '& li': {
      display: 'flex',
      alignItems: 'center',
      gap: theme.spacing(1),
      minHeight: 40,
      padding: theme.spacing(0.75, 0),
      borderBottom: `1px solid ${theme.colors.border.weak}`,
    },
  }),
  words: css({ flex: 1, minWidth: 0 }),
  links: css({
    display: 'flex',
    flex: 'none',
    alignItems: 'center',
    '& > button:first-of-type': { whiteSpace: 'nowrap' },
  }),
  measured: css({ color: theme.colors.text.secondary, margin: theme.spacing(0.5, 0) }),
});
