// Plays a stored session, opens at the moment of a click, and lists the clicks to jump to.

import { css } from '@emotion/css';
import React, { useEffect, useRef, useState, type ReactNode } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';

import type { Playback } from '../contract/library';
import { asError } from '../workspace/asError';
import { duration, timeFormat } from '../workspace/format';
import { Problem } from '../workspace/Problem';
import { Progress } from '../workspace/Progress';
import { text } from '../workspace/text';
import { useAnswer } from '../workspace/useAnswer';
import { useLibrary } from './context';
import { Frame } from './Frame';
import type { PlayerHandle } from './player';

/** A replay opens this long before the click that it is opened for. */
const LEAD_MS = 1000;

export function ReplayPage({ actions }: { actions?: ReactNode }) {
  const styles = useStyles2(getStyles);
  const { library, search } = useLibrary();
  const params = new URLSearchParams(search);
  const [application, session, view] = ['app', 'session', 'view'].map((key) => params.get(key) ?? '');
  const at = Number(params.get('at')) || null;
  const asked = useAnswer(JSON.stringify([application, session, view]), (signal) =>
    library.playback(application, session, view, signal)
  );
  const { time } = timeFormat(undefined);
  const words = text.library.replay;
  const playback = asked.value;
  return (
    <Frame
      title={words.title}
      lead={playback && `${words.start(time(playback.start_ms))} · ${duration(playback.end_ms - playback.start_ms)}`}
      actions={actions}
      head={
        <Button variant="secondary" icon="arrow-left" onClick={() => window.history.back()}>
          {words.back}
        </Button>
      }
    >
      <div className={styles.busy}>
        <Progress asked={asked} what={words.loading} />
      </div>
      {asked.error && <Problem error={asked.error} retry={asked.retry} />}
      {playback && !playback.complete && <p role="status">{words.incomplete}</p>}
      {playback && <Player playback={playback} at={at} />}
      <p className={styles.quiet}>{words.note}</p>
    </Frame>
  );
}

function Player({ playback, at }: { playback: Playback; at: number | null }) {
  const styles = useStyles2(getStyles);
  const { url } = useLibrary();
  const box = useRef<HTMLDivElement>(null);
  const handle = useRef<PlayerHandle | null>(null);
  const opening = useRef(at);
  const [problem, setProblem] = useState<Error | null>(null);
  const words = text.library.replay;

  useEffect(() => {
    const target = box.current;
    let over = false;
    if (!target) {
      return;
    }
    import('./player').then(
      ({ createPlayer }) => {
        if (!over) {
          handle.current = createPlayer(target, playback);
          if (opening.current !== null) {
            handle.current.goto(opening.current - LEAD_MS);
          }
        }
      },
      (error: unknown) => setProblem(asError(error))
    );
    return () => {
      over = true;
      handle.current?.destroy();
      handle.current = null;
    };
  }, [playback]);

  const jump = (time: number) => {
    const params = new URLSearchParams(url.read());
    params.set('at', String(time));
    url.write(params.toString(), 'replace');
    handle.current?.goto(time - LEAD_MS);
  };
  return (
    <div className={styles.stage}>
      {problem && <Problem error={problem} retry={() => setProblem(null)} />}
      <div ref={box} role="region" aria-label={words.player} className={styles.player} data-testid="player" />
      <section className={styles.clicks}>
        <h2>{words.clicks}</h2>
        {playback.clicks.length === 0 && <p className={styles.quiet}>{words.noClicks}</p>}
        <ol aria-label={words.clicks}>
          {playback.clicks.map((click) => {
            const when = duration(click.time_ms - playback.start_ms);
            return (
              <li key={click.time_ms}>
                <Button
                  fullWidth
                  size="sm"
                  fill="text"
                  variant={at === click.time_ms ? 'primary' : 'secondary'}
                  aria-label={words.jump(click.label || words.unnamed, when)}
                  onClick={() => jump(click.time_ms)}
                >
                  <span className={styles.click}>
                    <span>{click.label || words.unnamed}</span>
                    <span>{when}</span>
                  </span>
                </Button>
              </li>
            );
          })}
        </ol>
      </section>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  busy: css({ position: 'relative' }),
  quiet: css({ color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
  stage: css({
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) 280px',
    gap: theme.spacing(3),
    [theme.breakpoints.down('md')]: { gridTemplateColumns: 'minmax(0, 1fr)' },
  }),
  player: css({ minWidth: 0, overflow: 'hidden' }),
  clicks: css({
    '& h2': { marginTop: 0 },
    '& ol': { listStyle: 'none', maxHeight: 560, overflowY: 'auto' },
    '& button > span': { width: '100%', minWidth: 0 },
  }),
  click: css({
    display: 'flex',
    width: '100%',
    justifyContent: 'space-between',
    gap: theme.spacing(1),
    '& > :first-of-type': { minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
    '& > :last-of-type': { flex: 'none' },
  }),
});
