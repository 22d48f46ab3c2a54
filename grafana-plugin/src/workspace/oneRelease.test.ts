import { BackendError } from '../contract/transport';
import { isOneRelease } from './TintList';

it('takes no other refusal for a range with one release', () => {
  const said = 'Two values of version are needed: say which to compare, before and after';
  expect(isOneRelease(new BackendError(said, 400))).toBe(true);
  expect(isOneRelease(new BackendError('The pattern is longer than 10,000 characters', 400))).toBe(false);
  expect(isOneRelease(new BackendError(said, 503))).toBe(false);
  expect(isOneRelease(null)).toBe(false);
});
