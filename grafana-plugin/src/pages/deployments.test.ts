import { read } from './deployments';

it('lists the latest deployment first and shows what an annotation says as plain text', () => {
  expect(
    read([
      { time: 1_000, text: 'checkout 1.4', tags: ['deploy'] },
      { time: 3_000, text: '<a href="https://ci.test/7">Build\n 7</a><script>alert(1)</script>' },
      { time: 2_000, text: '', tags: ['deploy', 'eu'] },
    ])
  ).toEqual([
    { timeMs: 3_000, name: 'Build 7alert(1)' },
    { timeMs: 2_000, name: 'deploy, eu' },
    { timeMs: 1_000, name: 'checkout 1.4' },
  ]);
});
