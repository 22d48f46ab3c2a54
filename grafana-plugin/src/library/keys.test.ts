import { keyOf } from './keys';

const press = (key: string, more: KeyboardEventInit = {}, target: Element = document.body): KeyboardEvent => {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, ...more });
  document.body.appendChild(target === document.body ? document.createElement('p') : target);
  target.dispatchEvent(event);
  return event;
};

describe('keys', () => {
  it('are single ones, and Ctrl or Cmd with K', () => {
    expect(keyOf(press('2'), false)).toEqual({ does: 'elements', single: true });
    expect(keyOf(press('k', { metaKey: true }), false)).toEqual({ does: 'palette', single: false });
    expect(keyOf(press('x'), false)).toBeNull();
    expect(keyOf(press('2', { ctrlKey: true }), false)).toBeNull();
  });

  it('leave to the host what it uses itself', () => {
    expect(keyOf(press('k', { ctrlKey: true }), true)).toBeNull();
    expect(keyOf(press('?'), true)).toBeNull();
    expect(keyOf(press('/'), true)).toEqual({ does: 'palette', single: true });
  });

  it('are letters where somebody writes', () => {
    expect(keyOf(press('1', {}, document.createElement('input')), false)).toBeNull();
    expect(keyOf(press('/', {}, document.createElement('textarea')), false)).toBeNull();
  });
});
