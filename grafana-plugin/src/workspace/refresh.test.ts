import { INTERVALS, intervalMs, isBusy } from './refresh';

describe('auto-refresh', () => {
  it('reads the intervals that addresses have', () => {
    expect(INTERVALS.map(intervalMs)).toEqual([10_000, 30_000, 60_000, 300_000]);
    expect(['', '0s', 'often', '5', 's', '1e9s', '-5m'].map(intervalMs)).toEqual([0, 0, 0, 0, 0, 0, 0]);
  });

  it('asks neither without a pause nor beyond what a timer takes', () => {
    expect(['1s', '999h', '30d'].map(intervalMs)).toEqual([5000, 86_400_000, 86_400_000]);
  });

  it('waits while a dialog is open, or nobody looks', () => {
    expect(isBusy(document)).toBe(false);
    document.body.innerHTML = '<div role="dialog"></div>';
    expect(isBusy(document)).toBe(true);
    document.body.innerHTML = '<div aria-busy="true"></div>';
    expect(isBusy(document)).toBe(true);
    document.body.innerHTML = '<div aria-busy="false"></div>';
    expect(isBusy(document)).toBe(false);
    Object.defineProperty(document, 'hidden', { value: true, configurable: true });
    expect(isBusy(document)).toBe(true);
    Object.defineProperty(document, 'hidden', { value: false, configurable: true });
  });
});
