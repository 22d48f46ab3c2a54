// The zones that people keep of a page: parts of it with a name.

import type { NewZone, Zone } from './generated/answers';
import { BackendError, type Transport } from './transport';

/** Every method raises BackendError, or the transport's AbortError. */
export interface Zones {
  /** By name. */
  list(application: string, page: string, signal?: AbortSignal): Promise<Zone[]>;
  add(zone: NewZone): Promise<Zone>;
  remove(id: string): Promise<void>;
}

export function createZones(transport: Transport): Zones {
  return {
    async list(application, page, signal) {
      const answer = await transport.get(`api/v1/zones?${new URLSearchParams({ application, page })}`, signal);
      const { zones } = (answer ?? {}) as { zones?: Zone[] };
      if (!zones) {
        throw new BackendError("The server's answer has no list of zones.", 502);
      }
      return zones;
    },
    add: async (zone) => (await transport.post('api/v1/zones', zone)) as Zone,
    remove: async (id) => void (await transport.remove(`api/v1/zones/${encodeURIComponent(id)}`)),
  };
}
