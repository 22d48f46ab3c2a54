// The state of a player: whether it plays, where it stands, and how large the recorded window is.

import { useCallback, useEffect, useRef, useState, type RefObject } from 'react';

import type { Playback } from '../contract/library';
import { asError } from '../workspace/asError';
import type { PlayerHandle } from './player';

/** What people choose among; 1 is the speed of life. */
export const SPEEDS = [1, 2, 4, 8] as const;

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
export function usePlayer(box: RefObject<HTMLDivElement>, playback: Playback, opening: number): PlayerState {
  const handle = useRef<PlayerHandle | null>(null);
  const first = useRef(opening);
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
          const made = createPlayer(target, playback, { onSize, onEnd: () => setPlaying(false) });
          made.setSkipIdle(true);
          made.seek(first.current, false);
          handle.current = made;
          setTotal(made.total);
          setOffset(made.now());
          setReady(true);
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
    const look = () => {
      setOffset(handle.current?.now() ?? 0);
      frame = requestAnimationFrame(look);
    };
    look();
    return () => cancelAnimationFrame(frame);
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
    handle.current?.setSpeed(chosen);
    chooseSpeed(chosen);
  }, []);
  const setSkipIdle = useCallback((chosen: boolean) => {
    handle.current?.setSkipIdle(chosen);
    chooseSkipIdle(chosen);
  }, []);
  const retry = useCallback(() => {
    setProblem(null);
    setAttempt((n) => n + 1);
  }, []);
  return {
    ...{ ready, playing, offset, total, size, speed, skipIdle, problem },
    ...{ toggle, seek, setSpeed, setSkipIdle, retry },
  };
}
