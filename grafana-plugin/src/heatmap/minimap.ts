// The minimap: the whole page in a strip, and the frame that shows which part is on the screen.

export interface Strip {
  /** Screen px of the drawn minimap. */
  width: number;
  height: number;
  /** Minimap px per page px. */
  scale: number;
}

/** No narrower, or nothing is to be seen in it: a strip that is higher than its room moves along. */
const NARROWEST = 40;

/** Size of the minimap of a page in a room; that of a very long page is higher than the room. */
export function stripFor(page: { width: number; height: number }, room: { width: number; height: number }): Strip {
  const whole = Math.min(room.width / page.width, room.height / page.height);
  const scale = Math.max(whole, Math.min(NARROWEST, room.width) / page.width);
  return { width: page.width * scale, height: page.height * scale, scale };
}

/** How far a strip is moved up in its room: as far as the map is scrolled, from its top to its end. */
export function movedUp(strip: Strip, window: Window, room: number): number {
  const scrollable = Math.max(1, window.total - window.viewport);
  return Math.min(1, window.scrollTop / scrollable) * Math.max(0, strip.height - room);
}

export interface Window {
  scrollTop: number;
  viewport: number;
  /** Height of what is scrolled. All three in screen px of the map. */
  total: number;
}

/** The smallest frame that can still be taken hold of, in px. */
const SMALLEST_FRAME = 12;

/** Where the frame stands in the minimap. */
export function frameOf(strip: Strip, window: Window): { top: number; height: number } {
  if (window.total <= 0) {
    return { top: 0, height: strip.height };
  }
  const height = Math.min(strip.height, Math.max(SMALLEST_FRAME, (window.viewport / window.total) * strip.height));
  const scrollable = Math.max(1, window.total - window.viewport);
  const top = Math.min(1, window.scrollTop / scrollable) * (strip.height - height);
  return { top, height };
}

/** By how much the map scrolls when the frame is dragged by one px in its room. */
export function scrollPerPx(strip: Strip, window: Window, room: number): number {
  const way = Math.min(strip.height, room) - frameOf(strip, window).height;
  return Math.max(0, window.total - window.viewport) / Math.max(1, way);
}

/** The scroll position that puts the frame's middle at a height of the minimap. */
export function scrollFor(strip: Strip, window: Window, y: number): number {
  const { height } = frameOf(strip, window);
  const room = Math.max(1, strip.height - height);
  const share = Math.max(0, Math.min(1, (y - height / 2) / room));
  return share * Math.max(0, window.total - window.viewport);
}
