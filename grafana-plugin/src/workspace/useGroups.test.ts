import { isClear } from './useGroups';

describe('two shares', () => {
  it('differ clearly when chance would hardly make it', () => {
    expect(isClear([0.3, 0.2], [1000, 1000])).toBe(true);
    expect(isClear([0.3, 0.2], [50, 50])).toBe(false);
    expect(isClear([0.2, 0.2], [1e6, 1e6])).toBe(false);
    expect(isClear([0.5, 0], [0, 100])).toBe(false);
  });
});
