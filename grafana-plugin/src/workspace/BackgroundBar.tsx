// Which picture the map lies on and why, and the other states of the page to choose from.

import { css, cx } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';

import type { BackgroundInfo } from '../contract/answers';
import { useWorkspace } from './context';
import { percent, px, timeFormat } from './format';
import { Popover } from './Popover';
import { Problem } from './Problem';
import { useBackgrounds } from './questions';
import { text } from './text';

interface BackgroundBarProps {
  background: BackgroundInfo | null;
  coverage: number | null;
}

export function BackgroundBar({ background, coverage }: BackgroundBarProps) {
  const styles = useStyles2(getStyles);
  const { state, timeZone } = useWorkspace();
  const { day } = timeFormat(timeZone);
  return (
    <div className={styles.bar} role="group" aria-label={text.background.label}>
      {background ? (
        <span className={styles.facts}>
          <span>
            {text.background.origin[background.origin]} {text.background.seen(day(background.seen_ms))}
          </span>
          <span>{background.state}</span>
          {background.fit !== null && (
            <span title={text.background.fitHelp}>{text.background.fit(percent(background.fit))}</span>
          )}
          {coverage !== null && <span>{text.background.shows(percent(coverage))}</span>}
          <span title={state.background === 'auto' ? text.background.autoWhy : undefined}>
            {state.background === 'auto' ? text.background.auto : text.background.chosen}
          </span>
          {background.notes.map((note) => (
            <span key={note} className={styles.note}>
              {note}
            </span>
          ))}
        </span>
      ) : (
        <span className={styles.facts}>{text.background.none}</span>
      )}
      <BackgroundPicker current={background?.id ?? ''} />
    </div>
  );
}

export function BackgroundPicker({ current }: { current: string }) {
  const { readOnly } = useWorkspace();
  if (readOnly) {
    return null;
  }
  return (
    <Popover
      label={text.background.choose}
      name={text.background.choose}
      icon="camera"
      size="sm"
      side="right"
      upwards
      width={360}
    >
      {(close) => <Pictures current={current} close={close} />}
    </Popover>
  );
}

function Pictures({ current, close }: { current: string; close: () => void }) {
  const styles = useStyles2(getStyles);
  const { backend, state, update, timeZone } = useWorkspace();
  const { day } = timeFormat(timeZone);
  const asked = useBackgrounds();
  const found = asked.value?.backgrounds ?? [];
  const pick = (background: string) => {
    update({ background });
    close();
  };
  return (
    <div>
      {asked.error && <Problem error={asked.error} retry={asked.retry} />}
      {state.background !== 'auto' && (
        <Button size="sm" variant="secondary" onClick={() => pick('auto')}>
          {text.background.useAuto}
        </Button>
      )}
      <p className={styles.why}>{text.background.autoWhy}</p>
      {!asked.loading && found.length === 0 && <p>{text.background.none}</p>}
      <ul className={styles.list} aria-label={text.background.states}>
        {found.map((background) => (
          <li key={background.id}>
            <button
              type="button"
              className={cx(styles.entry, background.id === current && styles.current)}
              aria-current={background.id === current || undefined}
              onClick={() => pick(background.id)}
            >
              <img src={backend.pictureUrl(background.id)} alt="" loading="lazy" />
              <span className={styles.words}>
                <strong>{background.state}</strong>
                <span>
                  {text.background.origin[background.origin]} {text.background.seen(day(background.seen_ms))}
                </span>
                <span>
                  {text.background.size(background.width, background.height)}
                  {background.fit !== null && ` · ${text.background.fit(percent(background.fit))}`}
                </span>
                {background.coverage != null && <span>{text.background.shows(percent(background.coverage))}</span>}
                {asked.value?.automatic === background.id && <em>{text.background.auto}</em>}
                {background.page_height > background.height && <span>{px(background.page_height)} px</span>}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  bar: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: theme.spacing(0.5, 2),
    padding: theme.spacing(0.5, 2),
    borderTop: `1px solid ${theme.colors.border.weak}`,
    background: theme.colors.background.primary,
    fontSize: theme.typography.bodySmall.fontSize,
    [theme.breakpoints.down('md')]: {
      padding: theme.spacing(0.25, 1, 0.25, 0),
      '& [aria-haspopup] > span': { display: 'none' },
    },
  }),
  facts: css({
    display: 'flex',
    flexWrap: 'wrap',
    columnGap: theme.spacing(1.5),
    color: theme.colors.text.secondary,
    [theme.breakpoints.down('md')]: { display: 'none' },
  }),
  note: css({ color: theme.colors.warning.text }),
  why: css({
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
    margin: theme.spacing(1, 0),
  }),
  list: css({ listStyle: 'none', display: 'flex', flexDirection: 'column', gap: theme.spacing(0.5) }),
  entry: css({
    display: 'flex',
    gap: theme.spacing(1.5),
    width: '100%',
    padding: theme.spacing(0.75),
    border: '1px solid transparent',
    borderRadius: theme.shape.radius.default,
    background: 'transparent',
    color: theme.colors.text.primary,
    textAlign: 'left',
    '&:hover': { background: theme.colors.action.hover },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}` },
    '& img': {
      width: 96,
      height: 72,
      objectFit: 'cover',
      objectPosition: 'top',
      border: `1px solid ${theme.colors.border.weak}`,
      background: '#ffffff',
    },
  }),
  // On the selected colour, the quieter text would be too faint.
  current: css({
    borderColor: theme.colors.primary.border,
    background: theme.colors.action.selected,
    '& span, & em': { color: theme.colors.text.primary },
  }),
  words: css({
    display: 'flex',
    flexDirection: 'column',
    fontSize: theme.typography.bodySmall.fontSize,
    color: theme.colors.text.secondary,
    '& strong': { color: theme.colors.text.primary },
  }),
});
