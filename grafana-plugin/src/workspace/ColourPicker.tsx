// Choosing what the click map is coloured by.

import { css, cx } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import { useWorkspace } from './context';
import { Popover } from './Popover';
import { text } from './text';
import { COLOURS } from './colours';

export function ColourPicker() {
  const styles = useStyles2(getStyles);
  const { state, update } = useWorkspace();
  const words = text.causes.colour;
  return (
    <Popover
      label={words.names[state.colour]}
      name={words.by(words.names[state.colour])}
      icon="palette"
      size="sm"
      caret={false}
      width={300}
    >
      {(close) => (
        <div role="radiogroup" aria-label={words.label} className={styles.list} data-testid="colour-by">
          <span className={styles.title}>{words.label}</span>
          {COLOURS.map((colour) => (
            <button
              key={colour}
              type="button"
              role="radio"
              aria-checked={state.colour === colour}
              className={cx(styles.choice, state.colour === colour && styles.on)}
              onClick={() => {
                update({ colour, split: '' });
                close();
              }}
            >
              {words.names[colour]}
              <small>{words.help[colour]}</small>
            </button>
          ))}
        </div>
      )}
    </Popover>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ display: 'flex', flexDirection: 'column' }),
  title: css({ color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
  choice: css({
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'flex-start',
    border: 0,
    padding: theme.spacing(0.5, 1),
    borderRadius: theme.shape.radius.default,
    background: 'transparent',
    textAlign: 'left',
    '& small': { color: theme.colors.text.secondary },
    '&:hover': { background: theme.colors.action.hover },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: -2 },
  }),
  on: css({ background: theme.colors.action.selected }),
});
