// On a phone, the top of the picture is asked for while the page is still being put together.

import { zoomFactor } from '../heatmap/geometry';
import { stepUp } from '../workspace/pictureWidth';
import { readState } from '../workspace/state';

/** Up to this width of the window the map has all of it; else what is beside it is not known yet. */
const NARROW = 899;

/** The part of an answer that says where its picture is. */
interface Answer {
  results: { A: { frames: Array<{ schema: { meta: { custom: { isotherm: { background?: Background | null } } } } }> } };
}
interface Background {
  width: number;
  height: number;
  tiles: Array<{ url: string }>;
}

function load({ results }: Answer): void {
  const picture = results.A.frames[0].schema.meta.custom.isotherm.background;
  const room = { width: window.innerWidth, height: window.innerHeight };
  // A wireframe is in the answer itself.
  if (picture?.tiles.length && !picture.tiles[0].url.startsWith('data:')) {
    const width = stepUp(picture.width * zoomFactor(readState(window.location.search.slice(1)).zoom, picture, room));
    const size = width < picture.width ? `?w=${width}` : '';
    const image = new Image();
    image.fetchPriority = 'high'; // what is asked later is for below the map
    image.src = new URL(`${picture.tiles[0].url}${size}`, document.baseURI).toString();
  }
}

if (window.isothermAsked && window.innerWidth <= NARROW) {
  // What is not loaded here is loaded by the map, or told there.
  window.isothermAsked.read.then((answer) => load(answer as Answer)).catch(() => undefined);
}
