// Deployments that are known besides the versions that events name.

import type { Range } from '../contract/query';

/** Somebody has put something into service. */
export interface Deployment {
  timeMs: number;
  name: string;
}

/** Who knows of deployments in a time range; the latest come first. */
export type AskDeployments = (range: Range, signal: AbortSignal) => Promise<Deployment[]>;

/** The deployment that sessions are compared before and after; null = releases are compared. */
export function chosenMoment(moment: number | null, { from, to }: Range): number | null {
  return moment !== null && from < moment && moment < to ? moment : null;
}
