// rrweb-player with a mark at each click. Loaded only where a replay is played.

import Player from 'rrweb-player';

import type { Playback } from '../contract/library';
import styles from 'rrweb-player/dist/style.css?text';

const MARK = '#f2495c';
/** Height of the player's own controls. */
const CONTROLS = 80;

export interface PlayerHandle {
  /** Epoch ms; plays on from there. */
  goto(timeMs: number): void;
  destroy(): void;
}

/** Put a player into a box. The recorded page is in a sandboxed frame that runs no script. */
export function createPlayer(box: HTMLElement, playback: Playback): PlayerHandle {
  const sheet = document.createElement('style');
  sheet.textContent = styles;
  document.head.append(sheet);
  const width = box.clientWidth;
  const height = Math.max(320, Math.min(width * 0.62, window.innerHeight - 260));
  const player = new Player({
    target: box,
    props: {
      events: playback.events as never,
      width,
      height: height - CONTROLS,
      autoPlay: false,
      showController: true,
      tags: { click: MARK },
      mouseTail: { strokeStyle: MARK },
      insertStyleRules: ['a { cursor: default }'],
    },
  });
  return {
    goto: (timeMs) => player.goto(Math.max(0, timeMs - playback.start_ms), false),
    destroy() {
      player.pause();
      box.replaceChildren();
      sheet.remove();
    },
  };
}
