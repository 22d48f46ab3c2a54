import { IDLE_MS, idleStretches } from './idle';

describe('idleStretches', () => {
  it('finds the pauses before, between and after what happened', () => {
    const times = [IDLE_MS, IDLE_MS + 500, 3 * IDLE_MS];
    expect(idleStretches(times, 5 * IDLE_MS)).toEqual([
      { from: 0, to: IDLE_MS },
      { from: IDLE_MS + 500, to: 3 * IDLE_MS },
      { from: 3 * IDLE_MS, to: 5 * IDLE_MS },
    ]);
  });

  it('leaves short pauses alone', () => {
    expect(idleStretches([1, IDLE_MS], IDLE_MS + 1)).toEqual([]);
  });

  it('knows a session without moments', () => {
    expect(idleStretches([], IDLE_MS)).toEqual([{ from: 0, to: IDLE_MS }]);
    expect(idleStretches([], 100)).toEqual([]);
  });
});
