// Requests straight to Isotherm, as the stand-alone page makes them.

import { UPLOAD_MAX } from './generated/queries';
import { BackendError, type Allow, type Transport } from './transport';

interface ErrorBody {
  error?: { code?: string; message?: string; allow?: Allow } | string;
}

/** A proxy, a login page, another server. */
function notIsotherm(status: number): string {
  return status >= 500
    ? `Isotherm is away or restarting: what stands in front of it answered ${status}. Try again in a moment.`
    : `Not Isotherm but something in front of it answered (${status}). Sign in again, or check the address and the proxy.`;
}

async function read(response: Response): Promise<unknown> {
  const text = await response.text();
  let body: unknown;
  try {
    body = text ? JSON.parse(text) : null;
  } catch {
    throw new BackendError(notIsotherm(response.status), response.status);
  }
  if (!response.ok) {
    const error = (body as ErrorBody | null)?.error;
    const message = typeof error === 'string' ? error : error?.message;
    const code = typeof error === 'object' ? error.code : undefined;
    const allow = typeof error === 'object' ? error.allow : undefined;
    throw new BackendError(message ?? `The server answered ${response.status}.`, response.status, code, allow);
  }
  return body;
}

async function send(url: string, init: RequestInit, begun?: Promise<Response> | null): Promise<unknown> {
  let response: Response;
  try {
    response = await (begun ?? fetch(url, init));
  } catch (error) {
    if (init.signal?.aborted) {
      throw error;
    }
    throw new BackendError('The server cannot be reached.', 0, 'UNREACHABLE');
  }
  return read(response);
}

/** How a body is posted. */
export const posted = (body: string): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', accept: 'application/json' },
  body,
});

/** What was asked before the page was there, with this body; null: nothing, or somebody has it already. */
export type Begun = (path: string, body: string) => Promise<Response> | null;

/** A transport below `base`, an absolute address that ends in a slash. */
export function httpTransport(base: string, begun?: Begun): Transport {
  const url = (path: string) => new URL(path, base).toString();
  return {
    url,
    get: (path, signal) => send(url(path), { signal, headers: { accept: 'application/json' } }),
    post: (path, data, signal) => {
      const body = JSON.stringify(data);
      return send(url(path), { ...posted(body), signal }, begun?.(path, body));
    },
    uploadMax: UPLOAD_MAX,
    upload: (path, form) => send(url(path), { method: 'POST', headers: { accept: 'application/json' }, body: form }),
    remove: (path) => send(url(path), { method: 'DELETE' }),
  };
}
