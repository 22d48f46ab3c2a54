// The stored pictures of a page: choose one, pin one for everyone, delete one, or make another.

import { css } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';

import { useWorkspace } from './context';
import { useHost } from './host';
import { PictureEntry } from './PictureEntry';
import { Problem } from './Problem';
import { useBackgrounds } from './questions';
import { text } from './text';
import { useAttempt } from './useAttempt';

interface PictureListProps {
  current: string;
  close: () => void;
  onNew: () => void;
}

export function PictureList({ current, close, onNew }: PictureListProps) {
  const styles = useStyles2(getStyles);
  const { backend, state, update, refresh } = useWorkspace();
  const { may } = useHost();
  const asked = useBackgrounds();
  const { problem, clear, attempt } = useAttempt(asked.retry);
  const automatic = asked.value?.automatic;
  const first = (id: string) => Number(id === automatic);
  const found = [...(asked.value?.backgrounds ?? [])].sort((a, b) => first(b.id) - first(a.id));
  const { pictures } = backend;
  const pick = (background: string) => {
    update({ background });
    close();
  };
  const words = text.background;
  return (
    <div>
      {asked.error && <Problem error={asked.error} retry={asked.retry} />}
      {problem && <Problem error={problem} close={clear} />}
      <div className={styles.buttons}>
        {pictures && may.edit && (
          <Button size="sm" icon="plus" onClick={onNew}>
            {words.make}
          </Button>
        )}
        {state.background !== 'auto' && (
          <Button size="sm" variant="secondary" onClick={() => pick('auto')}>
            {words.useAuto}
          </Button>
        )}
      </div>
      <p className={styles.why}>{found.some((one) => one.pinned) ? words.pinnedWhy : words.autoWhy}</p>
      {asked.loading && !asked.value && <p role="status">{text.loading}</p>}
      {!asked.loading && found.length === 0 && <p>{words.none}</p>}
      <ul className={styles.list} aria-label={words.list}>
        {found.map((background) => (
          <PictureEntry
            key={background.id}
            background={background}
            current={background.id === current}
            automatic={background.id === automatic}
            onPick={() => pick(background.id)}
            onPin={
              pictures && may.edit
                ? () => {
                    void attempt(pictures.pin(background.id, !background.pinned), refresh);
                  }
                : undefined
            }
            onRemove={
              pictures && may.configure
                ? () => {
                    if (state.background === background.id) {
                      update({ background: 'auto' });
                    }
                    void attempt(pictures.remove(background.id), refresh);
                  }
                : undefined
            }
          />
        ))}
      </ul>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  buttons: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1) }),
  why: css({
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
    margin: theme.spacing(1, 0),
  }),
  list: css({ listStyle: 'none', display: 'flex', flexDirection: 'column', gap: theme.spacing(0.5) }),
});
