// Above a wireframe: that it is one, and how the page gets a picture.

import { css } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';

import type { BackgroundInfo } from '../contract/generated/answers';
import { useWorkspace } from './context';
import { serverText } from './serverText';
import { text } from './text';

export function WireframeNotice({ background }: { background: BackgroundInfo | null }) {
  const styles = useStyles2(getStyles);
  const { readOnly } = useWorkspace();
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
          <details>
            <summary>{words.how}</summary>
            <ul>
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
    '& ul': { margin: theme.spacing(0.5, 0, 0, 2.5) },
  }),
});
