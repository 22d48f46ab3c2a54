// A shared snapshot in the browser: asks for its password if it has one, then shows it read-only.

import { css } from '@emotion/css';
import React, { useEffect, useMemo, useState, type ReactNode } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Field, Input, useStyles2 } from '@grafana/ui';

import { BackendError } from '../contract/transport';
import { frozenBackend, spansOf } from '../contract/frozenBackend';
import { useLanguage } from '../language/language';
import { asError } from '../workspace/asError';
import { Choices } from '../workspace/Choices';
import { timeFormat } from '../workspace/format';
import { errorText } from '../workspace/serverText';
import { readState } from '../workspace/state';
import { text } from '../workspace/text';
import { Workspace } from '../workspace/Workspace';
import { openSnapshot, type OpenSnapshot } from './openSnapshot';
import { snapshotUrl } from './snapshotUrl';

type Stage = { opened: OpenSnapshot } | { problem: BackendError | Error; tried: boolean } | null;

export function SnapshotApp({ actions }: { actions: ReactNode }) {
  const [stage, setStage] = useState<Stage>(null);
  const language = useLanguage();
  const open = async (password: string) => {
    try {
      setStage({ opened: await openSnapshot(password) });
    } catch (error) {
      setStage({ problem: asError(error), tried: password !== '' });
    }
  };
  useEffect(() => {
    let over = false;
    openSnapshot('').then(
      (opened) => !over && setStage({ opened }),
      (problem: Error) => !over && setStage({ problem, tried: false })
    );
    return () => {
      over = true;
    };
  }, []);
  if (stage && 'opened' in stage) {
    return <Opened key={language} {...stage.opened} actions={actions} />;
  }
  return <Door stage={stage} open={open} />;
}

function Opened({ snapshot, files, actions }: OpenSnapshot & { actions: ReactNode }) {
  const styles = useStyles2(getStyles);
  const url = useMemo(() => snapshotUrl(snapshot), [snapshot]);
  const backend = useMemo(() => {
    const span = () => {
      const { from, to } = readState(url.read());
      return `${from}/${to}`;
    };
    return frozenBackend(snapshot, span, files, text.library.snapshot.missing);
  }, [snapshot, files, url]);
  const { time } = timeFormat(undefined);
  const words = text.library.snapshot;
  return (
    <Workspace
      readOnly
      backend={backend}
      url={url}
      start={
        <span className={styles.badge} title={words.taken(time(snapshot.taken_ms))}>
          {words.badge} <span>{words.taken(time(snapshot.taken_ms))}</span>
        </span>
      }
      timePicker={<Spans snapshot={snapshot} url={url} />}
      actions={actions}
    />
  );
}

function Spans({ snapshot, url }: Pick<OpenSnapshot, 'snapshot'> & { url: ReturnType<typeof snapshotUrl> }) {
  const search = React.useSyncExternalStore(url.listen, url.read);
  const { time } = timeFormat(undefined);
  const name = (span: string) => {
    const [from, to] = span.split('/');
    const quick = to === 'now' ? text.time.quick[from] : undefined;
    const moment = (end: string) => (/^\d+$/.test(end) ? time(Number(end)) : end);
    return quick ?? `${moment(from)} – ${moment(to)}`;
  };
  const spans = spansOf(snapshot);
  const { from, to } = readState(search);
  if (spans.length === 1) {
    return <span>{name(spans[0])}</span>;
  }
  return (
    <Choices
      label={text.library.snapshot.range}
      choices={spans.map((span) => ({ value: span, label: name(span) }))}
      value={`${from}/${to}`}
      onChange={(span) => url.choose(span)}
    />
  );
}

function Door({ stage, open }: { stage: Stage; open: (password: string) => Promise<void> }) {
  const styles = useStyles2(getStyles);
  const [password, setPassword] = useState('');
  const words = text.library.snapshot;
  const problem = stage && 'problem' in stage ? stage : null;
  const status = problem?.problem instanceof BackendError ? problem.problem.status : 0;
  return (
    <main className={styles.door}>
      <h1>{text.product}</h1>
      {!stage && <p role="status">{words.opening}</p>}
      {status === 404 && (
        <>
          <h2>{words.gone}</h2>
          <p>{words.goneHelp}</p>
        </>
      )}
      {status === 401 && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void open(password);
          }}
        >
          <p>{words.asks}</p>
          <Field label={words.password} invalid={problem?.tried} error={problem?.tried ? words.wrong : undefined}>
            <Input
              id="password"
              type="password"
              autoFocus
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
          </Field>
          <Button type="submit" disabled={!password}>
            {words.open}
          </Button>
        </form>
      )}
      {problem && status !== 404 && status !== 401 && <p role="alert">{errorText(problem.problem)}</p>}
    </main>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  badge: css({
    padding: theme.spacing(0.25, 1),
    borderRadius: theme.shape.radius.pill,
    background: theme.colors.info.transparent,
    color: theme.colors.text.primary,
    whiteSpace: 'nowrap',
    [theme.breakpoints.down('md')]: { '& > span': { display: 'none' } },
  }),
  door: css({
    maxWidth: 420,
    margin: '10vh auto',
    padding: theme.spacing(3),
    color: theme.colors.text.primary,
    '& h2': { ...theme.typography.h4 },
    '& p': { color: theme.colors.text.secondary },
  }),
});
