// A failed question: what the server said, and a way to try again; or something that could not be done.

import { css } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';

import { meaningOf, serverText } from './serverText';
import { text } from './text';

type ProblemProps = { error: Error } & (
  | { /** Asks the question again. */ retry: () => void; close?: undefined }
  | {
      /** Takes the message away: what somebody did has to be done by them again. */ close: () => void;
      retry?: undefined;
    }
);

export function Problem({ error, retry, close }: ProblemProps) {
  const styles = useStyles2(getStyles);
  const meaning = meaningOf(error);
  const sentence = serverText(error.message);
  const foreign = meaning !== '' && sentence === error.message;
  return (
    <div role="alert" className={styles.box}>
      <strong>{meaning || (close ? text.notDone : text.failed)}</strong>
      {foreign ? (
        <details>
          <summary>{text.serverSaid}</summary>
          <span lang="en">{sentence}</span>
        </details>
      ) : (
        <span>{sentence}</span>
      )}
      <Button size="sm" variant="secondary" onClick={retry ?? close}>
        {close ? text.close : text.retry}
      </Button>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'flex-start',
    gap: theme.spacing(1),
    padding: theme.spacing(1.5),
    borderLeft: `3px solid ${theme.colors.error.border}`,
    background: theme.colors.error.transparent,
    overflowWrap: 'anywhere',
  }),
});
