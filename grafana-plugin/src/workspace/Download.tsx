// Taking what is on the screen along: the map as a picture with its legend, the list as a table.

import React, { lazy, Suspense, useState } from 'react';

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

const Report = lazy(async () => ({ default: (await import('./Report')).Report }));

/** Elements that the server gives at once. */
const MOST = 10_000;

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
  const take = async (make: () => Promise<Blob>, ending: string, close: () => void) => {
    setBusy(true);
    setFailed(false);
    try {
      save(await make(), name(ending));
      close();
    } catch {
      setFailed(true); // Said in the menu, beside the buttons.
    } finally {
      setBusy(false);
    }
  };
  const picture = async () => {
    const { pictureOf } = await import('./pictureOf');
    const { time } = timeFormat(timeZone);
    return pictureOf(props, state, backend, `${time(range.from)} – ${time(range.to)}`);
  };
  const every = async () => {
    const query = { ...scopeOf(state), question: 'actions' as const, background: state.background, limit: MOST };
    return (await backend.ask<'actions'>(query, range)).rows;
  };
  const report = async (close: () => void) => {
    setBusy(true);
    setFailed(false);
    try {
      const { reportOf } = await import('./reportOf');
      const { time } = timeFormat(timeZone);
      const when = `${time(range.from)} – ${time(range.to)}`;
      const { elements, stats } = props;
      const link = window.location.href;
      setPaper(await reportOf({ map: props, elements, stats, state, backend, when, now: time(Date.now()), link }));
      close();
    } catch {
      setFailed(true);
    } finally {
      setBusy(false);
    }
  };
  const printed = () => {
    if (paper) {
      URL.revokeObjectURL(paper.map.url);
      setPaper(null);
    }
  };
  const list = async () => new Blob([await listOf(props, every)], { type: 'text/csv;charset=utf-8' });
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
              onClick={() => void take(picture, 'png', close)}
            >
              {words.picture}
            </Button>
            <Button
              fullWidth
              size="sm"
              variant="secondary"
              icon="list-ul"
              disabled={busy}
              onClick={() => void take(list, 'csv', close)}
            >
              {words.list}
            </Button>
            <Button
              fullWidth
              size="sm"
              variant="secondary"
              icon="file-alt"
              disabled={busy}
              onClick={() => void report(close)}
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
          <Report content={paper} done={printed} />
        </Suspense>
      )}
    </>
  );
}
