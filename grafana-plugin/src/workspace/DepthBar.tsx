// The floating bar: stands at a depth and says how many views got there; dragged, clicked to, or moved by arrow keys.

import { css } from '@emotion/css';
import React, { useEffect, useRef } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import type { ScrollRow } from '../contract/answers';
import { readDepth } from '../heatmap/scrollmap';
import { count, percent, px } from './format';
import { text } from './text';

interface DepthBarProps {
  /** Page px. */
  depth: number;
  page: { height: number };
  zoom: number;
  rows: readonly ScrollRow[];
  setDepth: (depth: number) => void;
}

/** Height of the handle, screen px. */
export const HANDLE = 24;
const STEPS: Record<string, number> = { ArrowDown: 10, ArrowUp: -10, PageDown: 200, PageUp: -200 };

export function DepthBar({ depth, page, zoom, rows, setDepth }: DepthBarProps) {
  const styles = useStyles2(getStyles);
  const bar = useRef<HTMLDivElement>(null);
  const read = readDepth(rows, depth);
  const words =
    text.scroll.reached(percent(read.share), count(read.views)) +
    (read.users > 0 ? ` · ${text.users(count(read.users), read.users)}` : '');

  // Moved by keys, the bar must stay on the screen.
  useEffect(() => {
    if (bar.current === document.activeElement) {
      bar.current?.scrollIntoView({ block: 'nearest' });
    }
  }, [depth]);

  const follow = (event: React.PointerEvent<HTMLDivElement>) => {
    const sheet = bar.current?.parentElement?.getBoundingClientRect();
    if (sheet && event.buttons > 0) {
      setDepth((event.clientY - sheet.top) / zoom);
    }
  };
  return (
    <div
      ref={bar}
      role="slider"
      tabIndex={0}
      aria-label={text.scroll.bar}
      aria-orientation="vertical"
      aria-valuemin={0}
      aria-valuemax={Math.round(page.height)}
      aria-valuenow={Math.round(depth)}
      aria-valuetext={`${text.scroll.at(px(depth))}: ${words}`}
      data-testid="depth-bar"
      className={styles.bar}
      // At either end of the page the whole handle stays on it.
      style={{ top: Math.max(HANDLE / 2, Math.min(page.height * zoom - HANDLE / 2, depth * zoom)) }}
      onClick={(event) => event.stopPropagation()}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={(event) => {
        event.stopPropagation();
        follow(event);
      }}
      onKeyDown={(event) => {
        const to = { Home: 0, End: page.height }[event.key];
        const step = STEPS[event.key];
        if (to !== undefined || step) {
          event.preventDefault();
          setDepth(to ?? depth + step);
        }
      }}
    >
      <span className={styles.handle}>
        {words} · {text.scroll.at(px(depth))}
      </span>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  bar: css({
    position: 'absolute',
    zIndex: 2,
    left: 0,
    right: 0,
    height: HANDLE,
    marginTop: -HANDLE / 2,
    cursor: 'ns-resize',
    touchAction: 'none',
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'center',
    '&::before': {
      content: '""',
      position: 'absolute',
      left: 0,
      right: 0,
      top: 10,
      height: 4,
      background: '#111217',
      borderTop: '1px solid #ffffff',
      borderBottom: '1px solid #ffffff',
    },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: 2 },
  }),
  handle: css({
    position: 'relative',
    padding: theme.spacing(0.25, 1.5),
    borderRadius: theme.shape.radius.pill,
    background: '#111217',
    border: '1px solid #ffffff',
    color: '#ffffff',
    fontSize: theme.typography.bodySmall.fontSize,
    whiteSpace: 'nowrap',
    maxWidth: '96%',
    // A phone's map is narrower than the sentence.
    [theme.breakpoints.down('md')]: { whiteSpace: 'normal', textAlign: 'center', lineHeight: 1.3, borderRadius: 10 },
    overflow: 'hidden',
    textOverflow: 'ellipsis',
  }),
});
