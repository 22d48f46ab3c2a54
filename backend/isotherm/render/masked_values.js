// Gives masked `data-*` attributes the values that style sheets ask for, as far as clicks and roles tell them.
// Datadog's `mask` writes stars for every `data-*` value, so `[data-theme="dark"] .moon { display: block }` applies to nothing.
// What a value was is told by what was clicked: it was to be seen, and had its recorded size. Each value that a style
// sheet names is tried on the clicked element and on those around it; roles say the rest.
// In: `values` to start from, node -> {name: value}, and `clicked`, [[node, [width, height] or null], ...] in order.
// Out: `values` found now, and `hidden`: the clicked nodes that no values show together with those before them.
(text) => {
  const { values, clicked } = JSON.parse(text);
  const STARS = /^\*+$/;
  const NAMED = /\[(data-[\w-]+)[~|^$*]?="([^"\\]*)"/g; // as browsers write selectors
  const SIZE_PX = 2;
  const MOST_LETTERS = 4e6;
  const MOST_VALUES = 12; // of one name
  const MOST_AROUND = 16; // elements from a clicked one outwards
  const until = performance.now() + 1500; // each try lays the page out anew
  let tries = 300;

  for (const [el, names] of globalThis.isothermValues || []) for (const [name, before] of Object.entries(names)) el.setAttribute(name, before);
  const changed = (globalThis.isothermValues = new Map()); // element -> {name: the value that was recorded}
  const nodes = globalThis.isothermNodes || new Map();
  const known = new Map([...nodes].map(([el, node]) => [node, el]));
  const put = (el, name, value) => {
    if (!changed.has(el)) changed.set(el, {});
    changed.get(el)[name] ??= el.getAttribute(name);
    el.setAttribute(name, value);
  };
  const masked = new Map(); // element -> names
  for (const el of nodes.keys()) {
    for (const { name, value } of el.attributes) {
      if (name.startsWith('data-') && STARS.test(value)) masked.set(el, [...(masked.get(el) || []), name]);
    }
  }
  if (!masked.size) return JSON.stringify({ values: {}, hidden: [] });
  for (const [node, names] of Object.entries(values)) {
    const el = known.get(Number(node));
    if (el) for (const [name, value] of Object.entries(names)) if ((masked.get(el) || []).includes(name)) put(el, name, value);
  }

  const asked = new Map(); // name -> the values that style sheets ask for
  let letters = 0;
  const read = (rules) => {
    for (const rule of rules) {
      if (letters > MOST_LETTERS) return;
      const selector = rule.selectorText || '';
      letters += selector.length;
      if (selector.includes('[data-')) {
        for (const [, name, value] of selector.matchAll(NAMED)) {
          if (!asked.has(name)) asked.set(name, new Set());
          if (asked.get(name).size < MOST_VALUES) asked.get(name).add(value);
        }
      }
      if (rule.cssRules) read(rule.cssRules);
    }
  };
  const roots = new Set([document]);
  for (const el of nodes.keys()) roots.add(el.getRootNode());
  for (const root of roots) {
    for (const sheet of [...(root.styleSheets || []), ...(root.adoptedStyleSheets || [])]) {
      try { read(sheet.cssRules); } catch { /* of another site: its rules cannot be read */ }
    }
  }
  const found = {};
  const keep = (el, name, value) => {
    put(el, name, value);
    (found[nodes.get(el)] ??= {})[name] = value;
    masked.set(el, masked.get(el).filter((one) => one !== name));
  };

  // what roles and states say
  const said = (el, name) => {
    const is = (state) => el.getAttribute(`aria-${state}`);
    if (name === 'data-orientation') return [is('orientation')];
    if (!/state|status/.test(name)) return [];
    const pairs = [['checked', 'checked', 'unchecked'], ['selected', 'active', 'inactive'], ['pressed', 'on', 'off'], ['expanded', 'open', 'closed']];
    for (const [state, yes, no] of pairs) if (is(state) === 'true' || is(state) === 'false') return [is(state) === 'true' ? yes : no];
    return /^(dialog|alertdialog|menu|listbox|tooltip)$/.test(el.getAttribute('role') || '') ? [el.hidden ? 'closed' : 'open'] : [];
  };
  for (const [el, names] of [...masked]) {
    for (const name of names) for (const value of said(el, name)) if (value && asked.get(name)?.has(value)) keep(el, name, value);
  }

  // what was clicked was to be seen, and was as large as recorded
  const NOTHING = 1e6;
  const off = (el, size) => {
    const { width, height } = el.getBoundingClientRect();
    if (!(width || height) || getComputedStyle(el).visibility !== 'visible') return NOTHING;
    return size ? Math.max(0, Math.max(Math.abs(width - size[0]), Math.abs(height - size[1])) - SIZE_PX) : 0;
  };
  const seen = [];
  const hidden = [];
  for (const [node, size] of clicked) {
    const el = known.get(node);
    if (!el) continue;
    let best = off(el, size);
    for (let at = el, n = 0; at && best > 0 && n < MOST_AROUND; at = at.parentElement || at.getRootNode().host, n += 1) {
      for (const name of masked.get(at) || []) {
        const before = at.getAttribute(name);
        let right = null;
        for (const value of asked.get(name) || []) {
          if ((tries -= 1) < 0 || performance.now() > until) break;
          put(at, name, value);
          const now = off(el, size);
          if (now < best && seen.every(([other, old, its]) => off(other, its) <= old)) [best, right] = [now, value];
        }
        if (right === null) at.setAttribute(name, before);
        else keep(at, name, right);
      }
    }
    if (best < NOTHING) seen.push([el, best, size]);
    else hidden.push(node);
  }

  // most pages are light
  for (const el of [document.documentElement, document.body]) {
    for (const name of masked.get(el) || []) {
      if (/theme|scheme|mode/.test(name) && STARS.test(el.getAttribute(name)) && asked.get(name)?.has('light')) keep(el, name, 'light');
    }
  }
  return JSON.stringify({ values: found, hidden });
}
