import { addressOf, savedSearch } from './links';

describe('what a saved heatmap keeps of an address', () => {
  it('is the heatmap, whichever way one came to it', () => {
    const mine = 'app=shop&page=%2Fcart&var-plan=pro';
    expect(addressOf(`${mine}&uel_pid=links&uel_epid=panel&orgId=1&kiosk=true`)).toBe(mine);
    expect(addressOf(`screen=heatmap&${savedSearch({ id: '7', address: mine })}`)).toBe(mine);
  });
});
