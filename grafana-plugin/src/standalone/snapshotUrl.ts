// The address of a snapshot: what it was taken of cannot be changed by it, only how it is looked at.

import { spansOf, type Snapshot } from '../contract/frozenBackend';
import type { UrlPort } from '../workspace/context';
import { readState, writeState } from '../workspace/state';
import { browserUrl } from './browserUrl';

export interface SnapshotUrl extends UrlPort {
  /** Look at another of the snapshot's time ranges. */
  choose(span: string): void;
}

export function snapshotUrl(snapshot: Snapshot): SnapshotUrl {
  const taken = readState(snapshot.address);
  const spans = spansOf(snapshot);
  return {
    read() {
      const search = browserUrl.read();
      const shown = new URLSearchParams(search).has('app') ? readState(search) : taken;
      const inside = spans.includes(`${shown.from}/${shown.to}`);
      const { map, signal, action, number, sort, depth, zoom, look } = shown;
      const time = inside ? { from: shown.from, to: shown.to } : { from: taken.from, to: taken.to };
      return writeState({ ...taken, ...time, map, signal, action, number, sort, depth, zoom, look }, '');
    },
    write: (search, how) => browserUrl.write(search, how),
    listen: (changed) => browserUrl.listen(changed),
    choose(span) {
      const [from, to] = span.split('/');
      browserUrl.write(writeState({ ...readState(this.read()), from, to, action: '' }, ''), 'push');
    },
  };
}
