// Finds an app shell's main scroller, puts it to its top and says how much of it is out of sight: {hidden};
// 0 when the document scrolls itself. boxes.js takes the scroller's content for the page.
() => {
  const open = (scroller) => {
    scroller.scrollTop = 0;
    globalThis.isothermScroller = scroller;
    if (!globalThis.isothermHeights) {
      // what was how high before the window grows: for boxes.js
      const heights = (globalThis.isothermHeights = new Map());
      const roots = [document];
      for (const root of roots) {
        for (const el of root.querySelectorAll('*')) {
          heights.set(el, el.getBoundingClientRect().height);
          if (el.shadowRoot) roots.push(el.shadowRoot);
        }
      }
    }
    return JSON.stringify({ hidden: scroller.scrollHeight - scroller.clientHeight });
  };
  globalThis.isothermScroller = null;
  const known = globalThis.isothermShell; // the recording saw it scroll in place of the page
  if (known && known.isConnected) {
    return open(known);
  }
  const root = document.scrollingElement || document.documentElement;
  if (root.scrollHeight > innerHeight + 1 && getComputedStyle(root).overflowY !== 'hidden') return JSON.stringify({ hidden: 0 });
  let best = null;
  let area = 0;
  const stack = [document];
  while (stack.length) {
    for (const el of stack.pop().querySelectorAll('*')) {
      if (el.shadowRoot) stack.push(el.shadowRoot);
      if (el.scrollHeight <= el.clientHeight + 1 || el === document.documentElement || el === document.body) continue;
      if (!/auto|scroll|overlay/.test(getComputedStyle(el).overflowY)) continue;
      const rect = el.getBoundingClientRect();
      const seen = Math.max(0, Math.min(rect.right, innerWidth) - Math.max(rect.left, 0)) *
        Math.max(0, Math.min(rect.bottom, innerHeight) - Math.max(rect.top, 0));
      if (seen > area) { area = seen; best = el; }
    }
  }
  if (!best || area < (innerWidth * innerHeight) / 2) return JSON.stringify({ hidden: 0 });
  return open(best);
}
