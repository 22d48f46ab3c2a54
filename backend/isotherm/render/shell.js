// Says how much of an app shell's main scroller is out of sight: {hidden}; 0 when the document scrolls itself.
() => {
  const known = globalThis.isothermShell; // the recording saw it scroll in place of the page
  if (known && known.isConnected) {
    known.scrollTop = 0;
    return JSON.stringify({ hidden: known.scrollHeight - known.clientHeight });
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
  best.scrollTop = 0;
  return JSON.stringify({ hidden: best.scrollHeight - best.clientHeight });
}
