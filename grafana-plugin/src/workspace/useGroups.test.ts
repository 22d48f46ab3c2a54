import type { ActionRow } from '../contract/answers';
import { compared, isClear, type Group } from './useGroups';

describe('two shares', () => {
  it('differ clearly when chance would hardly make it', () => {
    expect(isClear([0.3, 0.2], [1000, 1000])).toBe(true);
    expect(isClear([0.3, 0.2], [50, 50])).toBe(false);
    expect(isClear([0.2, 0.2], [1e6, 1e6])).toBe(false);
    expect(isClear([0.5, 0], [0, 100])).toBe(false);
  });
});

describe('elements of two groups', () => {
  const group = (shares: Record<string, number>, total: number) => {
    const rows = Object.entries(shares).map(([element, share]) => ({ element, share }) as ActionRow);
    return { heat: { clicks: 1000 }, actions: { rows, total } } as Group;
  };
  const told = (groups: Group[]) => compared(groups).map(({ row, shares }) => [row.element, ...shares]);

  it('have no clicks in a group whose whole list lacks them', () => {
    expect(told([group({ '#buy': 0.5, '#menu': 0.1 }, 2), group({ '#buy': 0.3 }, 1)])).toEqual([
      ['#buy', 0.5, 0.3],
      ['#menu', 0.1, 0],
    ]);
  });

  it('are left out where a list is cut and may lack them', () => {
    expect(told([group({ '#buy': 0.5, '#menu': 0.1 }, 2), group({ '#buy': 0.4 }, 7)])).toEqual([['#buy', 0.5, 0.4]]);
    expect(told([group({ '#buy': 0.5 }, 7), group({ '#buy': 0.4, '#menu': 0.1 }, 2)])).toEqual([['#buy', 0.5, 0.4]]);
  });
});
