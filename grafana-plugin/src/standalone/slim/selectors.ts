// In place of @grafana/e2e-selectors on the stand-alone page: names for Grafana's own tests, which read no version of it.

const names = new Proxy<Record<string, string | undefined>>({}, { get: () => undefined });
const parts = new Proxy<Record<string, typeof names>>({}, { get: () => names });

export const Components = parts;
export const Pages = parts;
export const selectors = { components: Components, pages: Pages };
