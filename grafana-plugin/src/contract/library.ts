// Saved heatmaps, shared snapshots, replays and the server's state: what the pages around the map need.

import type { NewHeatmap, Quarantined, SavedHeatmap, ServerStatus, Share, ShareRequest } from './generated/answers';
import { BackendError, type Transport } from './transport';

export interface ReplayClick {
  time_ms: number;
  label: string;
}

export interface Playback {
  session: string;
  start_ms: number;
  end_ms: number;
  complete: boolean;
  /** rrweb events. */
  events: unknown[];
  clicks: ReplayClick[];
  /** `data:` addresses of images by the number that events name them by; "" = not kept. */
  images?: string[];
}

export interface Library {
  heatmaps(signal?: AbortSignal): Promise<SavedHeatmap[]>;
  save(heatmap: NewHeatmap): Promise<SavedHeatmap>;
  heatmap(id: string): Promise<SavedHeatmap>;
  opened(id: string): Promise<void>;
  rename(id: string, name: string): Promise<void>;
  remove(id: string): Promise<void>;
  restore(id: string): Promise<void>;
  /** Returns the absolute address of the snapshot, which is told only once. */
  share(id: string, request: ShareRequest): Promise<string>;
  shares(signal?: AbortSignal): Promise<Share[]>;
  revoke(id: string): Promise<void>;
  status(signal?: AbortSignal): Promise<ServerStatus>;
  /** Recordings that are in quarantine, the latest first. */
  quarantine(signal?: AbortSignal): Promise<Quarantined[]>;
  tryAgain(id: string): Promise<void>;
  playback(application: string, session: string, view: string, signal?: AbortSignal): Promise<Playback>;
  /** Give an application a name; "" takes it away. */
  name(application: string, name: string): Promise<void>;
  /** Where people reach the server, ending in a slash; "" where nobody has told. */
  address(status: ServerStatus): string;
}

/** Throws BackendError when an answer is not what was asked for. */
function part<T>(answer: unknown, key: string): T {
  const value = (answer as Record<string, unknown> | null)?.[key];
  if (value === undefined || value === null) {
    throw new BackendError(`The server's answer has no ${key}.`, 502);
  }
  return value as T;
}

/**
 * A library over a transport; `home` is where the browser itself reaches the server, "" where it does not. Every method
 * raises BackendError, or the transport's AbortError.
 */
export function createLibrary(transport: Transport, home: string): Library {
  const heatmapPath = (id: string) => `api/v1/heatmaps/${encodeURIComponent(id)}`;
  return {
    heatmaps: async (signal) => part(await transport.get('api/v1/heatmaps', signal), 'heatmaps'),
    save: async (heatmap) => part(await transport.post('api/v1/heatmaps', heatmap), 'heatmap'),
    heatmap: async (id) => part(await transport.get(heatmapPath(id)), 'heatmap'),
    opened: async (id) => void (await transport.post(`${heatmapPath(id)}/opened`, {})),
    rename: async (id, name) => void (await transport.post(`${heatmapPath(id)}/rename`, { name })),
    remove: async (id) => void (await transport.remove(heatmapPath(id))),
    restore: async (id) => void (await transport.post(`${heatmapPath(id)}/restore`, {})),
    share: async (id, request) =>
      new URL(
        part<string>(await transport.post(`${heatmapPath(id)}/share`, request), 'url'),
        home || undefined
      ).toString(),
    quarantine: async (signal) => part(await transport.get('api/v1/quarantine', signal), 'recordings'),
    tryAgain: async (id) => void (await transport.post('api/v1/quarantine/retry', { id })),
    shares: async (signal) => part(await transport.get('api/v1/shares', signal), 'shares'),
    revoke: async (id) => void (await transport.remove(`api/v1/shares/${encodeURIComponent(id)}`)),
    status: async (signal) => (await transport.get('api/v1/status', signal)) as ServerStatus,
    playback: async (application, session, view, signal) => {
      const place = [session, view].filter(Boolean).map(encodeURIComponent).join('/');
      const params = new URLSearchParams({ application, format: 'rrweb' });
      return (await transport.get(`api/v1/replays/${place}?${params}`, signal)) as Playback;
    },
    name: async (application, name) =>
      void (await transport.post(`api/v1/applications/${encodeURIComponent(application)}/name`, { name })),
    address: ({ public_url }) => (public_url ? `${public_url}/` : home),
  };
}
