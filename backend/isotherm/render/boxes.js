// Finds elements by their keys in a document and says where each is and whether a person sees it.
// One JSON string in, one out; the document is left scrolled to its top.
(text) => {
  const { targets, points } = JSON.parse(text);
  const cut = (key) => {
    // `::shadow ` is the SDKs' own mark: the rest of the key is meant inside the open shadow root
    let roots = [document];
    const parts = key.split('::shadow ');
    for (const part of parts.slice(0, -1)) {
      roots = roots.flatMap((root) => [...root.querySelectorAll(part)]).map((el) => el.shadowRoot).filter(Boolean);
    }
    return roots.flatMap((root) => [...root.querySelectorAll(parts[parts.length - 1])]);
  };
  const query = (key) => { try { return cut(key); } catch { return []; } };

  const segments = (path) => {
    const out = [''];
    let quote = '';
    for (let i = 0; i < path.length; i++) {
      const c = path[i];
      if (c === '\\') { out[out.length - 1] += c + (path[++i] ?? ''); continue; }
      if (quote) { if (c === quote) quote = ''; } else if (c === '"' || c === "'") quote = c;
      else if (c === ';') { out.push(''); continue; }
      out[out.length - 1] += c;
    }
    return out.map((part) => part.trim()).filter(Boolean);
  };
  const LOOSER = [
    (part) => part,
    (part) => (part.includes(':nth-of-type(') ? part.replace(/:nth-child\([^)]*\)/g, '') : part),
    (part) => part.replace(/:nth-child\([^)]*\)/g, ''),
    (part) => part.replace(/:nth-(child|of-type)\([^)]*\)/g, ''),
  ];
  const byPath = (path) => {
    const parts = segments(path);
    for (const loosen of LOOSER) {
      let selector = '';
      for (const part of parts) {
        selector = selector ? `${loosen(part)}>${selector}` : loosen(part);
        const found = query(selector);
        if (found.length === 1) return found;
        if (found.length === 0) break;
      }
    }
    return [];
  };

  const opened = globalThis.isothermScroller; // by shell.js
  const up = (el) => el.assignedSlot || el.parentElement || (el.getRootNode() instanceof ShadowRoot ? el.getRootNode().host : null);
  const contains = (el, hit) => { for (let at = hit; at; at = up(at)) if (at === el) return true; return false; };
  const at = (x, y) => {
    let hit = document.elementFromPoint(x, y);
    while (hit && hit.shadowRoot) {
      const inner = hit.shadowRoot.elementFromPoint(x, y);
      if (!inner || inner === hit) break;
      hit = inner;
    }
    return hit;
  };
  const isFixed = (el) => {
    for (let a = el; a; a = up(a)) {
      const position = getComputedStyle(a).position;
      if (position === 'fixed' || position === 'sticky') return true;
    }
    return false;
  };
  const shown = (el) => el.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: false });

  const clip = (el) => {
    // the rectangle (client px) left by the overflow ancestors that clip this element
    const left = { x0: -Infinity, y0: -Infinity, x1: Infinity, y1: Infinity };
    let position = getComputedStyle(el).position;
    for (let a = up(el); a && a !== document.body && a !== document.documentElement; a = up(a)) {
      if (position === 'fixed') break;
      const style = getComputedStyle(a);
      if (position === 'absolute' && style.position === 'static' && style.transform === 'none') continue;
      const rect = a.getBoundingClientRect();
      if (a === opened) { left.x0 = Math.max(left.x0, rect.left); left.x1 = Math.min(left.x1, rect.right); break; } // the page
      if (style.overflowX !== 'visible') { left.x0 = Math.max(left.x0, rect.left); left.x1 = Math.min(left.x1, rect.right); }
      if (style.overflowY !== 'visible') { left.y0 = Math.max(left.y0, rect.top); left.y1 = Math.min(left.y1, rect.bottom); }
      if (style.position !== 'static') position = style.position;
    }
    return left;
  };
  const middle = (rect, limit) => {
    const x = (rect.left + rect.right) / 2;
    const y = (rect.top + rect.bottom) / 2;
    return x >= limit.x0 && x <= limit.x1 && y >= limit.y0 && y <= limit.y1;
  };

  const toMiddle = (el) => {
    const rect = el.getBoundingClientRect();
    const down = (rect.top + rect.bottom) / 2 - innerHeight / 2;
    if (opened && opened !== el && contains(opened, el)) opened.scrollTop += down;
    else scrollTo(0, scrollY + down);
  };
  const covered = (el) => {
    toMiddle(el);
    const limit = clip(el);
    const seen = (rect) => {
      const x0 = Math.max(rect.left, limit.x0, 0);
      const y0 = Math.max(rect.top, limit.y0, 0);
      const x1 = Math.min(rect.right, limit.x1, innerWidth);
      const y1 = Math.min(rect.bottom, limit.y1, innerHeight);
      if (x1 <= x0 || y1 <= y0) return false;
      return [[0.5, 0.5], [0.25, 0.25], [0.75, 0.25], [0.25, 0.75], [0.75, 0.75]]
        .some(([fx, fy]) => { const hit = at(x0 + (x1 - x0) * fx, y0 + (y1 - y0) * fy); return hit && contains(el, hit); });
    };
    return !(seen(el.getBoundingClientRect()) || [...el.getClientRects()].slice(0, 4).some(seen));
  };

  for (const animation of document.getAnimations()) {
    try { animation.finish(); } catch { animation.cancel(); } // an endless one has no end to go to
  }
  const toTop = () => { scrollTo(0, 0); if (opened) opened.scrollTop = 0; };
  toTop();

  const find = (target) => {
    let found = target.key ? query(target.key) : [];
    if (found.length === 0 && target.path) found = byPath(target.path);
    return [found.find(shown) || found[0], found.length];
  };
  const ids = globalThis.isothermNodes || new Map(); // by builder.js
  const boxes = {};
  const nodes = {};
  const todo = [];
  for (const target of targets) {
    const [el, matches] = find(target);
    if (!el) continue;
    const rect = el.getBoundingClientRect();
    const box = { left: rect.left + scrollX, top: rect.top + scrollY, width: rect.width, height: rect.height, matches };
    const empty = !(rect.width > 0 && rect.height > 0);
    if (empty || !shown(el)) box.visible = false;
    else {
      if (isFixed(el)) box.fixed = true;
      if (!middle(rect, clip(el))) box.clipped = true;
      else todo.push([el, box]);
    }
    boxes[target.key || target.path] = box;
    if (ids.has(el)) nodes[target.key || target.path] = ids.get(el);
  }
  const anchors = {};
  for (const point of points) {
    // a click's place inside its element, at the click's own state
    const [el] = find(point);
    if (!el) continue;
    scrollTo(point.scroll[0], point.scroll[1]);
    const rect = el.getBoundingClientRect();
    if (!(rect.width > 0 && rect.height > 0)) continue;
    // the page of an app shell is its scroller's: a point inside moved with it
    const shell = globalThis.isothermShell;
    const [left, top] = shell && contains(shell, el) ? [shell.scrollLeft, shell.scrollTop] : [0, 0];
    anchors[point.id] = [
      (point.x - left - scrollX - rect.left) / rect.width, (point.y - top - scrollY - rect.top) / rect.height,
      rect.width, rect.height,
    ];
  }
  for (const [el, box] of todo) if (covered(el)) box.occluded = true;
  toTop();
  const root = document.documentElement;
  const body = document.body || root;
  const quirks = document.compatMode === 'BackCompat';
  const left = (el, side) => String(el.computedStyleMap().get(side)) === 'auto';
  const fitted = (img) => 'isothermFitted' in img.dataset;
  const free = (img) => left(img, 'height') && String(img.computedStyleMap().get('aspect-ratio')) === 'auto';
  const images = [...(globalThis.isothermImages || [])].filter(([img]) => shown(img) && (fitted(img) || free(img))).map(([img, node]) => {
    const rect = img.getBoundingClientRect();
    const around = getComputedStyle(img.parentElement || img);
    const room = (img.parentElement || img).clientWidth - parseFloat(around.paddingLeft) - parseFloat(around.paddingRight);
    return { node, top: rect.top + scrollY, width: rect.width, height: rect.height, any_width: left(img, 'width'), room, fitted: fitted(img) };
  });
  return JSON.stringify({
    boxes, nodes, anchors, images,
    width: Math.max(innerWidth, (quirks ? body : root).scrollWidth),
    height: (quirks ? body : root).scrollHeight,
  });
}
