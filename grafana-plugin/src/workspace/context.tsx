// What every part of the workspace shares: the state, the backend, and which element is lit.

import React, {
  createContext,
  useCallback,
  useContext,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from 'react';

import type { ReplayMoment } from '../contract/answers';
import type { Backend } from '../contract/backend';
import type { Range } from '../contract/query';
import type { PageBox } from '../heatmap/geometry';
import type { AskDeployments } from './deployment';
import { readState, writeState, type WorkspaceState } from './state';
import { resolveRange, type ResolveTime } from './timeRange';

/** Where the state is kept: the browser's address, or Grafana's location service. */
export interface UrlPort {
  /** The query part, without "?". */
  read(): string;
  write(search: string, how: 'push' | 'replace'): void;
  listen(changed: () => void): () => void;
  /** The address of a query part, where it is more than "?" and that part. */
  href?(search: string): string;
}

/** The element that answers in all places at once, and where it was pointed at. */
export interface Lit {
  element: string;
  from: 'list' | 'map';
}

/** Ways out of the workspace; what is not given is not offered. */
export interface Exits {
  /** Where a session's replay is played. */
  replayHref?: (moment: ReplayMoment, application: string) => string;
  /** Where it is told what arrives, what is missing and how to cure it. */
  healthHref?: (application: string) => string;
  /** Where the application's sites are. */
  sitesHref?: (application: string) => string;
}

interface Workspace extends Exits {
  backend: Backend;
  state: WorkspaceState;
  /** Change the state; "push" (default) makes an entry that the back button returns from. */
  update: (patch: Partial<WorkspaceState>, how?: 'push' | 'replace') => void;
  range: Range;
  /** How the ends of a time range are read; undefined: in the browser's time zone. */
  resolveTime: ResolveTime | undefined;
  /** Ask everything again. */
  refresh: () => void;
  /** When everything was last asked; part of what a question is known by. */
  asOf: number;
  timeZone: string | undefined;
  setLit: (lit: Lit | null) => void;
  /** Scroll the map to a place on the page. */
  locate: (box: PageBox) => void;
  /** A map on the screen says how it is scrolled; returns how to take that back. */
  onLocate: (scroll: (box: PageBox) => void) => () => void;
  /** A shared snapshot: what it is asked of cannot be changed. */
  readOnly: boolean;
  /** Who knows of deployments besides the events; undefined: nobody. */
  deployments: AskDeployments | undefined;
}

const Context = createContext<Workspace | null>(null);

const LitContext = createContext<Lit | null>(null);

/** What is lit: beside the rest, as it changes with each step of the pointer. */
export const useLit = (): Lit | null => useContext(LitContext);

/** Throws outside of a WorkspaceProvider. */
export function useWorkspace(): Workspace {
  const workspace = useContext(Context);
  if (!workspace) {
    throw new Error('useWorkspace needs a WorkspaceProvider around it');
  }
  return workspace;
}

export interface WorkspaceProviderProps extends Exits {
  backend: Backend;
  url: UrlPort;
  timeZone?: string;
  /** How the ends of the time range are read; left out: in the browser's time zone. */
  resolveTime?: ResolveTime;
  /** What counts as now until everything is asked again; left out: when this is drawn first. */
  nowMs?: number;
  readOnly?: boolean;
  deployments?: AskDeployments;
  children: ReactNode;
}

export function WorkspaceProvider(props: WorkspaceProviderProps) {
  const { backend, url, timeZone, resolveTime, readOnly = false, replayHref, healthHref, sitesHref, children } = props;
  const { deployments } = props;
  const search = useSyncExternalStore(url.listen, url.read);
  const [nowMs, setNow] = useState(() => props.nowMs ?? Date.now());
  const [lit, setLit] = useState<Lit | null>(null);
  const locators = useRef(new Set<(box: PageBox) => void>());
  const locate = useCallback((box: PageBox) => locators.current.forEach((scroll) => scroll(box)), []);
  const onLocate = useCallback((scroll: (box: PageBox) => void) => {
    const maps = locators.current;
    maps.add(scroll);
    return () => void maps.delete(scroll);
  }, []);
  const state = useMemo(() => readState(search), [search]);
  const range = useMemo(
    () => resolveRange(state.from, state.to, nowMs, resolveTime),
    [state.from, state.to, nowMs, resolveTime]
  );
  const update = useCallback<Workspace['update']>(
    (patch, how = 'push') => {
      const before = url.read();
      const after = writeState({ ...readState(before), ...patch }, before);
      if (after !== before) {
        url.write(after, how);
      }
    },
    [url]
  );
  const refresh = useCallback(() => setNow(Date.now()), []);
  const value = useMemo(
    () => ({
      ...{ backend, state, update, range, refresh, asOf: nowMs, timeZone, setLit, locate, onLocate },
      ...{ resolveTime, readOnly, replayHref, healthHref, sitesHref, deployments },
    }),
    [
      backend,
      state,
      update,
      range,
      refresh,
      nowMs,
      timeZone,
      locate,
      onLocate,
      resolveTime,
      readOnly,
      replayHref,
      healthHref,
      sitesHref,
      deployments,
    ]
  );
  return (
    <Context.Provider value={value}>
      <LitContext.Provider value={lit}>{children}</LitContext.Provider>
    </Context.Provider>
  );
}
