// rrweb's player of recordings, fitted into a box. Loaded only where a replay is played.

import { Replayer, ReplayerEvents } from 'rrweb';

import type { Playback } from '../contract/library';
import styles from 'rrweb/dist/style.css?text';

const MARK = '#f2495c';

/** Of the frame: what is in the recording is shown, and nothing is asked for anywhere. */
const POLICY =
  "default-src 'none'; img-src data: blob:; font-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'";

export interface PlayerEvents {
  /** The recorded window has this size from now on, in its css px. */
  onSize: (width: number, height: number) => void;
  onEnd: () => void;
}

export interface PlayerHandle {
  /** Length in ms. */
  total: number;
  /** Ms since the start. */
  now: () => number;
  play: () => void;
  pause: () => void;
  /** Ms since the start; keeps playing or standing. */
  seek: (offset: number, playing: boolean) => void;
  setSpeed: (speed: number) => void;
  setSkipIdle: (skip: boolean) => void;
  destroy: () => void;
}

/** Put a player into a box. The recorded page is in a sandboxed frame that runs no script. */
export function createPlayer(box: HTMLElement, playback: Playback, { onSize, onEnd }: PlayerEvents): PlayerHandle {
  const sheet = document.createElement('style');
  sheet.textContent = styles;
  document.head.append(sheet);
  const replayer = new Replayer(playback.events as never, {
    root: box,
    mouseTail: { strokeStyle: MARK },
    insertStyleRules: ['a { cursor: default }'],
    showWarning: false,
  });
  seal(replayer.iframe);
  // Keys stay with the page around: nothing in a recording can be typed into.
  replayer.iframe.tabIndex = -1;
  replayer.on(ReplayerEvents.Resize, (size) => {
    const { width, height } = size as { width: number; height: number };
    onSize(width, height);
  });
  replayer.on(ReplayerEvents.Finish, onEnd);
  const { totalTime } = replayer.getMetaData();
  const within = (offset: number) => Math.min(Math.max(0, offset), totalTime);
  return {
    total: totalTime,
    now: () => within(replayer.getCurrentTime()),
    play: () => replayer.play(replayer.getCurrentTime() >= totalTime ? 0 : within(replayer.getCurrentTime())),
    pause: () => replayer.pause(),
    seek: (offset, playing) => (playing ? replayer.play(within(offset)) : replayer.pause(within(offset))),
    setSpeed: (speed) => replayer.setConfig({ speed }),
    setSkipIdle: (skipInactive) => replayer.setConfig({ skipInactive }),
    destroy() {
      replayer.destroy();
      box.replaceChildren();
      sheet.remove();
    },
  };
}

/** Give a frame a policy before the recorded page is built in it, and whenever it is built anew. */
function seal(frame: HTMLIFrameElement) {
  const inside = frame.contentDocument;
  if (!inside) {
    return;
  }
  const forbid = () => {
    const policy = inside.createElement('meta');
    policy.httpEquiv = 'Content-Security-Policy';
    policy.content = POLICY;
    inside.head?.prepend(policy);
  };
  forbid();
  new MutationObserver(forbid).observe(inside, { childList: true });
}
