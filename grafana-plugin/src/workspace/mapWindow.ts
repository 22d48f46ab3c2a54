// What the parts of a map know of the window that it is seen through.

import type { PageX, PageY } from '../heatmap/geometry';

/** The part of the map on the screen, in screen px; `zoom` = screen px per page px. */
export interface MapWindow {
  zoom: number;
  scrollTop: number;
  width: number;
  height: number;
}

export interface PagePoint {
  x: PageX;
  y: PageY;
}
