// What is missing or broken on this server, most pressing first, each as a sentence that says how to cure it.

import type { PageInfo, ServerStatus } from '../contract/generated/answers';
import { HARMLESS_DROPS } from '../contract/query';
import { count, percent } from '../workspace/format';
import { senderName } from '../workspace/serverText';
import { text } from '../workspace/text';

/** A page's share of clicks placed, null when not known. */
export interface PageCoverage extends PageInfo {
  coverage: number | null;
}

const SILENT_MS = 3_600_000;
const MANY_DROPPED = 0.05;
const LOW_COVERAGE = 0.6;
/** With fewer clicks a low coverage says nothing. */
const ENOUGH_CLICKS = 20;
const HARMLESS: ReadonlySet<string> = new Set(HARMLESS_DROPS);

export function findingsOf(
  status: ServerStatus,
  pages: readonly PageCoverage[],
  nowMs: number,
  time: (ms: number) => string,
  address: string
): string[] {
  const cures = text.library.health.cures;
  const found: string[] = [];
  const { intake, spool } = status;
  if (status.store?.ok === false) {
    found.push(status.store.progress?.fault ? cures.fault : cures.store);
  }
  if (status.saved?.ok === false) {
    found.push(cures.saved);
  }
  if (status.worker?.ok === false) {
    found.push(cures.worker);
  }
  if (status.readers?.ok === false) {
    found.push(cures.readers);
  }
  const quarantine = Object.values(status.quarantine ?? {});
  const recordings = quarantine.reduce((sum, one) => sum + one.recordings, 0);
  if (recordings > 0) {
    const uncounted = quarantine.reduce((sum, one) => sum + one.events, 0);
    found.push(cures.quarantine(count(recordings), recordings, uncounted ? count(uncounted) : ''));
  }
  if (status.capture?.ok === false) {
    found.push(cures.capture);
  }
  if (!address) {
    found.push(cures.address);
  }
  if (spool.dead > 0) {
    found.push(cures.dead(count(spool.dead)));
  }
  if (intake.received === 0 && !pages.some((page) => page.views > 0)) {
    found.push(cures.nothing);
  }
  const lost = Object.entries(intake.dropped).reduce((sum, [why, n]) => (HARMLESS.has(why) ? sum : sum + n), 0);
  if (intake.received > 0 && lost / intake.received > MANY_DROPPED) {
    found.push(cures.dropped(percent(lost / intake.received)));
  }
  for (const [sender, { last_event_ms }] of Object.entries(intake.senders)) {
    // What was found again in the spool is counted like a sender, but comes from no site.
    const known = sender in text.library.health.senderNames;
    if (known && last_event_ms !== null && nowMs - last_event_ms > SILENT_MS) {
      found.push(cures.silent(senderName(sender), time(last_event_ms)));
    }
  }
  const bare = pages.filter((page) => !page.background && page.views > 0);
  if (bare.length) {
    found.push(cures.noPicture(count(bare.length), bare.length));
  }
  for (const page of pages) {
    if (page.background && page.coverage !== null && page.coverage < LOW_COVERAGE && page.clicks >= ENOUGH_CLICKS) {
      found.push(cures.lowCoverage(page.page, percent(page.coverage)));
    }
  }
  return found;
}
