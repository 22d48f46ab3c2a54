// Builds a recorded document with DOM calls only: allow-listed, loops, one JSON string in and out.
// What it asks for (images, fonts, sheets) is answered by `request_interception.py`; `isothermFinish` is called when that is over.
// Runs in an isolated world of a blank page whose own scripts are off.
(text) => {
  const { page: state, control_font, mobile } = JSON.parse(text);
  const SVG = 'http://www.w3.org/2000/svg';
  const MAX_DEPTH = 500; // layout engines recurse; deeper nodes are left out and counted
  const NAME = /^[A-Za-z][A-Za-z0-9._:-]*$/;
  const SIZE = /^\d+(\.\d+)?px$/;
  const EMPTY = new Set(['script', 'meta', 'base', 'template', 'noscript', 'title']);
  const BOXES = new Set(['iframe', 'frame', 'object', 'embed', 'video', 'audio', 'canvas', 'applet', 'portal', 'fencedframe']);
  const MOVING = new Set(['animate', 'animatetransform', 'animatemotion', 'set', 'script', 'discard']);
  // names that load, navigate, run or take the focus; all of `on*` too
  const FORBIDDEN = new Set(('href src srcset xlink:href srcdoc http-equiv content autofocus target ping background action formaction ' +
    'nonce integrity is download manifest cite data codebase archive classid code longdesc profile usemap poster ' +
    'lowsrc dynsrc imagesrcset imagesizes sizes loading rel autoplay object sandbox allow csp attributionsrc ' +
    'shadowrootmode popovertarget command commandfor http xml:base from to by values').split(' '));
  const SHAPE = 1.5; // width of most images, in heights
  const count = { nodes: 0, sheets: 0, missing_sheets: 0, too_deep: 0, texts: 0, masked: 0, starred: 0, plain: 0 };

  // rrweb says how a dialog was opened; Datadog and Guance do not, and pages mostly open theirs as modal ones
  const modal = (node) => String(node.tag).toLowerCase() === 'dialog' && !node.svg && 'open' in (node.attrs || {}) &&
    node.attrs.rr_open_mode !== 'non-modal';
  const moved = (node) => Boolean(node.scroll && (node.scroll[0] || node.scroll[1]));

  const SIZELESS = 'data:image/svg+xml,' + encodeURIComponent(`<svg xmlns="${SVG}">`);
  const held = (attrs) => [attrs.src, attrs.rr_dataURL].find((one) => typeof one === 'string' && /^data:image\//i.test(one));
  const FETCHED = /^(?!\s*(?:#|(?:javascript|data|blob|file|about|filesystem|chrome|view-source):))\s*\S/i;
  const fetched = (value) => typeof value === 'string' && FETCHED.test(value);
  const picture = (attrs, usual) => {
    const src = held(attrs);
    if (src) return src;
    let [w, h] = [parseFloat(attrs.width), parseFloat(attrs.height)];
    if (usual) [w, h] = [w >= 0 ? w : usual[0], h >= 0 ? h : usual[1]];
    const known = w > 0 && h > 0 && !/%/.test(attrs.width + attrs.height);
    const size = known ? ` width="${w}" height="${h}"` : '';
    const svg = `<svg xmlns="${SVG}"${size}><rect width="100%" height="100%" fill="#d9dde3"/></svg>`;
    return 'data:image/svg+xml,' + encodeURIComponent(svg);
  };

  // what costs seconds to draw and moves nothing is drawn more cheaply
  const BLUR_PX = 40;
  const PX = { px: 1, pt: 4 / 3, pc: 16, in: 96, cm: 37.8, mm: 3.78, q: 0.945 };
  const blurs = /\b(blur\(\s*)([\d.e+]+)([a-z]*)/gi;
  const FILTERED = 20;
  let filters = false;
  let skipping = false;
  const tamed = (css) => (skipping ||= css.includes('content-visibility'), (filters ||= /filter/i.test(css)) && /blur\(/i.test(css)
    ? css.replace(blurs, (all, head, size, unit) => (parseFloat(size) * (PX[unit.toLowerCase()] || 16) > BLUR_PX ? `${head}${BLUR_PX}px` : all))
    : css);
  const FILTER_PARTS = new Set(['feturbulence', 'fediffuselighting', 'fespecularlighting', 'femorphology', 'feconvolvematrix', 'feimage', 'fetile', 'fedisplacementmap']);

  const setAttributes = (el, node, tag) => {
    for (const [name, value] of Object.entries(node.attrs || {})) {
      const lower = name.toLowerCase();
      if (lower.startsWith('on') || FORBIDDEN.has(lower) || lower.startsWith('rr_') || lower === '_csstext') continue;
      if (value === null || value === false || typeof value === 'object') continue;
      if (lower.startsWith('data-') && /^\*+$/.test(value)) count.starred += 1;
      try { el.setAttribute(name, value === true ? '' : lower === 'style' ? tamed(String(value)) : String(value)); } catch { /* not a name: the page had none either */ }
    }
    const attrs = node.attrs || {};
    const href = attrs.href ?? attrs['xlink:href'];
    if (href !== undefined && (tag === 'a' || tag === 'area') && !node.svg) el.setAttribute('href', '#');
    if (node.svg && typeof href === 'string') {
      if (tag === 'use') { if (href.startsWith('#') || fetched(href)) el.setAttribute('href', href); }
      else if (/gradient$|^pattern$|^textpath$/.test(tag)) { if (href.startsWith('#')) el.setAttribute('href', href); }
      else if (tag === 'image' && (fetched(href) || /^data:image\/(png|jpeg|gif|webp)/i.test(href))) el.setAttribute('href', href);
    }
  };

  const images = (globalThis.isothermImages = new Map()); // those without a size of their own -> node
  const parts = (globalThis.isothermHidden = new Map()); // hidden for privacy: their margins are not recorded -> node
  const asked = new Map(); // img -> node, of those whose file is asked for
  const links = []; // of sheets that are asked for
  const put = (el, node) => {
    el.setAttribute('src', picture(node.attrs || {}));
    if (el.src.startsWith(SIZELESS)) images.set(el, node.id);
  };

  const style = (sheets) => {
    const el = document.createElement('style');
    el.textContent = sheets.filter((sheet) => !sheet.disabled).map((sheet) => {
      const media = sheet.media && sheet.media !== 'all' && !/[{}]/.test(sheet.media) ? sheet.media : '';
      const text = tamed(sheet.text);
      return media ? `@media ${media} {\n${text}\n}` : text;
    }).join('\n');
    count.sheets += 1;
    return el;
  };

  const element = (node) => {
    const tag = String(node.tag).toLowerCase();
    if (!NAME.test(tag) || (node.svg && MOVING.has(tag))) return null;
    if (node.svg && FILTER_PARTS.has(tag)) { count.plain += 1; return null; }
    if ((tag === 'style' || tag === 'link') && node.css && node.css.length) {
      const el = style(node.css);
      if (node.attrs && node.attrs.id) el.id = String(node.attrs.id);
      return el;
    }
    if (tag === 'link') {
      const el = document.createElement('link');
      if (node.missing_css) {
        count.sheets += 1;
        if (fetched(node.attrs.href)) {
          for (const name of ['media', 'title']) if (node.attrs[name]) el.setAttribute(name, String(node.attrs[name]));
          el.rel = /\balternate\b/i.test(node.attrs.rel || '') ? 'alternate stylesheet' : 'stylesheet';
          el.href = node.attrs.href;
          links.push(el);
        } else count.missing_sheets += 1;
      }
      return el;
    }
    if (tag === 'style') {
      if (node.missing_css) { count.sheets += 1; count.missing_sheets += 1; }
      return document.createElement('style');
    }
    if (EMPTY.has(tag)) return document.createElement(tag);
    const el = node.svg ? document.createElementNS(SVG, node.tag) : document.createElement(tag);
    setAttributes(el, node, tag);
    if (node.svg) {
      if (parseFloat(el.getAttribute('stdDeviation')) > BLUR_PX / 2) el.setAttribute('stdDeviation', String(BLUR_PX / 2));
      return el;
    }
    if (tag === 'img' || (tag === 'input' && /^image$/i.test((node.attrs || {}).type || ''))) {
      const attrs = node.attrs || {};
      el.setAttribute('loading', 'eager');
      el.setAttribute('decoding', 'sync');
      if (!held(attrs) && (fetched(attrs.src) || fetched(attrs.srcset))) {
        for (const name of ['sizes', 'srcset', 'src']) if (fetched(attrs[name])) el.setAttribute(name, attrs[name]);
        asked.set(el, node);
      } else put(el, node);
    } else if (tag === 'source') {
      for (const name of ['sizes', 'srcset']) if (fetched((node.attrs || {})[name])) el.setAttribute(name, node.attrs[name]);
    } else if (tag === 'canvas') {
      el.style.content = `url("${picture(node.attrs || {}, [300, 150])}")`; // without scripts it has no size of its own
    } else if (BOXES.has(tag)) {
      if (tag === 'video' && fetched((node.attrs || {}).poster)) el.setAttribute('poster', node.attrs.poster);
      el.style.backgroundColor = '#d9dde3';
      if (tag === 'object' || tag === 'embed') el.style.display = 'inline-block';
    }
    const size = node.hidden_size;
    if (size && SIZE.test(size[0]) && SIZE.test(size[1])) {
      el.style.setProperty('width', size[0], 'important');
      el.style.setProperty('height', size[1], 'important');
      el.style.setProperty('background', '#c9ced6 padding-box', 'important');
      el.style.setProperty('box-sizing', 'border-box', 'important');
      if (tag === 'span' || tag === 'a' || tag === 'b' || tag === 'i' || tag === 'label') el.style.setProperty('display', 'inline-block');
      else parts.set(el, node.id);
    }
    return el;
  };

  const adopt = (root, sheets) => {
    const kept = [];
    for (const sheet of sheets || []) {
      if (sheet.disabled) continue;
      const made = new (root.ownerDocument || root).defaultView.CSSStyleSheet(sheet.media ? { media: sheet.media } : {});
      made.replaceSync(tamed(sheet.text));
      kept.push(made);
    }
    root.adoptedStyleSheets = kept;
  };

  while (document.firstChild && document.firstChild.nodeType !== 10) document.removeChild(document.firstChild);
  while (document.lastChild && document.lastChild.nodeType !== 10) document.removeChild(document.lastChild);

  globalThis.isothermShell = globalThis.isothermScroller = globalThis.isothermHeights = globalThis.isothermFixed = null; // of the document before
  const ids = (globalThis.isothermNodes = new Map()); // element -> id, for boxes.js
  const built = new Map(); // id -> {at: Node, depth, closed}
  const MAX_FRAMES = 40; // with a document of their own
  const frames = [];
  const enter = (el, node) => {
    // an empty document inside a frame, in the mode of the recorded one
    const inside = el.localName === 'iframe' && frames.length < MAX_FRAMES && el.contentDocument;
    if (!inside) return null;
    inside.open();
    inside.write(node.text === 'quirks' ? '' : '<!doctype html>');
    inside.close();
    while (inside.lastChild && inside.lastChild.nodeType !== 10) inside.removeChild(inside.lastChild);
    el.style.backgroundColor = '';
    frames.push([inside, node]);
    return inside;
  };
  const shadows = [];
  const late = []; // what needs the finished tree
  for (const node of state.nodes) {
    const parent = node.parent === -1 ? { at: document, depth: 0, closed: false } : built.get(node.parent);
    if (node.tag === '#document' && parent && parent.depth < MAX_DEPTH) {
      const inside = enter(parent.at, node);
      if (inside) { built.set(node.id, { at: inside, depth: parent.depth + 1, closed: false }); continue; }
    }
    if (!parent || parent.closed) { if (parent) built.set(node.id, parent); continue; }
    if (parent.depth >= MAX_DEPTH) { count.too_deep += 1; continue; }
    if (node.tag === '#text') {
      const words = String(node.text ?? '');
      if (parent.at.nodeType !== 9) parent.at.appendChild(document.createTextNode(words));
      if (/\S{3}/.test(words)) { count.texts += 1; if (/^[x\s]+$|^[*\s]+$/.test(words)) count.masked += 1; }
      continue;
    }
    if (node.tag === '#shadow-root') {
      try {
        const root = parent.at.attachShadow({ mode: 'open' });
        adopt(root, node.css);
        shadows.push(root);
        built.set(node.id, { at: root, depth: parent.depth + 1, closed: false });
      } catch { count.too_deep += 1; }
      continue;
    }
    if (String(node.tag).startsWith('#')) continue;
    const el = element(node);
    if (el === null || (parent.at.nodeType === 9 && parent.at.documentElement)) continue;
    parent.at.appendChild(el);
    ids.set(el, node.id);
    count.nodes += 1;
    const tag = el.localName;
    const closed = EMPTY.has(tag) || tag === 'style' || tag === 'link' || (BOXES.has(tag) && tag !== 'object');
    built.set(node.id, { at: el, depth: parent.depth + 1, closed });
    if (node.id === state.shell_scroller) globalThis.isothermShell = el; // for shell.js and boxes.js
    const opened = (state.open_popovers || []).includes(node.id);
    if (opened) late.push([el, { ...node, popover: true }]);
    else if (node.value != null || node.checked != null || node.selected != null || moved(node) || modal(node)) late.push([el, node]);
  }
  if (!document.documentElement) document.appendChild(document.createElement('html'));
  if (!document.body && document.documentElement.localName === 'html') document.documentElement.appendChild(document.createElement('body'));

  adopt(document, state.sheets);
  const own = new CSSStyleSheet();
  const OWN = '*,*::before,*::after{caret-color:transparent!important;transition:none!important}' +
    'html,body{scroll-behavior:auto!important}noscript{display:none!important}';
  own.replaceSync(OWN);
  for (const [inside, node] of frames) {
    if (!inside.documentElement) inside.appendChild(inside.createElement('html'));
    const last = inside.createElement('style');
    last.textContent = OWN;
    inside.documentElement.append(...(node.css && node.css.length ? [style(node.css)] : []), last);
  }
  let fonts = [];
  globalThis.isothermFont = (family) => {
    for (const first of fonts) first.remove();
    fonts = [];
    for (const root of family ? [document.head, ...shadows, ...frames.map(([inside]) => inside.head)] : []) {
      // the first sheet is the weakest: any rule of the page wins over it
      const first = document.createElement('style');
      first.textContent = `:where(button,input,select,textarea){font-family:${family}}`;
      if (root) { root.prepend(first); fonts.push(first); }
    }
  };
  globalThis.isothermFont(control_font);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, own];
  if (mobile && document.head) {
    const meta = document.createElement('meta');
    meta.name = 'viewport';
    meta.content = 'width=device-width, initial-scale=1';
    document.head.appendChild(meta);
  }

  globalThis.isothermFit = (sizes) => {
    for (const [el, node] of images) {
      if (!sizes[node]) continue;
      const [width, height] = sizes[node];
      for (const [side, px] of [['width', width], ['height', height]]) el.style.setProperty(side, `${px}px`, 'important');
      for (const [name, value] of [['box-sizing', 'border-box'], ['max-height', 'none'], ['max-width', 'none']]) el.style.setProperty(name, value, 'important');
      el.dataset.isothermFitted = '';
    }
    for (const [el, node] of parts) {
      if (!sizes[node]) continue;
      // a margin would collapse with those around it, whose heights are known
      const room = sizes[node][1] - parseFloat(el.style.height);
      el.style.setProperty('border-top', `${room}px solid transparent`, 'important');
      el.style.setProperty('height', `${sizes[node][1]}px`, 'important');
      el.dataset.isothermFitted = '';
    }
  };
  globalThis.isothermFinish = (served) => {
    const had = new Map(Object.entries(served)); // URL -> media type
    for (const el of links) {
      // Chromium gives an empty sheet to a link that could not be loaded
      if (had.has(el.href.replace(/#.*/, ''))) filters = skipping = true; // what it says is not known here
      else { count.missing_sheets += 1; el.removeAttribute('rel'); }
    }
    for (const [el, node] of asked) {
      if (el.localName === 'input' ? had.has(el.src) : el.naturalWidth > 0 || had.get(el.currentSrc) === 'image/svg+xml') continue;
      if (el.parentNode && el.parentNode.localName === 'picture') for (const source of el.parentNode.querySelectorAll('source')) source.removeAttribute('srcset');
      el.removeAttribute('srcset');
      put(el, node);
    }
    for (const el of images.keys()) {
      // what has neither size nor shape fills its line where the page gives only one of them
      const css = el.computedStyleMap();
      const [width, height, shape] = ['width', 'height', 'aspect-ratio'].map((name) => String(css.get(name)));
      if (width !== 'auto') continue;
      if (/^[\d.]+px$/.test(height) && shape === 'auto') el.style.width = `min(100%, ${parseFloat(height) * SHAPE}px)`;
      else if (height === 'auto' && shape !== 'auto') el.style.width = 'min(100%, 300px)';
    }
    globalThis.isothermFit(state.image_sizes || {});

    for (const [el, node] of late) {
      if (node.value != null && 'value' in el && el.type !== 'file') el.value = String(node.value);
      if (node.checked != null && 'checked' in el) el.checked = Boolean(node.checked);
      if (node.selected != null && el.localName === 'option') el.selected = Boolean(node.selected);
      if (node.popover && el.popover !== null) el.showPopover();
      if (modal(node)) {
        el.removeAttribute('open');
        el.showModal();
      }
    }
    // sections that the browser would skip are in the picture; they contain what is in them as before
    if (skipping) {
      for (const root of [document, ...shadows, ...frames.map(([inside]) => inside)]) {
        for (const el of root.querySelectorAll('*')) {
          if (getComputedStyle(el).contentVisibility !== 'auto') continue;
          el.style.setProperty('content-visibility', 'visible', 'important');
          el.style.setProperty('contain', 'layout style paint', 'important');
        }
      }
    }
    // each filtered element is a surface of its own
    if (filters) {
      let most = FILTERED;
      for (const root of [document, ...shadows, ...frames.map(([inside]) => inside)]) {
        for (const el of root.querySelectorAll('*')) {
          const drawn = getComputedStyle(el);
          if (drawn.filter === 'none' && drawn.backdropFilter === 'none') continue;
          if (most-- > 0) continue;
          // `opacity(1)` draws nothing anew, and still is what fixed elements inside hang on
          if (drawn.filter !== 'none') el.style.setProperty('filter', 'opacity(1)', 'important');
          if (drawn.backdropFilter !== 'none') el.style.setProperty('backdrop-filter', 'opacity(1)', 'important');
          count.plain += 1;
        }
      }
    }

    for (const [el, node] of late) {
      if (moved(node) && el !== document.documentElement && el !== document.body) {
        el.scrollLeft = node.scroll[0];
        el.scrollTop = node.scroll[1];
      }
    }
    for (const [inside, node] of frames) if (moved(node)) inside.defaultView.scrollTo(...node.scroll);
    return JSON.stringify(count);
  };
  return '{}';
}
