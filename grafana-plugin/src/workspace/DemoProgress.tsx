// While `isotherm demo` is being loaded: how far it is. What is on the screen is asked again as more comes in.

import { css } from '@emotion/css';
import React, { useEffect, useRef, useState, type ReactNode } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import { useWorkspace } from './context';
import { text } from './text';
import { useAnswer } from './useAnswer';

const POLL_MS = 1000;
/** Pictures come one by one; the screen is asked again so many times meanwhile. */
const LOOKS = 5;

/** `children` = what there is to see in the demo, once its sessions are there. */
export function DemoProgress({ children }: { children?: ReactNode }) {
  const styles = useStyles2(getStyles);
  const { backend, refresh, readOnly } = useWorkspace();
  const [look, setLook] = useState(0);
  const asked = useAnswer(readOnly ? null : String(look), (signal) => backend.status(signal));
  const demo = asked.value?.demo;
  const working = demo?.stage === 'sessions' || demo?.stage === 'pictures';

  useEffect(() => {
    if (working && !asked.loading) {
      const timer = setTimeout(() => setLook((n) => n + 1), POLL_MS);
      return () => clearTimeout(timer);
    }
    return undefined;
  }, [working, asked.loading]);

  const seen = demo && (demo.stage === 'pictures' ? `pictures ${Math.floor(demo.share * LOOKS)}` : demo.message);
  const before = useRef<string>(undefined);
  useEffect(() => {
    if (before.current !== undefined && before.current !== seen) {
      refresh();
    }
    before.current = seen;
  }, [seen, refresh]);

  if (!demo) {
    return null;
  }
  const words = demo.stage === 'done' ? '' : text.demo[demo.stage];
  return (
    <>
      {words && (
        <div className={styles.box} role={working ? 'status' : 'alert'} data-testid="demo">
          <span>{words}</span>
          {working && <progress aria-label={words} max={1} value={demo.share} />}
        </div>
      )}
      {(demo.stage === 'pictures' || demo.stage === 'done') && children}
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0.5, 2),
    padding: theme.spacing(1, 2),
    marginBottom: theme.spacing(1),
    background: theme.colors.background.secondary,
    borderLeft: `3px solid ${theme.colors.info.border}`,
    '&[role=alert]': { borderLeftColor: theme.colors.error.border },
    '& progress': { accentColor: theme.colors.primary.main },
  }),
});
