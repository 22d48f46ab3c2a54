import type { ServerStatus } from '../contract/generated/answers';
import { text } from '../workspace/text';
import { findingsOf } from './findings';

const { cures, senderNames } = text.library.health;

const status = (dropped: Record<string, number>, sender = 'events'): ServerStatus =>
  ({
    intake: { received: 100, accepted: 30, dropped, senders: { [sender]: { received: 100, last_event_ms: 0 } } },
    spool: { pending: 0, dead: 0 },
  }) as unknown as ServerStatus;

const findings = (one: ServerStatus, nowMs = 0) => findingsOf(one, [], nowMs, String, 'https://isotherm.example.com');

describe('what needs attention', () => {
  it('is nothing when only what nobody misses was left out', () => {
    expect(findings(status({ not_used: 60, duplicate: 5, outdated: 4, bot: 1 }))).toEqual([]);
  });

  it('is what was lost', () => {
    expect(findings(status({ not_used: 60, undecodable: 7, unstorable: 3 }))).toEqual([cures.dropped('10%')]);
  });

  it('is a store that does not answer, or one that meets a fault of ours', () => {
    const stored = { ok: false, progress: { fault: '' } };
    expect(findings({ ...status({}), store: stored })).toContain(cures.store);
    expect(findings({ ...status({}), store: { ok: false, progress: { fault: 'x' } } })).toContain(cures.fault);
    expect(findings({ ...status({}), saved: { ok: false } })).toEqual([cures.saved]);
  });

  it('is what could not be read, and how much of it nobody counts', () => {
    const none = { recordings: 0, events: 0 };
    const quarantine = (events: number) => ({ reading: { recordings: 2, events }, picture: none, playback: none });
    expect(findings({ ...status({}), quarantine: quarantine(0) })).toEqual([cures.quarantine('2', 2, '')]);
    expect(findings({ ...status({}), quarantine: quarantine(1500) })).toEqual([cures.quarantine('2', 2, '1,500')]);
    expect(findings({ ...status({}), quarantine: { reading: none, picture: none, playback: none } })).toEqual([]);
    expect(findings({ ...status({}), readers: { ok: false } })).toEqual([cures.readers]);
  });

  it('is a sender that fell silent, by its name', () => {
    expect(findings(status({}), 3_600_001)).toEqual([cures.silent(senderNames.events, '0')]);
    expect(findings(status({}, 'recovered'), 3_600_001)).toEqual([]);
  });
});
