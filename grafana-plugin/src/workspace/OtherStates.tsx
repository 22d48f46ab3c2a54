// Beside a map: the clicks that its picture does not show but others of the page do, each one click away.

import { css } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import type { HeatAnswer } from '../contract/answers';
import { deviceOf } from '../contract/widthBands';
import { useWorkspace } from './context';
import { count } from './format';
import { stateName } from './serverText';
import { text } from './text';

const THUMBNAIL_PX = 256;

export function OtherStates({ heat }: { heat: HeatAnswer }) {
  const styles = useStyles2(getStyles);
  const { backend, update, readOnly } = useWorkspace();
  const { others, background } = heat;
  const words = text.background.others;
  if (readOnly || !others.length) {
    return null;
  }
  const clicks = others.reduce((sum, other) => sum + other.clicks, 0);
  return (
    <nav className={styles.bar} aria-label={words.label}>
      <span className={styles.lead}>{words.lead(count(clicks), Math.round(clicks))}</span>
      <ul className={styles.list}>
        {others.map((other) => {
          const name = stateName(other.background.state);
          const device = deviceOf(other.background.viewport_w);
          const elsewhere = background && device !== deviceOf(background.viewport_w);
          const amount = text.clicks(count(other.clicks), Math.round(other.clicks));
          return (
            <li key={other.background.id}>
              <button type="button" onClick={() => update({ background: other.background.id })}>
                <img src={backend.thumbnailUrl(other.background.id, THUMBNAIL_PX)} alt="" loading="lazy" />
                <span>
                  <strong>{name}</strong>
                  <span className={styles.amount}>{elsewhere ? words.one(words.device[device], amount) : amount}</span>
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  bar: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1.5),
    padding: theme.spacing(0.5, 2),
    borderTop: `1px solid ${theme.colors.border.weak}`,
    background: theme.colors.background.primary,
    fontSize: theme.typography.bodySmall.fontSize,
    minWidth: 0,
    [theme.breakpoints.down('md')]: { padding: theme.spacing(0.5, 1) },
  }),
  lead: css({
    flex: 'none',
    maxWidth: 130,
    color: theme.colors.text.secondary,
    [theme.breakpoints.down('md')]: { display: 'none' },
  }),
  list: css({
    listStyle: 'none',
    display: 'flex',
    gap: theme.spacing(1),
    minWidth: 0,
    overflowX: 'auto',
    scrollbarWidth: 'thin',
    '& li': { flex: 'none' },
    '& button': {
      display: 'flex',
      alignItems: 'center',
      gap: theme.spacing(1),
      maxWidth: 260,
      padding: theme.spacing(0.5),
      border: `1px solid ${theme.colors.border.weak}`,
      borderRadius: theme.shape.radius.default,
      background: 'transparent',
      color: theme.colors.text.primary,
      textAlign: 'left',
      '&:hover': { background: theme.colors.action.hover },
      '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}` },
      '& > span': { display: 'flex', flexDirection: 'column', minWidth: 0 },
    },
    '& img': {
      flex: 'none',
      width: 64,
      height: 42,
      objectFit: 'cover',
      objectPosition: 'top',
      borderRadius: 2,
      background: '#ffffff',
    },
    '& strong': { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  }),
  amount: css({ color: theme.colors.text.secondary, whiteSpace: 'nowrap' }),
});
