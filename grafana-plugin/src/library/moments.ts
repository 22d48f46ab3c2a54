// What happened in a session, as its replay shows it.

import type { MomentRow } from '../contract/answers';
import { text } from '../workspace/text';

/** How a moment is drawn; of several signals the loudest. */
export type Look = 'page' | 'click' | 'custom' | 'rage' | 'dead' | 'error';

export function lookOf(moment: MomentRow): Look {
  if (moment.rage) {
    return 'rage';
  }
  if (moment.error) {
    return 'error';
  }
  if (moment.dead) {
    return 'dead';
  }
  return moment.kind === 'page' || moment.kind === 'custom' ? moment.kind : 'click';
}

export const momentName = (moment: MomentRow): string => moment.label || text.library.replay.unnamed;

/** 0:07, 12:40 or 1:02:03. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (part: number) => String(part).padStart(2, '0');
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
