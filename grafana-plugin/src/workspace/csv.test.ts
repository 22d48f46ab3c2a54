import { csv } from './csv';

describe('csv', () => {
  it('quotes what needs it and disarms formulas', () => {
    expect(
      csv(
        ['a', 'b'],
        [
          ['x,y', 1],
          ['say "hi"\n', null],
          ['=1+1', -2],
          ['=1\n+1', true],
        ]
      )
    ).toBe('\ufeffa,b\r\n"x,y",1\r\n"say ""hi""\n",\r\n"\'=1+1",-2\r\n"\'=1\n+1",true\r\n');
  });
});
