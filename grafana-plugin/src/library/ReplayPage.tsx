// A stored session: who it was, and its replay from the moment that was chosen.

import { css } from '@emotion/css';
import React, { useMemo, type ReactNode } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';

import type { ReplayRow } from '../contract/answers';
import { useWorkspace } from '../workspace/context';
import { duration, timeFormat } from '../workspace/format';
import { Problem } from '../workspace/Problem';
import { Progress } from '../workspace/Progress';
import { SignalChips } from '../workspace/SignalChips';
import { text } from '../workspace/text';
import { useAnswer } from '../workspace/useAnswer';
import { useLibrary } from './context';
import { Frame } from './Frame';
import { ReplayStage } from './ReplayStage';

const EVER = { from: 0, to: 2 ** 52 };

export function ReplayPage({ actions }: { actions?: ReactNode }) {
  const styles = useStyles2(getStyles);
  const { library, search, url } = useLibrary();
  const { backend, timeZone } = useWorkspace();
  const params = new URLSearchParams(search);
  const [application, session, view] = ['app', 'session', 'view'].map((key) => params.get(key) ?? '');
  const at = Number(params.get('at')) || null;
  const key = JSON.stringify([application, session, view]);
  const asked = useAnswer(key, async (signal) => ({
    key,
    playback: await library.playback(application, session, view, signal),
  }));
  // Neither is waited for by the player, and each may fail alone: older servers know no moments.
  const happened = useAnswer(key, async (signal) => ({
    key,
    moments: await backend.ask({ question: 'moments', application, session }, EVER, signal),
  }));
  const visitor = useAnswer(key, async (signal) => {
    const filters = [{ key: 'session', operator: '=' as const, value: session }];
    const { rows } = await backend.ask({ question: 'replays', application, filters, limit: 1 }, EVER, signal);
    return { key, who: rows.at(0) };
  });
  const words = text.library.replay;
  // While the next recording is fetched, the last one is not shown under its name.
  const playback = asked.value?.key === key ? asked.value.playback : undefined;
  const who = visitor.value?.key === key ? visitor.value.who : undefined;
  const moments = happened.value?.key === key ? happened.value.moments : undefined;
  const within = useMemo(() => moments?.filter((moment) => !view || moment.view === view), [moments, view]);
  const remember = (atMs: number): string => {
    const now = new URLSearchParams(url.read());
    now.set('at', String(atMs));
    url.write(now.toString(), 'replace');
    return window.location.href;
  };
  return (
    <Frame
      title={words.title}
      actions={actions}
      head={
        <span className={styles.head}>
          {view !== '' && (
            <Button variant="secondary" icon="play" onClick={() => url.write(withoutView(search), 'push')}>
              {words.whole}
            </Button>
          )}
          <Button variant="secondary" icon="arrow-left" onClick={() => window.history.back()}>
            {words.back}
          </Button>
        </span>
      }
    >
      {who && <Who row={who} time={timeFormat(timeZone).time} />}
      <div className={styles.busy}>
        <Progress asked={asked} what={words.loading} />
      </div>
      {asked.error && <Problem error={asked.error} retry={asked.retry} />}
      {visitor.error && <Problem error={visitor.error} retry={visitor.retry} />}
      {happened.error && <Problem error={happened.error} retry={happened.retry} />}
      {playback && !playback.complete && <p role="status">{words.incomplete}</p>}
      {playback && <ReplayStage key={key} playback={playback} moments={within} at={at} onMoment={remember} />}
      {playback && <p className={styles.quiet}>{words.note}</p>}
    </Frame>
  );
}

function withoutView(search: string): string {
  const params = new URLSearchParams(search);
  params.delete('view');
  return params.toString();
}

function Who({ row, time }: { row: ReplayRow; time: (ms: number) => string }) {
  const styles = useStyles2(getStyles);
  const device = [row.browser, row.os, row.device, row.country].filter(Boolean).join(' · ');
  return (
    <p className={styles.who} data-testid="who">
      <strong>{row.user_name || row.user || text.details.anonymous}</strong>
      <span>{time(row.start)}</span>
      <span>{duration(row.duration_ms)}</span>
      {device && <span>{device}</span>}
      <SignalChips row={row} />
    </p>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  head: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1) }),
  busy: css({ position: 'relative' }),
  quiet: css({ color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
  who: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'baseline',
    gap: theme.spacing(0.5, 2),
    '& span': { color: theme.colors.text.secondary },
  }),
});
