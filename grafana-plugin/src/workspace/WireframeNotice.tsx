// Above a wireframe: that it is one, and how the page gets a picture.

import { css } from '@emotion/css';
import React, { useState } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';

import type { PageStats } from '../contract/answers';
import type { BackgroundInfo } from '../contract/generated/answers';
import { CauseList } from './CauseList';
import { useWorkspace } from './context';
import { causesOf } from './emptiness';
import { serverText } from './serverText';
import { text } from './text';
import { useFacts } from './useFacts';

interface WireframeNoticeProps {
  background: BackgroundInfo | null;
  /** Of the page in scope. */
  stats?: PageStats;
}

export function WireframeNotice({ background, stats }: WireframeNoticeProps) {
  const styles = useStyles2(getStyles);
  const { readOnly } = useWorkspace();
  const [open, setOpen] = useState(false);
  if (background?.origin !== 'wireframe') {
    return null;
  }
  const words = text.background.wireframe;
  return (
    <div className={styles.box} role="note" data-testid="wireframe">
      <Icon name="info-circle" />
      <div>
        <strong>{words.title}</strong> {words.drawn}
        {background.notices.map((note) => (
          <span key={note}> {serverText(note)}.</span>
        ))}
        {!readOnly && (
          <details onToggle={(event) => setOpen(event.currentTarget.open)}>
            <summary>{words.how}</summary>
            {open && <WhyNone stats={stats} />}
            <ul className={styles.ways}>
              {words.ways.map((way) => (
                <li key={way}>{way}</li>
              ))}
            </ul>
          </details>
        )}
      </div>
    </div>
  );
}

/** Why there is none, as far as the server can tell; asked when somebody wants to know. */
function WhyNone({ stats }: { stats?: PageStats }) {
  return <CauseList causes={causesOf('noReplay', useFacts(stats, undefined))} />;
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({
    display: 'flex',
    gap: theme.spacing(1),
    padding: theme.spacing(0.75, 2),
    borderBottom: `1px solid ${theme.colors.border.weak}`,
    background: theme.colors.background.primary,
    fontSize: theme.typography.bodySmall.fontSize,
    '& > svg': { flex: 'none', marginTop: 2, color: theme.colors.info.text },
    '& summary': { cursor: 'pointer', color: theme.colors.text.link, width: 'fit-content' },
    '& summary:focus-visible': { outline: `2px solid ${theme.colors.primary.border}` },
  }),
  ways: css({ margin: theme.spacing(0.5, 0, 0, 2.5) }),
});
