import type { ActionRow } from '../contract/answers';
import { mapElements } from './elements';

const button = (left: number, top: number, action_name = 'Add to basket') =>
  ({ action_name, placed: true, left, top, width: 90, height: 40 }) as ActionRow;

const placesOf = (...rows: ActionRow[]) => mapElements(rows, 900).map(({ where }) => where);

describe('elements of one name', () => {
  it('are told apart by their side', () => {
    expect(placesOf(button(0, 700), button(800, 700), button(0, 1200))).toEqual([
      'left, 700 px down',
      'right, 700 px down',
      'left, 1,200 px down',
    ]);
  });

  it('are counted where a side has several', () => {
    expect(placesOf(button(100, 700), button(0, 700), button(800, 700), button(0, 700, 'Buy'))).toEqual([
      '2nd from the left, 700 px down',
      '1st from the left, 700 px down',
      'right, 700 px down',
      '',
    ]);
  });

  it('say nothing of what is not on the picture', () => {
    expect(placesOf(button(0, 700), { ...button(0, 700), placed: false, left: null } as ActionRow)).toEqual([
      'left, 700 px down',
      '',
    ]);
  });
});
