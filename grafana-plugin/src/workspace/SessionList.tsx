// The latest sessions behind an action: when, how long, who, with what.

import { css } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';

import type { ReplayRow } from '../contract/answers';
import { useWorkspace } from './context';
import { ExploreLink, queriesOfSession } from './ExploreLink';
import { duration, exact, timeFormat } from './format';
import { ShowMore } from './ShowMore';
import { SignalChips } from './SignalChips';
import { text } from './text';

interface SessionListProps {
  rows: readonly ReplayRow[];
  /** How many there are, of which these are the latest. */
  total: number;
  busy: boolean;
  more?: () => void;
}

export function SessionList({ rows, total, busy, more }: SessionListProps) {
  const styles = useStyles2(getStyles);
  const { state, replayHref, timeZone } = useWorkspace();
  const { time } = timeFormat(timeZone);
  if (!rows.length) {
    return <p className={styles.quiet}>{text.details.replaysNone}</p>;
  }
  const nobody = rows.every((row) => !row.user && !row.user_name);
  return (
    <>
      {nobody && <p className={styles.quiet}>{text.analysis.noUsersHere}</p>}
      <ul className={styles.list} aria-label={text.details.replays} data-testid="sessions">
        {rows.map((row) => (
          <li key={row.session}>
            <span className={styles.line}>
              <span className={styles.when}>{time(row.at ?? row.start)}</span>
              <span className={styles.who} title={row.user ?? undefined}>
                {row.user_name || row.user || text.details.anonymous}
              </span>
              <span className={styles.quiet}>{duration(row.duration_ms)}</span>
              {row.has_replay && replayHref && (
                <a className={styles.play} href={replayHref(row, state.application)}>
                  <Icon name="play" size="sm" /> {text.details.play}
                </a>
              )}
              <ExploreLink small queries={queriesOfSession(state, row.session)} name={time(row.at ?? row.start)} />
            </span>
            <span className={styles.line}>
              <span className={styles.quiet}>
                {[row.browser, row.os, row.device, row.country].filter(Boolean).join(' · ') || text.unknown}
              </span>
              <SignalChips row={row} />
            </span>
          </li>
        ))}
      </ul>
      <ShowMore shown={rows.length} total={total} all={text.sessions(exact(total), total)} busy={busy} more={more} />
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({
    listStyle: 'none',
    // What is off the screen is not laid out.
    '& li': {
      contentVisibility: 'auto',
      containIntrinsicSize: 'auto 46px',
      padding: theme.spacing(0.75, 0),
      borderBottom: `1px solid ${theme.colors.border.weak}`,
    },
  }),
  line: css({ display: 'flex', flexWrap: 'wrap', justifyContent: 'space-between', columnGap: theme.spacing(1) }),
  when: css({ minWidth: 96, whiteSpace: 'nowrap' }),
  who: css({ flex: 1, minWidth: 80, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }),
  play: css({ color: theme.colors.text.link, '&:hover': { textDecoration: 'underline' } }),
  quiet: css({ color: theme.colors.text.secondary }),
});
