// The frame of the pages around the map: a bar with the ways between them, and the page below.

import { css, cx } from '@emotion/css';
import React, { type ReactNode } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import { MAIN, useHost, type PageProps } from '../workspace/host';
import { SkipLink } from '../workspace/SkipLink';
import { text } from '../workspace/text';
import { useTitle } from '../workspace/useTitle';
import { useLibrary } from './context';
import { linkTo, screenOf, searchOf } from './links';

const WAYS = ['home', 'shares', 'sites', 'health'] as const;

interface FrameProps extends PageProps {
  /** Buttons at the end of the bar. */
  actions?: ReactNode;
}

/** The host's own frame, or ours where there is no host. */
export function Frame({ actions, ...page }: FrameProps) {
  const { Page } = useHost();
  useTitle(page.title);
  return Page ? <Page {...page} /> : <OwnFrame actions={actions} {...page} />;
}

function OwnFrame({ title, lead, head, actions, children }: FrameProps) {
  const styles = useStyles2(getStyles);
  const { url, search } = useLibrary();
  const here = screenOf(search);
  return (
    <div className={styles.screen}>
      <SkipLink />
      <header className={styles.bar}>
        <strong>{text.product}</strong>
        <nav aria-label={text.library.nav.label} className={styles.ways}>
          {WAYS.map((screen) => (
            <a
              key={screen}
              className={cx(styles.way, here === screen && styles.here)}
              aria-current={here === screen ? 'page' : undefined}
              {...linkTo(url, searchOf(screen, search))}
            >
              {text.library.nav[screen]}
            </a>
          ))}
        </nav>
        <div className={styles.end}>{actions}</div>
      </header>
      <main id={MAIN} tabIndex={-1} className={styles.page} style={{ outline: 'none' }}>
        <div className={styles.title}>
          <div>
            <h1>{title}</h1>
            {lead && <p>{lead}</p>}
          </div>
          {head}
        </div>
        {children}
      </main>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  screen: css({
    display: 'flex',
    flexDirection: 'column',
    height: '100%',
    minHeight: 0,
    background: theme.colors.background.canvas,
    color: theme.colors.text.primary,
    '@media print': { display: 'block', height: 'auto' },
  }),
  bar: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(2),
    padding: theme.spacing(1, 2),
    borderBottom: `1px solid ${theme.colors.border.weak}`,
    background: theme.colors.background.primary,
    [theme.breakpoints.down('sm')]: {
      gap: theme.spacing(1),
      padding: theme.spacing(1),
      fontSize: theme.typography.bodySmall.fontSize,
      '& > strong': { display: 'none' },
    },
  }),
  ways: css({ display: 'flex', gap: theme.spacing(0.5), overflowX: 'auto' }),
  way: css({
    padding: theme.spacing(0.5, 1),
    borderRadius: theme.shape.radius.default,
    color: theme.colors.text.secondary,
    whiteSpace: 'nowrap',
    [theme.breakpoints.down('sm')]: { padding: theme.spacing(0.5) },
    '&:hover': { background: theme.colors.action.hover, color: theme.colors.text.primary },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: -2 },
  }),
  here: css({ background: theme.colors.action.selected, color: theme.colors.text.primary }),
  end: css({ marginLeft: 'auto', display: 'flex', gap: theme.spacing(1) }),
  page: css({
    flex: 1,
    minHeight: 0,
    overflowY: 'auto',
    width: '100%',
    maxWidth: 1400,
    margin: '0 auto',
    padding: theme.spacing(3, 2),
    '@media print': { overflow: 'visible' },
    '& h2': { ...theme.typography.h4, margin: theme.spacing(3, 0, 1) },
  }),
  title: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'flex-start',
    justifyContent: 'space-between',
    gap: theme.spacing(1),
    marginBottom: theme.spacing(2),
    '& h1': { ...theme.typography.h3, margin: 0 },
    '& p': { color: theme.colors.text.secondary, margin: 0 },
  }),
});
