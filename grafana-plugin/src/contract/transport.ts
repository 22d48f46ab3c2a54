// The way to the server, and how it fails.

/** How requests travel: straight to Isotherm, or through Grafana. Paths are relative, like "api/v1/query". */
export interface Transport {
  get(path: string, signal?: AbortSignal): Promise<unknown>;
  post(path: string, body: unknown, signal?: AbortSignal): Promise<unknown>;
  /** Sends a form with a file. */
  upload(path: string, form: FormData): Promise<unknown>;
  /** What such a form may have at most, bytes. */
  uploadMax: number;
  remove(path: string): Promise<unknown>;
  /** Where the browser itself loads a file from, such as a picture. */
  url(path: string): string;
}

export interface Allow {
  site: string;
  private: boolean;
}

/** The backend refused or failed; `message` is a sentence for the person. */
export class BackendError extends Error {
  override name = 'BackendError';
  constructor(
    message: string,
    readonly status: number,
    readonly code = '',
    /** The site, or its private address, that would cure it if it were allowed. */
    readonly allow: Allow | null = null
  ) {
    super(message);
  }
}
