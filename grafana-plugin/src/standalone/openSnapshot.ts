// Fetches a shared snapshot with its picture. The password travels in a header, never in an address.

import { BackendError } from '../contract/transport';
import type { Snapshot } from '../contract/frozenBackend';

const PASSWORD_HEADER = 'X-Isotherm-Password';

export interface OpenSnapshot {
  snapshot: Snapshot;
  /** "tiles/0" -> an address inside this browser. */
  files: Map<string, string>;
}

/** The token in the page's own address ("…/s/<token>"); "" when this is no snapshot. */
export const snapshotToken = (): string => /\/s\/([\w-]+)\/?$/.exec(window.location.pathname)?.[1] ?? '';

async function fetched(path: string, password: string): Promise<Response> {
  const url = new URL(`s/${snapshotToken()}/${path}`, document.baseURI);
  const response = await fetch(url, { headers: password ? { [PASSWORD_HEADER]: password } : {} });
  if (!response.ok) {
    const body = (await response.json().catch(() => null)) as { error?: { message?: string; code?: string } } | null;
    const message = body?.error?.message ?? `The server answered ${response.status}.`;
    throw new BackendError(message, response.status, body?.error?.code);
  }
  return response;
}

/** Throws BackendError: 401 asks for a (better) password, 404 says that it is gone. */
export async function openSnapshot(password: string): Promise<OpenSnapshot> {
  const snapshot = (await (await fetched('data', password)).json()) as Snapshot;
  const names = new Set(JSON.stringify(snapshot.answers).match(/tiles\/\d+/g));
  const files = new Map<string, string>();
  await Promise.all(
    [...names].map(async (name) => {
      files.set(name, URL.createObjectURL(await (await fetched(name, password)).blob()));
    })
  );
  return { snapshot, files };
}
