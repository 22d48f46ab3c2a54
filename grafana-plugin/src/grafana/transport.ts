// Requests to Isotherm by way of a data source's resources: the browser needs no route to the backend.
import { config, getBackendSrv, isFetchError } from '@grafana/runtime';
import { lastValueFrom } from 'rxjs';

import { BackendError, type Allow, type Transport } from '../contract/transport';

interface ErrorBody {
  message?: string;
  error?: { code?: string; message?: string; allow?: Allow } | string;
}

/** Key in a frame's custom metadata: the uid of the data source that has its picture. */
export const SOURCE_KEY = 'isotherm_source';

/** Grafana hands a plugin requests of up to 16 MiB; a form is a little more than its file. */
const UPLOAD_MAX = 16 * 1024 * 1024 - 16 * 1024;

/** Where a data source's resources are, below Grafana's own address and sub-path; data URLs stay as they are. */
export const resourceUrl = (uid: string, path: string): string =>
  path.startsWith('data:')
    ? path
    : `${config.appSubUrl ?? ''}/api/datasources/uid/${encodeURIComponent(uid)}/resources/${path}`;

function problem(error: unknown): unknown {
  if (!isFetchError<ErrorBody>(error) || error.cancelled) {
    return error;
  }
  const inner = error.data?.error;
  const message = typeof inner === 'object' ? inner.message : (inner ?? error.data?.message);
  const code = typeof inner === 'object' ? inner.code : undefined;
  const allow = typeof inner === 'object' ? inner.allow : undefined;
  return new BackendError(message || `Grafana answered ${error.status}.`, error.status, code, allow);
}

/** A transport through the data source with this uid. Errors are BackendError; an aborted request throws as it is. */
export function grafanaTransport(uid: string): Transport {
  const send = async (
    method: string,
    path: string,
    data: unknown,
    signal?: AbortSignal,
    headers?: Record<string, string>
  ): Promise<unknown> => {
    const url = `/api/datasources/uid/${encodeURIComponent(uid)}/resources/${path}`;
    try {
      const request = getBackendSrv().fetch<unknown>({
        method,
        url,
        data,
        headers,
        abortSignal: signal,
        showErrorAlert: false,
      });
      return (await lastValueFrom(request)).data;
    } catch (error) {
      throw problem(error);
    }
  };
  return {
    get: (path, signal) => send('GET', path, undefined, signal),
    post: (path, body, signal) => send('POST', path, body, signal),
    uploadMax: UPLOAD_MAX,
    async upload(path, form) {
      // Grafana sends a Blob as it is and takes everything else apart: the form becomes one. Its type is
      // asked of the headers: a Blob's is in small letters, which is another boundary than the body has.
      const whole = new Response(form);
      const type = whole.headers.get('Content-Type') ?? '';
      return send('POST', path, await whole.blob(), undefined, { 'Content-Type': type });
    },
    remove: (path) => send('DELETE', path, undefined),
    url: (path) => resourceUrl(uid, path),
  };
}
