// The scroll map: colour bands by the share of views that reached a depth, and reading the curve at any depth.

import { colourAt, cssColour, type PaletteName } from './palette';

export interface DepthPoint {
  depth_px: number;
  views: number;
  /** 0..1; null when no view was measured. */
  share: number | null;
  /** Different people; 0 when the site names none. */
  users?: number;
}

export interface DepthReading {
  views: number;
  users: number;
  share: number;
}

/** The curve at a depth: what of the views got at least that far, interpolated between its points. */
export function readDepth(curve: readonly DepthPoint[], depth: number): DepthReading {
  const after = curve.findIndex((point) => point.depth_px >= depth);
  if (!curve.length) {
    return { views: 0, users: 0, share: 0 };
  }
  if (after === 0) {
    return exactly(curve[0]);
  }
  if (after < 0) {
    return exactly(curve[curve.length - 1]);
  }
  const low = curve[after - 1];
  const high = curve[after];
  const part = (depth - low.depth_px) / (high.depth_px - low.depth_px);
  const mix = (from: number, to: number) => from + (to - from) * part;
  return {
    views: Math.round(mix(low.views, high.views)),
    users: Math.round(mix(low.users ?? 0, high.users ?? 0)),
    share: mix(low.share ?? 0, high.share ?? 0),
  };
}

const exactly = ({ views, users, share }: DepthPoint): DepthReading => ({
  views,
  users: users ?? 0,
  share: share ?? 0,
});

/** The deepest page px that at least `share` of the views reached; null when fewer reached even the top. */
export function depthOfShare(curve: readonly DepthPoint[], share: number): number | null {
  let deepest: number | null = null;
  for (let i = 0; i < curve.length; i++) {
    const here = curve[i].share ?? 0;
    if (here >= share) {
      deepest = curve[i].depth_px;
      continue;
    }
    if (i > 0) {
      const before = curve[i - 1].share ?? 0;
      if (before > share && before > here) {
        const part = (before - share) / (before - here);
        deepest = curve[i - 1].depth_px + part * (curve[i].depth_px - curve[i - 1].depth_px);
      }
    }
    break;
  }
  return deepest;
}

export interface Band {
  top: number;
  height: number;
  share: number;
  colour: string;
}

/** Bands of equal share (rounded to 5 points) down the page, in page px, hot at the top. */
export function scrollBands(
  curve: readonly DepthPoint[],
  pageHeight: number,
  palette: PaletteName,
  opacity: number
): Band[] {
  const bands: Band[] = [];
  const round = (share: number | null) => Math.round((share ?? 0) * 20) / 20;
  const add = (top: number, bottom: number, share: number) => {
    const last = bands[bands.length - 1];
    if (last && last.share === share) {
      last.height = bottom - last.top;
    } else if (bottom > top) {
      bands.push({ top, height: bottom - top, share, colour: cssColour(colourAt(palette, share), opacity) });
    }
  };
  curve.forEach((point, i) => {
    const top = Math.min(i === 0 ? 0 : point.depth_px, pageHeight);
    const bottom = Math.min(curve[i + 1]?.depth_px ?? pageHeight, pageHeight);
    add(top, bottom, round(point.share));
  });
  return bands;
}

/** Of the heat's opacity, what a wash over the whole page may have so that the page stays readable. */
export const WASH = 0.42;
/** How strong the picture stays under the wash. */
export const WASHED_PICTURE = 0.78;

/** The wash over a page as a css gradient: at each height the colour of the share of views that got there. */
export function scrollGradient(
  curve: readonly DepthPoint[],
  pageHeight: number,
  palette: PaletteName,
  opacity: number
): string {
  if (!curve.length || !(pageHeight > 0)) {
    return 'none';
  }
  const stops = curve
    .filter((point) => point.depth_px <= pageHeight)
    .map(({ depth_px, share }) => {
      const place = ((depth_px / pageHeight) * 100).toFixed(2);
      return `${cssColour(colourAt(palette, share ?? 0), opacity)} ${place}%`;
    });
  return stops.length > 1 ? `linear-gradient(to bottom, ${stops.join(', ')})` : 'none';
}

/** The curve as an SVG path in a box: share to the right, depth downwards on the page's own axis. */
export function curvePath(
  curve: readonly DepthPoint[],
  size: { width: number; height: number },
  pageHeight: number
): string {
  if (!curve.length || !(pageHeight > 0)) {
    return '';
  }
  const at = (point: DepthPoint) =>
    `${((point.share ?? 0) * size.width).toFixed(1)},${((point.depth_px / pageHeight) * size.height).toFixed(1)}`;
  const last = curve[curve.length - 1];
  const top = `${((curve[0].share ?? 0) * size.width).toFixed(1)},0`;
  const bottom = (Math.min(1, last.depth_px / pageHeight) * size.height).toFixed(1);
  return `M0,0 L${top} L${curve.map(at).join(' L')} L0,${bottom} Z`;
}
