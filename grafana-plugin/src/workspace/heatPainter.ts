// Has heat coloured in a worker, so that scrolling is never held up; on the main thread, between frames, where a page may
// have none. A tile that has gone before its turn is not painted.

import type { Cells } from '../heatmap/cells';
import type { HeatAnswered, HeatRequest } from '../heatmap/heatWorker';
import script from '../heatmap/heatWorker?worker';
import { pixelsOf, type Inks, type TileWindow } from '../heatmap/pixels';
import { enqueue } from './paintQueue';

type Pixels = HeatAnswered['pixels'];

interface Job {
  cells: Cells;
  tile: TileWindow;
  radius: number;
  inks: Inks;
  /** The pixels are its own until it returns. */
  done: (pixels: Pixels) => void;
}

/** Enough for the worker never to wait for the next tile; more could not be taken back. */
const UNDER_WAY = 2;
/** Maps that are beside each other, and the one that was there before. */
const KEPT = 4;

const queue = new Set<Job>();
const underWay = new Map<number, Job>();
/** The cells that the worker has, those that were needed last at the end. */
const sent = new Map<Cells, number>();
/** Pixels that were put out, for the worker to fill again: what is thrown away holds up scrolling when it is collected. */
const spare: Array<NonNullable<Pixels>> = [];
let worker: Worker | null = null;
let isBarred = typeof Worker === 'undefined';
let jobs = 0;
let ids = 0;

function start(): Worker {
  const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  const started = new Worker(url);
  started.onmessage = ({ data }: MessageEvent<HeatAnswered>) => {
    const job = underWay.get(data.job);
    underWay.delete(data.job);
    job?.done(data.pixels);
    if (data.pixels) {
      spare.push(data.pixels);
    }
    send();
  };
  started.onerror = (event) => {
    event.preventDefault();
    bar();
  };
  return started;
}

/** A page's policy lets no worker be, or the worker has broken down: the tiles are painted here from now on. */
function bar(): void {
  isBarred = true;
  worker?.terminate();
  worker = null;
  sent.clear();
  const left = [...underWay.values(), ...queue];
  underWay.clear();
  queue.clear();
  left.forEach(paintHere);
}

function paintHere(job: Job): () => void {
  return enqueue(() => job.done(pixelsOf(job.cells, job.tile, job.radius, job.inks)));
}

function numberOf(cells: Cells, post: (request: HeatRequest) => void): number {
  const id = sent.get(cells) ?? ++ids;
  if (sent.delete(cells)) {
    sent.set(cells, id);
    return id;
  }
  post({ kind: 'cells', id, cells });
  sent.set(cells, id);
  if (sent.size > KEPT) {
    const [[oldest, old]] = sent;
    post({ kind: 'forget', id: old });
    sent.delete(oldest);
  }
  return id;
}

function send(): void {
  try {
    worker ??= start();
  } catch {
    bar(); // not an error: some browsers throw where a policy lets no worker be
    return;
  }
  const post = (request: HeatRequest, transfer: Transferable[] = []) => worker?.postMessage(request, transfer);
  for (const job of queue) {
    if (underWay.size >= UNDER_WAY) {
      break;
    }
    queue.delete(job);
    const { cells, tile, radius, inks } = job;
    const id = numberOf(cells, post);
    underWay.set(++jobs, job);
    const into = spare.pop();
    post({ kind: 'tile', job: jobs, cells: id, tile, radius, inks, into }, into ? [into.buffer] : []);
  }
}

/** Have a tile coloured; `done` gets its pixels, or null when no click reaches it. Returns how to take it back. */
export function colourTile(job: Job): () => void {
  if (isBarred) {
    return paintHere(job);
  }
  const own: Job = { ...job };
  queue.add(own);
  send();
  return () => {
    queue.delete(own);
    own.done = () => {};
  };
}
