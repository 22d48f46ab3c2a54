// Page pixels, screen pixels and cells: the only arithmetic on coordinates in the browser.
//
// "Page" px are css px of the background picture; "screen" px are css px of the drawn map, measured from its
// top left corner (not from the window's): screen = page × zoom.

export type PageX = number & { readonly space: 'page'; readonly axis: 'x' };
export type PageY = number & { readonly space: 'page'; readonly axis: 'y' };
export type ScreenX = number & { readonly space: 'screen'; readonly axis: 'x' };
export type ScreenY = number & { readonly space: 'screen'; readonly axis: 'y' };

export const pageX = (px: number): PageX => px as PageX;
export const pageY = (px: number): PageY => px as PageY;
export const screenX = (px: number): ScreenX => px as ScreenX;
export const screenY = (px: number): ScreenY => px as ScreenY;

export const toScreenX = (x: PageX, zoom: number): ScreenX => (x * zoom) as ScreenX;
export const toScreenY = (y: PageY, zoom: number): ScreenY => (y * zoom) as ScreenY;
export const toPageX = (x: ScreenX, zoom: number): PageX => (x / zoom) as PageX;
export const toPageY = (y: ScreenY, zoom: number): PageY => (y / zoom) as PageY;

/** A rectangle in page px. */
export interface PageBox {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** A rectangle in screen px. */
export interface ScreenBox {
  left: number;
  top: number;
  width: number;
  height: number;
}

export function toScreenBox(box: PageBox, zoom: number): ScreenBox {
  return { left: box.left * zoom, top: box.top * zoom, width: box.width * zoom, height: box.height * zoom };
}

export function contains(box: PageBox, x: PageX, y: PageY): boolean {
  return x >= box.left && y >= box.top && x < box.left + box.width && y < box.top + box.height;
}

/** How large the page is drawn: fitted to the column's width, the whole page at once, or a factor. */
export type Zoom = 'fit' | 'page' | number;

export const ZOOM_STEPS = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2] as const;

/** The factor for a zoom, given the page and the room for it in css px. Fitting never enlarges beyond 1.5. */
export function zoomFactor(
  zoom: Zoom,
  page: { width: number; height: number },
  room: { width: number; height: number }
): number {
  const toWidth = room.width > 0 ? Math.min(1.5, room.width / page.width) : 1;
  if (zoom === 'fit') {
    return toWidth;
  }
  if (zoom === 'page') {
    return room.height > 0 ? Math.min(toWidth, room.height / page.height) : toWidth;
  }
  return zoom;
}

/** The next step up (1) or down (-1) from a factor; stays at the ends. */
export function nextZoom(factor: number, direction: 1 | -1): number {
  const steps: readonly number[] = direction > 0 ? ZOOM_STEPS : [...ZOOM_STEPS].reverse();
  return steps.find((step) => (step - factor) * direction > 0.01) ?? steps[steps.length - 1];
}

/** Where to scroll so that a span is in the middle of a window, within what can be scrolled. All in the same px. */
export function scrollToShow(start: number, length: number, viewport: number, total: number): number {
  const middle = start + length / 2 - viewport / 2;
  return Math.max(0, Math.min(middle, total - viewport));
}
