// The sites an application is connected to: what pictures may be made of.

import type { Site, Suggestion } from './generated/answers';
import { BackendError, type Transport } from './transport';

export interface SiteList {
  sites: Site[];
  /** Not allowed, and named by the application's views or by what its pictures lack. */
  suggestions: Suggestion[];
}

/** Every method raises BackendError, or the transport's AbortError. */
export interface Sites {
  list(application: string, signal?: AbortSignal): Promise<SiteList>;
  /** Allow a site: a host, host:port or origin. Returns how many pictures are made again for it. */
  allow(application: string, site: string): Promise<number>;
  /** Allow a site that was allowed before at its private address, too. */
  allowPrivate(application: string, site: string): Promise<number>;
  remove(id: string): Promise<void>;
}

interface Allowed {
  site?: Site;
  pictures?: number;
}

export function createSites(transport: Transport): Sites {
  const allow = async (application: string, site: string): Promise<Required<Allowed>> => {
    const answer = (await transport.post('api/v1/sites', { application, site })) as Allowed | null;
    if (!answer?.site) {
      throw new BackendError("The server's answer has no site.", 502);
    }
    return { site: answer.site, pictures: answer.pictures ?? 0 };
  };
  return {
    async list(application, signal) {
      const answer = await transport.get(`api/v1/sites?${new URLSearchParams({ application })}`, signal);
      const { sites, suggestions } = (answer ?? {}) as Partial<SiteList>;
      if (!sites || !suggestions) {
        throw new BackendError("The server's answer has no list of sites.", 502);
      }
      return { sites, suggestions };
    },
    allow: async (application, site) => (await allow(application, site)).pictures,
    async allowPrivate(application, site) {
      const { id } = (await allow(application, site)).site;
      const answer = await transport.post(`api/v1/sites/${encodeURIComponent(id)}/private`, {});
      return (answer as Allowed | null)?.pictures ?? 0;
    },
    remove: async (id) => void (await transport.remove(`api/v1/sites/${encodeURIComponent(id)}`)),
  };
}
