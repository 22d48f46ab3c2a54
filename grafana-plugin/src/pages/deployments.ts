// Deployments that people or pipelines have noted in Grafana: annotations with a tag that says so.
import { getBackendSrv } from '@grafana/runtime';
import { lastValueFrom } from 'rxjs';

import type { Range } from '../contract/query';
import type { Deployment } from '../workspace/deployment';

const TAGS = ['deploy', 'deployment', 'release', 'rollout'];
const MOST = 100;

interface Annotation {
  time: number;
  text: string;
  tags?: string[];
}

/** The text of an annotation, which may be HTML, in one line. */
function plain(html: string): string {
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  return (body.textContent ?? '').replace(/\s+/g, ' ').trim();
}

/** Annotations as deployments, the latest first. */
export const read = (annotations: readonly Annotation[]): Deployment[] =>
  [...annotations]
    .sort((one, other) => other.time - one.time)
    .map(({ time, text, tags }) => ({ timeMs: time, name: plain(text) || (tags ?? []).join(', ') }));

/** What Grafana's annotations say of a time range. Rejects when Grafana refuses. */
export async function deployments({ from, to }: Range, signal: AbortSignal): Promise<Deployment[]> {
  const request = getBackendSrv().fetch<Annotation[]>({
    url: '/api/annotations',
    params: { from: Math.floor(from), to: Math.ceil(to), tags: TAGS, matchAny: true, type: 'annotation', limit: MOST },
    abortSignal: signal,
    showErrorAlert: false,
  });
  return read((await lastValueFrom(request)).data);
}
