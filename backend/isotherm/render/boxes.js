// Finds elements by their keys in a document and says where each is and whether a person sees it.
// One JSON string in, one out; the document is left scrolled to its top.
(text) => {
  const { targets, points } = JSON.parse(text);
  const cut = (key) => {
    // `::shadow ` is the SDKs' own mark: the rest of the key is meant inside the open shadow root;
    // `::frame ` is ours: inside the frame's document
    let roots = [document];
    const parts = key.split(/::(shadow|frame) /);
    for (let at = 0; at + 2 < parts.length; at += 2) {
      const into = parts[at + 1] === 'shadow' ? (el) => el.shadowRoot : (el) => el.contentDocument;
      roots = roots.flatMap((root) => [...root.querySelectorAll(parts[at])]).map(into).filter(Boolean);
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
  const GUESSED = 2; // from this one on, a path says less than where among its like the element stood
  const LOOSER = [
    (part) => part,
    (part) => (part.includes(':nth-of-type(') ? part.replace(/:nth-child\([^)]*\)/g, '') : part),
    (part) => part.replace(/:nth-child\([^)]*\)/g, ''),
    (part) => part.replace(/:nth-(child|of-type)\([^)]*\)/g, ''),
  ];
  // an id that no machine made names a region: what is outside of it is another element
  const regionsOf = (parts) => parts.map((part) => /#((?:\\.|[\w-])+)/.exec(part.replace(/\[[^\]]*\]/g, ''))?.[1]).filter((id) => id && !/\d/.test(id));
  const inside = (el, regions) => regions.every((id) => el.closest(`#${id}`));
  const tagOf = (part) => /^[\w-]+/.exec(part)?.[0].toLowerCase();
  const amidSuchTags = (el, parts) => {
    // whether what an element is in has the tags of the path, as far as that goes
    let around = el;
    for (const part of parts) {
      if (!around) return true;
      const tag = tagOf(part);
      if (tag && tag !== around.localName.toLowerCase()) return false;
      around = up(around);
    }
    return true;
  };
  const byPath = (path) => {
    const parts = segments(path);
    const whole = path.length < 2000 ? parts : parts.slice(0, -1); // the last one may be cut
    const regions = regionsOf(whole);
    for (const [number, loosen] of LOOSER.entries()) {
      let selector = '';
      let known = '';
      for (const part of parts) {
        selector = selector ? `${loosen(part)}>${selector}` : loosen(part);
        known = known ? `${part}>${known}` : part;
        const found = query(selector);
        if (found.length === 1 && inside(found[0], regions)) {
          return [found, (number >= GUESSED && selector !== known) || !amidSuchTags(found[0], whole)];
        }
        if (found.length < 2) break;
      }
    }
    return [[], false];
  };

  const opened = globalThis.isothermScroller; // by shell.js
  const heights = globalThis.isothermHeights;
  const frameOf = (el) => el.ownerDocument.defaultView?.frameElement ?? null;
  // what is not drawn at all (a slot's own content where another stands in it) has no style
  const px = (length) => parseFloat(length) || 0;
  const contentOf = (frame) => {
    // the corner of a frame's content, in the window that the frame is in
    const rect = frame.getBoundingClientRect();
    const style = getComputedStyle(frame);
    return [rect.left + frame.clientLeft + px(style.paddingLeft), rect.top + frame.clientTop + px(style.paddingTop)];
  };
  const seenAt = (el, rect) => {
    // a rectangle of the window of an element's document, in the main window
    let { left, top } = rect;
    for (let frame = frameOf(el); frame; frame = frameOf(frame)) {
      const [x, y] = contentOf(frame);
      left += x;
      top += y;
    }
    return new DOMRect(left, top, rect.width, rect.height);
  };
  const own = (el) => {
    // its rectangle in its own window; a straight line is as thick as its stroke
    const { left, top, width, height } = el.getBoundingClientRect();
    const line = !(width > 0 && height > 0) && el instanceof SVGGeometryElement && el.checkVisibility();
    const flat = line && getComputedStyle(el).stroke !== 'none' && el.getScreenCTM();
    if (!flat) return new DOMRect(left, top, width, height);
    const stroke = parseFloat(getComputedStyle(el).strokeWidth); // NaN: `calc(1% + 1px)`
    const thick = (Number.isNaN(stroke) ? 1 : stroke) * Math.sqrt(Math.abs(flat.a * flat.d - flat.b * flat.c));
    const [wide, high] = [width || thick, height || thick];
    return new DOMRect(left - (wide - width) / 2, top - (high - height) / 2, wide, high);
  };
  const rectOf = (el) => seenAt(el, own(el));
  const up = (el) => {
    if (el.assignedSlot || el.parentElement) return el.assignedSlot || el.parentElement;
    const root = el.getRootNode();
    return root instanceof ShadowRoot ? root.host : frameOf(el);
  };
  const contains = (el, hit) => { for (let at = hit; at; at = up(at)) if (at === el) return true; return false; };
  const at = (x, y) => {
    let hit = document.elementFromPoint(x, y);
    while (hit && (hit.shadowRoot || hit.contentDocument)) {
      if (!hit.shadowRoot) {
        const [left, top] = contentOf(hit);
        x -= left;
        y -= top;
      }
      const inner = (hit.shadowRoot || hit.contentDocument).elementFromPoint(x, y);
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
  // what is transparent and takes the clicks all the same: the input over a drawn switch, the buttons of a row that
  // are seen when the pointer is over it
  const transparent = (el) => !shown(el) && el.checkVisibility({ visibilityProperty: true });

  const clip = (el) => {
    // the rectangle (px of the main window) left by the overflow ancestors that clip this element
    const left = { x0: -Infinity, y0: -Infinity, x1: Infinity, y1: Infinity };
    const across = (x0, x1) => { left.x0 = Math.max(left.x0, x0); left.x1 = Math.min(left.x1, x1); };
    const down = (y0, y1) => { left.y0 = Math.max(left.y0, y0); left.y1 = Math.min(left.y1, y1); };
    let position = getComputedStyle(el).position;
    for (let below = el, a = up(el); a; below = a, a = up(a)) {
      const style = getComputedStyle(a);
      if (below.ownerDocument !== a.ownerDocument) {
        const rect = rectOf(a);
        across(rect.left, rect.right);
        down(rect.top, rect.bottom);
        position = style.position;
        continue;
      }
      const top = a === a.ownerDocument.body || a === a.ownerDocument.documentElement; // these clip nothing
      if (top || position === 'fixed') continue;
      if (position === 'absolute' && style.position === 'static' && style.transform === 'none') continue;
      const rect = rectOf(a);
      if (a === opened) { across(rect.left, rect.right); break; } // the page
      if (style.overflowX !== 'visible') across(rect.left, rect.right);
      if (style.overflowY !== 'visible') down(rect.top, rect.bottom);
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
    const rect = rectOf(el);
    const right = (rect.left + rect.right) / 2 - innerWidth / 2;
    const down = (rect.top + rect.bottom) / 2 - innerHeight / 2;
    if (opened && opened !== el && contains(opened, el)) opened.scrollTop += down;
    else scrollTo(scrollX + right, scrollY + down);
  };
  const SHAPES = 8;
  const outline = (el) => {
    // points on the lines of a drawing: the middle of a shape of strokes is empty
    const shapes = el instanceof SVGGeometryElement ? [el] : el.ownerSVGElement ? [...el.querySelectorAll('*')].filter((one) => one instanceof SVGGeometryElement).slice(0, SHAPES) : [];
    return shapes.flatMap((shape) => {
      const toScreen = shape.getScreenCTM();
      const length = toScreen ? shape.getTotalLength() : 0;
      if (!(length > 0)) return []; // an empty path has no points to ask for
      return [0.1, 0.3, 0.5, 0.7, 0.9].map((part) => {
        const { x, y } = seenAt(shape, new DOMRect(...(({ x, y }) => [x, y, 0, 0])(shape.getPointAtLength(length * part).matrixTransform(toScreen))));
        return [x, y];
      });
    });
  };
  const SPOTS = [[0.5, 0.5], [0.25, 0.25], [0.75, 0.25], [0.25, 0.75], [0.75, 0.75]];
  const drawing = (el) => {
    // the whole drawing that a shape is part of: what is painted under the pointer only takes no point until then
    let whole = el;
    while (whole instanceof SVGElement && whole.ownerSVGElement) whole = whole.ownerSVGElement;
    return whole;
  };
  const covered = (el) => {
    toMiddle(el);
    const limit = clip(el);
    const whole = drawing(el);
    const hits = ([x, y]) => { const hit = at(x, y); return hit && contains(whole, hit); };
    const seen = (rect) => {
      const x0 = Math.max(rect.left, limit.x0, 0);
      const y0 = Math.max(rect.top, limit.y0, 0);
      const x1 = Math.min(rect.right, limit.x1, innerWidth);
      const y1 = Math.min(rect.bottom, limit.y1, innerHeight);
      if (x1 <= x0 || y1 <= y0) return false;
      return SPOTS.some(([fx, fy]) => hits([x0 + (x1 - x0) * fx, y0 + (y1 - y0) * fy]));
    };
    if (seen(rectOf(el)) || [...el.getClientRects()].slice(0, 4).some((rect) => seen(seenAt(el, rect)))) return false;
    return !outline(el).some(hits);
  };

  const documents = [document];
  for (const one of documents) documents.push(...[...one.querySelectorAll('iframe')].map((frame) => frame.contentDocument).filter(Boolean));
  for (const animation of documents.flatMap((one) => one.getAnimations())) {
    try { animation.finish(); } catch { animation.cancel(); } // an endless one has no end to go to
  }
  scrollTo(-1e7, 0);
  const before = -scrollX; // px of a right-to-left page that lie left of its start: a picture begins with them
  const toTop = () => { scrollTo(0, 0); if (opened) opened.scrollTop = 0; };
  toTop();

  const find = (target) => {
    let found = target.key ? query(target.key) : [];
    let guessed = false;
    if (found.length === 0 && target.path) [found, guessed] = byPath(target.path);
    // one that only happens to be alone where several stood is one of several
    return [found.find(shown) || found[0], found.length + (guessed ? 1 : 0)];
  };
  const ids = globalThis.isothermNodes || new Map(); // by builder.js
  const boxes = {};
  const nodes = {};
  const todo = [];
  for (const target of targets) {
    const [el, matches] = find(target);
    if (!el) continue;
    const seen = rectOf(el);
    const rect = [seen.left, seen.top, seen.width, seen.height].every(Number.isFinite) ? seen : new DOMRect();
    const box = { left: rect.left + scrollX + before, top: rect.top + scrollY, width: rect.width, height: rect.height, matches };
    const empty = !(rect.width > 0 && rect.height > 0);
    if (empty || !(shown(el) || transparent(el))) box.visible = false;
    else {
      if (isFixed(el)) box.fixed = true;
      if (heights?.has(el) && rect.height > heights.get(el) + 1) box.grown = true;
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
    const rect = own(el);
    if (![rect.left, rect.top, 1 / rect.width, 1 / rect.height].every(Number.isFinite)) continue;
    // the page of an app shell is its scroller's: a point inside moved with it
    const shell = globalThis.isothermShell;
    let [left, top] = shell && contains(shell, el) ? [shell.scrollLeft, shell.scrollTop] : [0, 0];
    if (!point.framed) { left += scrollX; top += scrollY; }
    else left = top = 0; // a point of the frame's own window
    anchors[point.id] = [(point.x - left - rect.left) / rect.width, (point.y - top - rect.top) / rect.height, rect.width, rect.height];
  }
  for (const [el, box] of todo) if (covered(el)) { if (shown(el)) box.occluded = true; else box.visible = false; }
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
    const room = (img.parentElement || img).clientWidth - px(around.paddingLeft) - px(around.paddingRight);
    return { node, top: rect.top + scrollY, width: rect.width, height: rect.height, any_width: left(img, 'width'), room, fitted: fitted(img) };
  });
  for (const [part, node] of globalThis.isothermHidden || []) {
    const rect = part.getBoundingClientRect();
    if (rect.height > 0) images.push({ node, top: rect.top + scrollY, width: rect.width, height: rect.height, any_width: false, room: rect.width, fitted: fitted(part), hidden: true });
  }
  return JSON.stringify({
    boxes, nodes, anchors, images, before,
    width: Math.max(innerWidth, (quirks ? body : root).scrollWidth),
    height: (quirks ? body : root).scrollHeight,
  });
}
