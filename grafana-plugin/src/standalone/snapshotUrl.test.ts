import type { Snapshot } from '../contract/frozenBackend';
import { readState } from '../workspace/state';
import { snapshotUrl } from './snapshotUrl';

const TAKEN = 'app=shop&page=%2Fcart&from=now-7d&to=now';
const snapshot = { address: TAKEN, answers: { 'heat|now-7d/now|all|': [] } } as unknown as Snapshot;

it('lets the address of a snapshot change how it is looked at, not what it is of', () => {
  const url = snapshotUrl(snapshot);
  url.write('app=other&page=%2F&from=now-1h&map=scroll&number=rage&sort=dead&filter=browser|%3D|Safari', 'replace');
  const expected = { ...readState(TAKEN), map: 'scroll', number: 'rage', sort: 'dead' };
  expect(readState(url.read())).toEqual(expected);
});
