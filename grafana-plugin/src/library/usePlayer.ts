// The state of a player: whether it plays, where it stands, and how large the recorded window is.

import { useCallback, useEffect, useRef, useState, type RefObject } from 'react';

import type { Playback } from '../contract/library';
import { asError } from '../workspace/asError';
import { showImages } from './images';
import type { PlayerHandle } from './player';

/** What people choose among; 1 is the speed of life. */
export const SPEEDS = [1, 2, 4, 8] as const;

/** Where it stands is told this often while it plays, ms. */
const TOLD_MS = 100;
/** The player tells its first size in a timer of 0 ms and shows its first page in one of 1 ms. */
const MADE_MS = 2;

export interface PlayerState {
  ready: boolean;
  playing: boolean;
  /** Ms since the start. */
  offset: number;
  total: number;
  size: { width: number; height: number };
  speed: number;
  skipIdle: boolean;
  problem: Error | null;
  toggle: () => void;
  seek: (offset: number) => void;
  setSpeed: (speed: number) => void;
  setSkipIdle: (skip: boolean) => void;
  retry: () => void;
}

/** Plays in `box`; opens at `opening`, in ms since the start. */
export function usePlayer(box: RefObject<HTMLDivElement | null>, playback: Playback, opening: number): PlayerState {
  const handle = useRef<PlayerHandle | null>(null);
  const first = useRef(opening);
  const wished = useRef({ speed: 1, skipIdle: true }); // what a player that is made anew goes on with
  const [attempt, setAttempt] = useState(0);
  const [ready, setReady] = useState(false);
  const [playing, setPlaying] = useState(false);
  const [offset, setOffset] = useState(0);
  const [total, setTotal] = useState(0);
  const [size, setSize] = useState({ width: 1280, height: 800 });
  const [speed, chooseSpeed] = useState(1);
  const [skipIdle, chooseSkipIdle] = useState(true);
  const [problem, setProblem] = useState<Error | null>(null);

  useEffect(() => {
    const target = box.current;
    let over = false;
    if (!target) {
      return;
    }
    const onSize = (width: number, height: number) => setSize({ width, height });
    import('./player').then(
      ({ createPlayer }) => {
        if (!over) {
          showImages(playback);
          const made = createPlayer(target, playback, { onSize, onEnd: () => setPlaying(false) });
          made.setSpeed(wished.current.speed);
          made.setSkipIdle(wished.current.skipIdle);
          handle.current = made;
          setTotal(made.total);
          setTimeout(() => {
            if (!over) {
              made.seek(first.current, false); // any sooner, and its first size would be the last one told
              setOffset(made.now());
              setReady(true);
            }
          }, MADE_MS);
        }
      },
      (error: unknown) => !over && setProblem(asError(error))
    );
    return () => {
      over = true;
      handle.current?.destroy();
      handle.current = null;
      setReady(false);
    };
  }, [box, playback, attempt]);

  useEffect(() => {
    if (!playing) {
      return;
    }
    let frame = 0;
    let told = -Infinity;
    const tell = () => handle.current && setOffset(handle.current.now());
    const look = (time: number) => {
      if (time - told >= TOLD_MS) {
        told = time;
        tell();
      }
      frame = requestAnimationFrame(look);
    };
    frame = requestAnimationFrame(look);
    return () => {
      cancelAnimationFrame(frame);
      tell(); // exactly where it came to stand
    };
  }, [playing]);

  const toggle = useCallback(() => {
    const player = handle.current;
    if (player) {
      playing ? player.pause() : player.play();
      setPlaying(!playing);
    }
  }, [playing]);
  const seek = useCallback(
    (to: number) => {
      handle.current?.seek(to, playing);
      setOffset(handle.current?.now() ?? 0);
    },
    [playing]
  );
  const setSpeed = useCallback((chosen: number) => {
    wished.current.speed = chosen;
    handle.current?.setSpeed(chosen);
    chooseSpeed(chosen);
  }, []);
  const setSkipIdle = useCallback((chosen: boolean) => {
    wished.current.skipIdle = chosen;
    handle.current?.setSkipIdle(chosen);
    chooseSkipIdle(chosen);
  }, []);
  const retry = useCallback(() => {
    setProblem(null);
    setPlaying(false);
    setAttempt((n) => n + 1);
  }, []);
  return {
    ...{ ready, playing, offset, total, size, speed, skipIdle, problem },
    ...{ toggle, seek, setSpeed, setSkipIdle, retry },
  };
}
