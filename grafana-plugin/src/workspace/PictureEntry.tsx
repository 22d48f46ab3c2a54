// One stored picture in the list: what it shows, and what can be done with it.

import { css, cx } from '@emotion/css';
import React, { useState } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, IconButton, useStyles2 } from '@grafana/ui';

import type { BackgroundInfo } from '../contract/generated/answers';
import { useWorkspace } from './context';
import { percent, px, timeFormat } from './format';
import { stateName } from './serverText';
import { text } from './text';
import { verdictOf } from './verdict';

interface PictureEntryProps {
  background: BackgroundInfo;
  current: boolean;
  automatic: boolean;
  onPick: () => void;
  /** Undefined = may not. */
  onPin?: () => void;
  onRemove?: () => void;
}

export function PictureEntry({ background, current, automatic, onPick, onPin, onRemove }: PictureEntryProps) {
  const styles = useStyles2(getStyles);
  const { backend, timeZone } = useWorkspace();
  const [asks, setAsks] = useState(false);
  const { day } = timeFormat(timeZone);
  const words = text.background;
  const name = stateName(background.state);
  const { width, height, page_height, coverage } = background;
  const verdict = verdictOf(background);
  if (asks) {
    return (
      <li className={cx(styles.entry, styles.asks)} role="alertdialog" aria-label={words.remove(name)}>
        <span>{words.removeAsk}</span>
        <span className={styles.buttons}>
          <Button size="sm" variant="destructive" onClick={onRemove}>
            {words.removeYes}
          </Button>
          <Button size="sm" variant="secondary" autoFocus onClick={() => setAsks(false)}>
            {words.removeNo}
          </Button>
        </span>
      </li>
    );
  }
  return (
    <li className={cx(styles.entry, current && styles.current)}>
      <button type="button" className={styles.pick} aria-current={current || undefined} onClick={onPick}>
        <img src={backend.thumbnailUrl(background.id, 256)} alt="" loading="lazy" />
        <span className={styles.words}>
          <strong>{name}</strong>
          <span>
            {words.origin[background.origin]} {words.seen(day(background.seen_ms))}
          </span>
          <span>{words.size(px(width), px(height))}</span>
          {page_height > height && <span>{words.cut(px(page_height))}</span>}
          {coverage != null && <span>{words.shows(percent(coverage))}</span>}
          {verdict && <span>{verdict}</span>}
          {(background.pinned || automatic) && <em>{background.pinned ? words.pinned : words.auto}</em>}
        </span>
      </button>
      <span className={styles.tools}>
        {onPin && (
          <IconButton
            name={background.pinned ? 'lock' : 'unlock'}
            size="md"
            aria-pressed={background.pinned === true}
            tooltip={background.pinned ? words.unpin(name) : words.pin(name)}
            onClick={onPin}
          />
        )}
        {onRemove && (
          <IconButton name="trash-alt" size="md" tooltip={words.remove(name)} onClick={() => setAsks(true)} />
        )}
      </span>
    </li>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  entry: css({
    display: 'flex',
    border: '1px solid transparent',
    borderRadius: theme.shape.radius.default,
    '&:hover': { background: theme.colors.action.hover },
  }),
  asks: css({
    flexDirection: 'column',
    gap: theme.spacing(1),
    padding: theme.spacing(1),
    borderColor: theme.colors.error.border,
  }),
  buttons: css({ display: 'flex', gap: theme.spacing(1) }),
  pick: css({
    flex: 1,
    minWidth: 0,
    display: 'flex',
    gap: theme.spacing(1.5),
    padding: theme.spacing(0.75),
    border: 0,
    borderRadius: theme.shape.radius.default,
    background: 'transparent',
    color: theme.colors.text.primary,
    textAlign: 'left',
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}` },
    '& img': {
      flex: 'none',
      width: 96,
      height: 72,
      objectFit: 'cover',
      objectPosition: 'top',
      border: `1px solid ${theme.colors.border.weak}`,
      background: '#ffffff',
    },
  }),
  tools: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(1), padding: theme.spacing(0.75) }),
  // On the selected colour, the quieter text would be too faint.
  current: css({
    borderColor: theme.colors.primary.border,
    background: theme.colors.action.selected,
    '& span, & em': { color: theme.colors.text.primary },
  }),
  words: css({
    display: 'flex',
    flexDirection: 'column',
    minWidth: 0,
    overflowWrap: 'anywhere',
    fontSize: theme.typography.bodySmall.fontSize,
    color: theme.colors.text.secondary,
    '& strong': { color: theme.colors.text.primary },
  }),
});
