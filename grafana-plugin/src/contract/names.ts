// What applications are called, as far as answers have told; ids stay what questions are asked with.

export interface Names {
  /** The name, or the id while none is known. */
  of(application: string): string;
  learn(rows: ReadonlyArray<{ application: string; name: string }>): void;
  listen(changed: () => void): () => void;
}

export function createNames(): Names {
  const known = new Map<string, string>();
  const listeners = new Set<() => void>();
  return {
    of: (application) => known.get(application) || application,
    learn(rows) {
      const news = rows.filter(({ application, name }) => known.get(application) !== name);
      news.forEach(({ application, name }) => known.set(application, name));
      if (news.length) {
        listeners.forEach((changed) => changed());
      }
    },
    listen(changed) {
      listeners.add(changed);
      return () => void listeners.delete(changed);
    },
  };
}
