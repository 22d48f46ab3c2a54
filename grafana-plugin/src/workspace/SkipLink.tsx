// The first stop of the keyboard: past the bars, to what the page is about. A host with a frame has its own.

import { css } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import { MAIN, useHost } from './host';
import { text } from './text';

export function SkipLink() {
  const styles = useStyles2(getStyles);
  const { Page } = useHost();
  return Page ? null : (
    <a
      href={`#${MAIN}`}
      className={styles}
      onClick={(event) => {
        event.preventDefault(); // The address is the state of the page, which stays.
        document.getElementById(MAIN)?.focus();
      }}
    >
      {text.skip}
    </a>
  );
}

const getStyles = (theme: GrafanaTheme2) =>
  css({
    position: 'fixed',
    zIndex: theme.zIndex.portal,
    top: theme.spacing(1),
    left: theme.spacing(1),
    padding: theme.spacing(1, 2),
    background: theme.colors.background.primary,
    color: theme.colors.text.link,
    border: `2px solid ${theme.colors.primary.border}`,
    borderRadius: theme.shape.radius.default,
    '@media print': { display: 'none' },
    '&:not(:focus)': { transform: 'translateY(-200%)' },
  });
