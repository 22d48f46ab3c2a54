// The moments of a replay as a list: pages as headings, below them what people did there.

import { css, cx } from '@emotion/css';
import React, { memo, useEffect, useRef } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import type { MomentRow } from '../contract/answers';
import { SignalChips } from '../workspace/SignalChips';
import { text } from '../workspace/text';
import { clock, momentName } from './moments';

interface ReplayMomentsProps {
  /** Undefined until they are known. */
  moments: readonly MomentRow[] | undefined;
  startMs: number;
  /** The last moment that has passed; -1: none. */
  current: number;
  onMoment: (moment: MomentRow) => void;
}

/** Long lists: drawn again only when another moment has passed. */
export const ReplayMoments = memo(function ReplayMoments(props: ReplayMomentsProps) {
  const { moments, startMs, current, onMoment } = props;
  const styles = useStyles2(getStyles);
  const words = text.library.replay;
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    const [box, row] = [list.current, list.current?.children[current] as HTMLElement | undefined];
    if (box && row) {
      box.scrollTop = row.offsetTop - box.offsetTop - box.clientHeight / 3;
    }
  }, [current]);
  return (
    <section className={styles.moments}>
      <h2>{words.moments}</h2>
      {moments?.length === 0 && <p className={styles.quiet}>{words.noMoments}</p>}
      <ol ref={list} aria-label={words.moments}>
        {moments?.map((moment, number) => {
          const when = clock(moment.time - startMs);
          return (
            <li key={number}>
              <button
                type="button"
                className={cx(styles.row, moment.kind === 'page' && styles.page, number === current && styles.here)}
                aria-current={number === current ? 'step' : undefined}
                aria-label={words.jump(momentName(moment), when)}
                onClick={() => onMoment(moment)}
              >
                <span className={styles.when}>{when}</span>
                <span className={styles.what}>{momentName(moment)}</span>
                <SignalChips row={chipsOf(moment)} />
              </button>
            </li>
          );
        })}
      </ol>
    </section>
  );
});

const chipsOf = ({ kind, clicks, rage, dead, error }: MomentRow) =>
  kind === 'error'
    ? { rage: 0, dead: 0, error: 1 }
    : { rage: rage ? clicks : 0, dead: dead ? clicks : 0, error: error ? clicks : 0 };

const getStyles = (theme: GrafanaTheme2) => ({
  moments: css({
    minWidth: 0,
    display: 'flex',
    flexDirection: 'column',
    '& h2': { margin: theme.spacing(0, 0, 1) },
    '& ol': { listStyle: 'none', margin: 0, overflowY: 'auto', maxHeight: 'min(640px, 70vh)' },
  }),
  row: css({
    width: '100%',
    display: 'flex',
    alignItems: 'baseline',
    gap: theme.spacing(1),
    padding: theme.spacing(0.5, 1),
    border: 'none',
    borderLeft: '3px solid transparent',
    background: 'none',
    textAlign: 'left',
    '&:hover': { background: theme.colors.action.hover },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: -2 },
  }),
  page: css({ marginTop: theme.spacing(1), fontWeight: theme.typography.fontWeightMedium }),
  here: css({ borderLeftColor: theme.colors.primary.main, background: theme.colors.action.selected }),
  when: css({
    flex: 'none',
    minWidth: 40,
    color: theme.colors.text.secondary,
    fontVariantNumeric: 'tabular-nums',
    fontSize: theme.typography.bodySmall.fontSize,
  }),
  what: css({ flex: 1, minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }),
  quiet: css({ color: theme.colors.text.secondary }),
});
