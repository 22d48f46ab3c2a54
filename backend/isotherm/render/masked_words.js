// Gives masked texts the room that their true words took, as far as that is known.
// A mask keeps the number of letters, not their width. Stars and letters of wide scripts first become as wide as letters
// mostly are. Then clicked elements get the width and the place that were recorded with the click: by spreading or
// tightening their letters and those beside and above them. Nothing but letters is touched, so what the page decides
// itself stays, and what does not come out as recorded is left as it was.
// In: `spaces` found before, node -> [px, letters], and `wanted`, node -> {size, corner, point} in px of the page.
// Out: the spaces that were found now.
(text) => {
  const { spaces, wanted } = JSON.parse(text);
  const MASKED = /^[x\s]+$|^[*\s]+$/;
  const SIZE_PX = 1;
  const PLACE_PX = 1.5;
  const FAR_PX = 200; // nothing is worse than to be so far away
  const MOST_TEXTS = 40; // of one element
  const [BEFORE, AFTER] = [8, 3]; // texts around an element that may have moved it
  const [TIGHT, WIDE] = [-0.5, 1]; // of the font's size, per letter
  const STEPS = [0.03, 0.06, 0.1, 0.15]; // the same, tried to break lines elsewhere
  const SCRIPTS = [[/^(zh|ja)\b/i, '文'], [/^ko\b/i, '글']];
  let layouts = 150; // asked for, at most

  for (const [el, before] of globalThis.isothermSpread || []) el.style.setProperty('letter-spacing', ...before);
  const spread = (globalThis.isothermSpread = new Map()); // element -> the letter spacing that it had inline
  const nodes = globalThis.isothermNodes || new Map();

  // elements with masked letters of their own -> what is known of them
  const masked = new Map();
  const pen = document.createElement('canvas').getContext('2d');
  const widths = new Map();
  const usual = (letter, style, language) => {
    const script = SCRIPTS.find(([named]) => named.test(language || ''));
    if (letter !== '*' && !script) return 0; // an x is as wide as most letters
    const font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    const key = `${letter} ${font} ${script}`;
    if (!widths.has(key)) {
      pen.font = font;
      widths.set(key, pen.measureText(script ? script[1] : 'x').width - pen.measureText(letter).width);
    }
    return widths.get(key);
  };
  for (const el of nodes.keys()) {
    let words = '';
    for (let child = el.firstChild; child; child = child.nextSibling) if (child.nodeType === 3) words += child.data;
    words = words.trim();
    if (!words || !MASKED.test(words) || !(el instanceof HTMLElement)) continue;
    const style = getComputedStyle(el);
    const more = words.length > 1 ? usual(words[0], style, el.closest('[lang]')?.lang) : 0;
    masked.set(el, { own: parseFloat(style.letterSpacing) || 0, more, letters: words.length, size: parseFloat(style.fontSize) || 16 });
  }
  const put = (el, more) => {
    const known = masked.get(el);
    if (!spread.has(el)) spread.set(el, [el.style.getPropertyValue('letter-spacing'), el.style.getPropertyPriority('letter-spacing')]);
    known.more = more;
    el.style.setProperty('letter-spacing', `${known.own + more}px`, 'important');
  };
  for (const [el, known] of masked) {
    const [more, letters] = spaces[nodes.get(el)] || [];
    if (letters === known.letters) put(el, more);
    else if (known.more) put(el, known.more);
  }

  scrollTo(0, 0);
  const rectOf = (el) => { layouts -= 1; return el.getBoundingClientRect(); };
  const found = new Map(); // element -> its letters have the room they had
  const allowed = (el, more) => more >= TIGHT * masked.get(el).size && more <= WIDE * masked.get(el).size;
  const fit = (el, [width, height]) => {
    const first = rectOf(el);
    if (Math.abs(first.width - width) <= SIZE_PX) return;
    const texts = [];
    const walker = document.createTreeWalker(el, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (!node.data.trim()) continue;
      if (!masked.has(node.parentElement) || texts.length >= MOST_TEXTS) return;
      if (!found.has(node.parentElement) && !texts.includes(node.parentElement)) texts.push(node.parentElement);
    }
    const before = texts.map((one) => masked.get(one).more);
    const letters = texts.reduce((sum, one) => sum + masked.get(one).letters, 0);
    let [at, last] = [0, first.width];
    let next = (width - first.width) / letters;
    for (let tries = 0; letters && tries < 4 && texts.every((one, n) => allowed(one, before[n] + next)); tries++) {
      texts.forEach((one, n) => put(one, before[n] + next));
      const now = rectOf(el);
      const lower = Math.abs(now.height - height) <= Math.max(SIZE_PX, Math.abs(first.height - height));
      if (Math.abs(now.width - width) <= SIZE_PX / 2 && lower) {
        for (const one of texts) found.set(one, true);
        return;
      }
      const slope = (now.width - last) / (next - at);
      if (!(slope > 0.5)) break; // its width does not follow its words
      [at, last] = [next, now.width];
      next += (width - now.width) / slope;
    }
    texts.forEach((one, n) => put(one, before[n]));
  };

  const asked = [...nodes].filter(([, node]) => wanted[node]).map(([el, node]) => [el, wanted[node]]);
  const beyond = (at, start, length) => Math.min(0, at - start) + Math.max(0, at - start - length);
  const lacks = (el, { corner, point }) => {
    // how far right and down its true place is
    const { left, top, width, height } = rectOf(el);
    if (corner) return [corner[0] - left - scrollX, corner[1] - top - scrollY];
    return point ? [beyond(point[0], left + scrollX, width), beyond(point[1], top + scrollY, height)] : [0, 0];
  };
  const there = ([dx, dy]) => Math.max(Math.abs(dx), Math.abs(dy)) <= PLACE_PX;
  const all = () => asked.reduce((sum, [el, place]) => sum + Math.min(FAR_PX, Math.hypot(...lacks(el, place))), 0);
  const around = (el, beside) => {
    const row = el.getBoundingClientRect();
    const texts = [...masked.keys()].filter((one) => {
      if (found.has(one) || one === el || el.contains(one)) return false;
      const { top, bottom, width } = one.getBoundingClientRect();
      return width > 0 && (beside ? top < row.bottom && bottom > row.top : true);
    });
    const after = texts.findIndex((one) => el.compareDocumentPosition(one) & 4);
    const cut = after < 0 ? texts.length : after;
    return [...texts.slice(Math.max(0, cut - BEFORE), cut).reverse(), ...texts.slice(cut, cut + AFTER)];
  };
  const settle = (el, place) => {
    let off = lacks(el, place);
    if (there(off)) return;
    const start = all();
    const undo = new Map();
    const change = (one, more) => { if (!undo.has(one)) undo.set(one, masked.get(one).more); put(one, more); };
    if (Math.abs(off[1]) > PLACE_PX) {
      // lines break elsewhere
      const signs = off[1] > 0 ? [1, -1] : [-1, 1];
      for (const one of around(el, false)) {
        if (layouts < 0 || Math.abs(off[1]) <= PLACE_PX) break;
        const { more, size } = masked.get(one);
        const tried = signs.flatMap((sign) => STEPS.map((step) => more + sign * step * size));
        const right = tried.find((px) => {
          if (layouts < 0) return false;
          change(one, px);
          off = lacks(el, place);
          return Math.abs(off[1]) <= PLACE_PX;
        });
        if (right === undefined) change(one, more);
      }
      off = lacks(el, place);
    }
    if (Math.abs(off[1]) <= PLACE_PX && !there(off)) {
      for (const one of around(el, true)) {
        const { more, letters } = masked.get(one);
        let [at, last] = [more, off[0]];
        let next = more + off[0] / letters;
        for (let tries = 0; tries < 3 && layouts > 0 && !there(off) && allowed(one, next); tries++) {
          change(one, next);
          off = lacks(el, place);
          const slope = (off[0] - last) / (next - at);
          if (there(off) || !(Math.abs(slope) > 0.2)) break;
          [at, last] = [next, off[0]];
          next -= off[0] / slope;
        }
        if (there(off)) break;
        change(one, more);
        off = lacks(el, place);
      }
    }
    if (there(off) && all() < start) for (const one of undo.keys()) found.set(one, true);
    else for (const [one, more] of undo) put(one, more);
  };
  // what is inside comes first, then from top to bottom
  for (const [el, { size }] of [...asked].reverse()) if (size && layouts > 0) fit(el, size);
  for (const [el, place] of asked) if (layouts > 0) settle(el, place);
  return JSON.stringify(Object.fromEntries([...found.keys()].map((el) => [nodes.get(el), [masked.get(el).more, masked.get(el).letters]])));
}
