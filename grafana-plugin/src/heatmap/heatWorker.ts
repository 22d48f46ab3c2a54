// Runs in a worker: colours the tiles that a page asks for.

import type { Cells } from './cells';
import { pixelsOf, type Inks, type TileWindow } from './pixels';

/** Cells are sent once; a tile names them by their number. `into` = pixels of an earlier one, to be filled again. */
export type HeatRequest =
  | { kind: 'cells'; id: number; cells: Cells }
  | { kind: 'forget'; id: number }
  | {
      kind: 'tile';
      job: number;
      cells: number;
      tile: TileWindow;
      radius: number;
      inks: Inks;
      into: Uint32Array<ArrayBuffer> | undefined;
    };

export interface HeatAnswered {
  job: number;
  pixels: Uint32Array<ArrayBuffer> | null;
}

interface WorkerScope {
  onmessage: ((event: MessageEvent<HeatRequest>) => void) | null;
  postMessage: (answer: HeatAnswered, transfer: Transferable[]) => void;
}

const scope = self as unknown as WorkerScope;
const known = new Map<number, Cells>();

scope.onmessage = ({ data }) => {
  if (data.kind === 'cells') {
    known.set(data.id, data.cells);
    return;
  }
  if (data.kind === 'forget') {
    known.delete(data.id);
    return;
  }
  const cells = known.get(data.cells);
  const pixels = cells ? pixelsOf(cells, data.tile, data.radius, data.inks, data.into) : null;
  scope.postMessage({ job: data.job, pixels }, pixels ? [pixels.buffer] : []);
};
