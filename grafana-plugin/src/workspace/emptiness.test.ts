import { causesOf, emptiness, emptinessOfScroll, type Facts } from './emptiness';
import { DEFAULT_STATE } from './state';
import { text } from './text';

const nothing = { views: 0, actions: 0, clicks: 0, recorded_views: 0 };
const some = { views: 40, actions: 12, clicks: 15, recorded_views: 0 };
const words = text.analysis.causes;

const facts = (more: Partial<Facts>): Facts => ({
  state: DEFAULT_STATE,
  here: nothing,
  unfiltered: nothing,
  ever: nothing,
  unplacedShare: 0,
  status: undefined,
  time: String,
  ...more,
});

describe('an empty map', () => {
  it('is told apart by what there is', () => {
    const heat = { clicks: 0, placed: 0, background: null };
    expect(emptiness(nothing, heat, false)).toBe('noData');
    expect(emptiness(some, heat, false)).toBe('noClicks');
    expect(emptiness(some, { ...heat, clicks: 9 }, false)).toBe('noReplay');
    expect(emptiness(some, { clicks: 9, placed: 0, background: {} as never }, false)).toBe('noClicks');
    expect(emptiness(some, { clicks: 9, placed: 3, background: null }, false)).toBeNull();
    expect(emptiness(some, undefined, false)).toBeNull();
    expect(emptiness(some, { clicks: 9, placed: 0, background: {} as never }, true)).toBeNull();
    expect(emptiness(some, { clicks: 9, placed: 0, background: { pinned: true } as never }, false)).toBeNull();
  });

  it('is told for depths, too, when nobody visited the page', () => {
    expect(emptinessOfScroll(nothing, { rows: [] })).toBe('noData');
    expect(emptinessOfScroll(some, { rows: [] })).toBeNull(); // there are views, of which none has a measured depth
    expect(emptinessOfScroll(some, { rows: [1] })).toBeNull();
    expect(emptinessOfScroll(nothing, undefined)).toBeNull();
  });

  it('blames the filters when there is something without them', () => {
    const state = { ...DEFAULT_STATE, filters: [{ key: 'env', operator: '=' as const, value: 'x' }] };
    const [first] = causesOf('noData', facts({ state, unfiltered: some, ever: some }));
    expect(first).toEqual({
      words: words.filters,
      verdict: 'likely',
      found: words.filtersFound('40 views, 15 clicks'),
    });
  });

  it('blames the time range when there is something at other times', () => {
    const [first] = causesOf('noData', facts({ ever: some }));
    expect([first.words, first.verdict]).toEqual([words.range, 'likely']);
  });

  it('blames the name of the page when it was never visited, and says what it ruled out', () => {
    const status = { intake: { senders: { rrweb: { received: 1, last_event_ms: 5 } } } } as never;
    const found = causesOf('noData', facts({ status }));
    expect(found.map(({ words: w, verdict }) => [w, verdict])).toEqual([
      [words.page, 'likely'],
      [words.range, 'ruledOut'],
      [words.arriving, 'ruledOut'],
    ]);
  });

  it('says first that the application is not known', () => {
    expect(causesOf('noData', facts({ application: false }))[0].words).toBe(words.application);
    expect(causesOf('noData', facts({ application: true })).map((cause) => cause.words)).not.toContain(
      words.application
    );
  });

  it('does not blame the SDK when other pages have clicks', () => {
    const silent = { ...some, actions: 0, clicks: 0 };
    const causes = causesOf('noClicks', facts({ here: silent, unfiltered: silent, ever: silent, anywhere: 90 }));
    expect(causes.filter(({ verdict }) => verdict !== 'ruledOut')).toEqual([
      { words: words.unclicked, verdict: 'likely', found: words.unclickedFound('40 views', '90 clicks') },
    ]);
  });

  it('finds that actions are off, sessions not recorded, or Chromium away', () => {
    const silent = { ...some, actions: 0, clicks: 0 };
    expect(causesOf('noClicks', facts({ here: silent, unfiltered: silent, ever: silent }))[0].words).toBe(
      words.actions
    );
    expect(causesOf('noReplay', facts({ here: some }))[0]).toMatchObject({ words: words.recording, verdict: 'likely' });
    const status = { capture: { ok: false }, intake: { senders: {} } } as never;
    const causes = causesOf('noReplay', facts({ here: { ...some, recorded_views: 9 }, status }));
    expect(causes[0]).toMatchObject({ words: words.chromium, verdict: 'likely' });
  });
});
