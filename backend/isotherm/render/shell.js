// Finds an app shell's main scroller, puts it to its top and says how much of it is out of sight: {hidden};
// 0 when the document scrolls itself. boxes.js takes the scroller's content for the page.
// Told that the scroller found is "fixed", it leaves that one as it was, and for good.
(told) => {
  const fixed = (globalThis.isothermFixed ||= new Set());
  const none = () => {
    globalThis.isothermScroller = null;
    return JSON.stringify({ hidden: 0 });
  };
  if (told) {
    const [scroller, top] = globalThis.isothermOpened;
    fixed.add(scroller);
    scroller.scrollTop = top;
    globalThis.isothermHeights = null;
    return none();
  }
  const SHOWS = new Set(['img', 'svg', 'canvas', 'video', 'iframe', 'object', 'embed', 'input', 'select', 'textarea', 'button']);
  const NEAR = 100; // px between what belongs together
  const blank = (scroller) => {
    // most of a scroller of virtual rows is room for what was never there
    const height = scroller.scrollHeight;
    if (height < 3 * scroller.clientHeight) return false;
    const start = scroller.getBoundingClientRect().top - scroller.scrollTop;
    const spans = [];
    const roots = [scroller];
    for (const root of roots) {
      for (const el of root.querySelectorAll('*')) {
        if (el.shadowRoot) roots.push(el.shadowRoot);
        if (!SHOWS.has(el.localName) && ![...el.childNodes].some((one) => one.nodeType === 3 && one.data.trim())) continue;
        const rect = el.getBoundingClientRect();
        if (rect.height > 0) spans.push([rect.top - start - NEAR, rect.bottom - start + NEAR]);
      }
    }
    let [filled, end] = [0, 0];
    for (const [top, bottom] of spans.sort((a, b) => a[0] - b[0])) {
      if (bottom <= end) continue;
      filled += bottom - Math.max(top, end);
      end = bottom;
    }
    return filled * 2 < height;
  };
  const open = (scroller) => {
    if (fixed.has(scroller)) return none();
    if (globalThis.isothermScroller !== scroller) {
      if (blank(scroller)) { fixed.add(scroller); return none(); }
      globalThis.isothermOpened = [scroller, scroller.scrollTop];
    }
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
  const known = globalThis.isothermShell; // the recording saw it scroll in place of the page
  if (known && known.isConnected) {
    return open(known);
  }
  const root = document.scrollingElement || document.documentElement;
  if (root.scrollHeight > innerHeight + 1 && getComputedStyle(root).overflowY !== 'hidden') return none();
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
  if (!best || area < (innerWidth * innerHeight) / 2) return none();
  return open(best);
}
