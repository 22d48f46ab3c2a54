// Taking what is on the screen along: the map as a picture with its legend, the list as a table.

import React, { lazy, Suspense, useEffect, useState } from 'react';

import { Button } from '@grafana/ui';

import type { ActionRow, PageStats } from '../contract/answers';
import { useWorkspace } from './context';
import type { MapElement } from './elements';
import { timeFormat } from './format';
import type { MapInView } from './pictureOf';
import { Popover } from './Popover';
import type { ReportContent } from './Report';
import { scopeOf } from './state';
import { text } from './text';
import { MOST_ROWS } from './useMore';

const Report = lazy(async () => ({ default: (await import('./Report')).Report }));

export interface DownloadProps extends MapInView {
  elements: readonly MapElement[];
  stats: PageStats | undefined;
}

/** "kestrel-shop product clicks.csv": what a file system can bear. */
const fileName = (parts: string[], ending: string): string =>
  `${parts
    .join(' ')
    .replace(/[^\p{L}\p{N}.-]+/gu, ' ')
    .trim()
    .slice(0, 120)}.${ending}`;

function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** `all` = every element, also those that the list on the screen has not shown yet. */
async function listOf({ scroll, numbered }: DownloadProps, all: () => Promise<readonly ActionRow[]>): Promise<string> {
  const { csv } = await import('./csv');
  const words = text.analysis.download.columns;
  if (scroll) {
    return csv(
      [words.depth, words.views, words.share, words.users],
      scroll.rows.map(({ depth_px, views, share, users }) => [depth_px, views, share, users])
    );
  }
  return csv(
    [
      ...[words.rank, words.name, words.element, words.clicks, words.share, words.users, words.sessions],
      ...[words.rage, words.dead, words.error, words.reaction, words.visible],
    ],
    (numbered ? numbered.map(({ row }) => row) : await all()).map((row) => [
      ...[row.rank, row.action_name, row.element, row.clicks, row.share, row.users, row.sessions],
      ...[row.rage, row.dead, row.error, row.median_loading_ms, row.placed],
    ])
  );
}

export function Download(props: DownloadProps) {
  const { backend, state, range, timeZone } = useWorkspace();
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);
  const [paper, setPaper] = useState<ReportContent | null>(null);
  const words = text.analysis.download;
  const name = (ending: string) =>
    fileName([backend.names.of(state.application), state.page, text.maps[state.map]], ending);
  const during = async (make: () => Promise<void>, close: () => void) => {
    setBusy(true);
    setFailed(false);
    try {
      await make();
      close();
    } catch {
      setFailed(true); // Said in the menu, beside the buttons.
    } finally {
      setBusy(false);
    }
  };
  const { time } = timeFormat(timeZone);
  const when = `${time(range.from)} – ${time(range.to)}`;
  const picture = async () => {
    const { pictureOf } = await import('./pictureOf');
    save(await pictureOf(props, state, backend, when), name('png'));
  };
  const every = async () => {
    const query = { ...scopeOf(state), question: 'actions' as const, background: state.background, limit: MOST_ROWS };
    return (await backend.ask<'actions'>(query, range)).rows;
  };
  const list = async () =>
    save(new Blob([await listOf(props, every)], { type: 'text/csv;charset=utf-8' }), name('csv'));
  const report = async () => {
    const { reportOf } = await import('./reportOf');
    const { elements, stats } = props;
    const link = window.location.href;
    setPaper(await reportOf({ map: props, elements, stats, state, backend, when, now: time(Date.now()), link }));
  };
  useEffect(() => () => URL.revokeObjectURL(paper?.map.url ?? ''), [paper]);
  return (
    <>
      <Popover label="" name={words.label} icon="download-alt" size="sm" side="right" upwards caret={false} width={240}>
        {(close) => (
          <div style={{ display: 'flex', flexDirection: 'column', gap: 8 }}>
            <Button
              fullWidth
              size="sm"
              variant="secondary"
              icon="camera"
              disabled={busy}
              onClick={() => void during(picture, close)}
            >
              {words.picture}
            </Button>
            <Button
              fullWidth
              size="sm"
              variant="secondary"
              icon="list-ul"
              disabled={busy}
              onClick={() => void during(list, close)}
            >
              {words.list}
            </Button>
            <Button
              fullWidth
              size="sm"
              variant="secondary"
              icon="file-alt"
              disabled={busy}
              onClick={() => void during(report, close)}
            >
              {words.report}
            </Button>
            {busy && <span role="status">{words.making}</span>}
            {failed && <span role="alert">{words.failed}</span>}
          </div>
        )}
      </Popover>
      {paper && (
        <Suspense fallback={null}>
          <Report content={paper} done={() => setPaper(null)} />
        </Suspense>
      )}
    </>
  );
}
