// How large a picture is loaded.

/** Widths in steps: while somebody zooms, a picture that is large enough stays. */
const STEP = 512;
/** Nobody sees more device px per css px in a picture of a page; phones have three and little of a network. */
const FINEST = 2;

/** The width in device px that a picture is loaded at, for its width on the screen in css px. */
export const stepUp = (shown: number): number =>
  Math.ceil((shown * Math.min(FINEST, window.devicePixelRatio)) / STEP) * STEP;
