// How the making of a new picture stands: progress, what came of it, or why it failed and what to do.

import { css } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, IconButton, useStyles2 } from '@grafana/ui';

import { BackendError } from '../contract/transport';
import { AllowSite } from './AllowSite';
import { useWorkspace } from './context';
import { count } from './format';
import { errorText } from './serverText';
import { text } from './text';
import type { Making, Stage } from './useMaking';

export function MakingStatus({ making }: { making: Making }) {
  const styles = useStyles2(getStyles);
  const { state, update } = useWorkspace();
  const { stage, dismiss } = making;
  if (!stage) {
    return null;
  }
  const words = text.background;
  const made = stage.is === 'done' ? stage.made : [];
  return (
    <div className={styles.box} role={stage.is === 'failed' ? 'alert' : 'status'} data-testid="making">
      <span className={styles.words}>{wordsOf(stage)}</span>
      {stage.is === 'working' && (
        <progress aria-label={words.progress} max={1} value={stage.share > 0 ? stage.share : undefined} />
      )}
      {made.length > 0 && (
        <Button
          size="sm"
          onClick={() => {
            update({ background: made[0] });
            dismiss();
          }}
        >
          {words.show}
        </Button>
      )}
      {stage.is === 'failed' && stage.error instanceof BackendError && stage.error.allow && (
        <AllowSite
          application={state.application}
          site={stage.error.allow.site}
          isPrivate={stage.error.allow.private}
          allowed={() => making.again()}
        />
      )}
      {stage.is !== 'working' && <IconButton name="times" size="sm" aria-label={text.close} onClick={dismiss} />}
    </div>
  );
}

function wordsOf(stage: Stage): string {
  const words = text.background;
  switch (stage.is) {
    case 'working':
      return stage.waiting ? words.waiting : words.working[stage.way];
    case 'done':
      return stage.made.length ? words.done(count(stage.made.length), stage.made.length) : words.same;
    case 'failed':
      return `${words.failed} ${errorText(stage.error)}`;
  }
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    minWidth: 0,
    padding: theme.spacing(0.25, 1),
    borderRadius: theme.shape.radius.default,
    background: theme.colors.background.secondary,
    borderLeft: `3px solid ${theme.colors.info.border}`,
    '&[role=alert]': { borderLeftColor: theme.colors.error.border },
    [theme.breakpoints.down('md')]: {
      position: 'fixed',
      zIndex: theme.zIndex.dropdown,
      inset: 'auto 8px 108px 8px',
      padding: theme.spacing(1),
      boxShadow: theme.shadows.z3,
    },
    '& progress': { width: 96, accentColor: theme.colors.primary.main },
  }),
  words: css({ flex: 1, minWidth: 0, overflowWrap: 'anywhere' }),
});
