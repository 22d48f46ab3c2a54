// Making, choosing and removing the pictures that maps lie on.

import type { BackgroundInfo, CaptureRequest, PictureJob } from './generated/answers';
import { BackendError, type Transport } from './transport';

export const UPLOAD_TYPES = ['image/png', 'image/jpeg', 'image/webp'] as const;

type PageName = Pick<CaptureRequest, 'application' | 'page'>;

/** `url` "" = the address of the page's latest visit. */
export type AddressRequest = Required<Omit<CaptureRequest, 'source' | 'viewport_h'>>;

export interface UploadRequest extends PageName {
  picture: Blob;
  /** Width of the window that the picture shows, css px. */
  viewport_w: number;
  /** Which state of the page it shows; "" = none in particular. */
  state: string;
}

/** Every method raises BackendError, or the transport's AbortError. */
export interface Pictures {
  /** Bytes of the largest picture that can be sent. */
  uploadMax: number;
  /** Start to make pictures of a page from its recordings; returns the job's id. */
  fromReplays(page: PageName): Promise<string>;
  /** Start to take a picture of a live page; returns the job's id. */
  fromAddress(request: AddressRequest): Promise<string>;
  job(id: string, signal?: AbortSignal): Promise<PictureJob>;
  upload(request: UploadRequest): Promise<BackgroundInfo>;
  /** Make it the one that everyone's automatic choice falls on, or leave the choice free again. */
  pin(id: string, pinned: boolean): Promise<void>;
  remove(id: string): Promise<void>;
}

function jobOf(answer: unknown): string {
  const job = (answer as { job?: unknown } | null)?.job;
  if (typeof job !== 'string') {
    throw new BackendError('The server named no job.', 502);
  }
  return job;
}

export function createPictures(transport: Transport): Pictures {
  const path = (id: string) => `api/v1/backgrounds/${encodeURIComponent(id)}`;
  const capture = async (body: unknown) => jobOf(await transport.post('api/v1/backgrounds/capture', body));
  return {
    uploadMax: transport.uploadMax,
    fromReplays: ({ application, page }) => capture({ application, page }),
    fromAddress: (request) => capture({ ...request, source: 'url' }),
    job: async (id, signal) => (await transport.get(`api/v1/jobs/${encodeURIComponent(id)}`, signal)) as PictureJob,
    async upload({ picture, application, page, viewport_w, state }) {
      const form = new FormData();
      form.append('picture', picture, 'picture');
      Object.entries({ application, page, state, viewport_w: String(viewport_w) }).forEach(([name, value]) =>
        form.append(name, value)
      );
      const answer = (await transport.upload('api/v1/backgrounds/upload', form)) as { background: BackgroundInfo };
      return answer.background;
    },
    pin: async (id, pinned) => void (await transport.post(`${path(id)}/pin`, { pinned })),
    remove: async (id) => void (await transport.remove(path(id))),
  };
}
