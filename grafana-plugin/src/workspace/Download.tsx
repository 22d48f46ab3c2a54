// Taking what is on the screen along: the map as a picture with its legend, the list as a table.

import React, { useState } from 'react';

import { Button } from '@grafana/ui';

import { useWorkspace } from './context';
import type { MapElement } from './elements';
import { timeFormat } from './format';
import type { MapInView } from './pictureOf';
import { Popover } from './Popover';
import { text } from './text';

export interface DownloadProps extends MapInView {
  elements: readonly MapElement[];
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

async function listOf({ scroll, elements, numbered }: DownloadProps): Promise<string> {
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
    (numbered ?? elements).map(({ row }) => [
      ...[row.rank, row.action_name, row.element, row.clicks, row.share, row.users, row.sessions],
      ...[row.rage, row.dead, row.error, row.median_loading_ms, row.placed],
    ])
  );
}

export function Download(props: DownloadProps) {
  const { backend, state, range, timeZone } = useWorkspace();
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);
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
  const list = async () => new Blob([await listOf(props)], { type: 'text/csv;charset=utf-8' });
  return (
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
          {busy && <span role="status">{words.making}</span>}
          {failed && <span role="alert">{words.failed}</span>}
        </div>
      )}
    </Popover>
  );
}
