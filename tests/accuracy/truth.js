// What stands where, known to nobody but the benchmark: elements get a number in a WeakMap, never
// an attribute, so that no recorder can see it.
(() => {
  const numbers = new WeakMap()
  const run = String(performance.timeOrigin)
  let next = 0
  const numberOf = (el) => {
    if (!numbers.has(el)) numbers.set(el, `${run}:${next++}`)
    return numbers.get(el)
  }
  const up = (el) => el.parentElement ?? el.getRootNode()?.host ?? el.ownerDocument.defaultView.frameElement
  const words = (el) => (el.textContent || el.getAttribute('aria-label') || el.placeholder || el.getAttribute('src') || '').trim().slice(0, 60)
  const path = (el) => {
    const parts = []
    for (let at = el; at; at = up(at)) {
      const root = at.parentNode
      parts.unshift(root?.children ? `${at.tagName}:${[...root.children].indexOf(at)}` : at.tagName)
    }
    return parts.join('>')
  }
  const near = (el) => {
    for (let at = up(el), n = 0; at && n < 4; at = up(at), n++) {
      const text = words(at)
      if (text) return text
    }
    return ''
  }
  // where a frame's content starts in the window
  const offset = (el) => {
    let x = 0, y = 0
    for (let frame = el.ownerDocument.defaultView.frameElement; frame; frame = frame.ownerDocument.defaultView.frameElement) {
      const r = frame.getBoundingClientRect()
      const s = getComputedStyle(frame)
      x += r.left + frame.clientLeft + parseFloat(s.paddingLeft)
      y += r.top + frame.clientTop + parseFloat(s.paddingTop)
    }
    return [x, y]
  }
  // a straight line is as thick as its stroke, which its rectangle leaves out
  const rectOf = (el) => {
    const r = el.getBoundingClientRect()
    if ((r.width && r.height) || !(el instanceof SVGGeometryElement) || getComputedStyle(el).stroke === 'none') return r
    const m = el.getScreenCTM(), thick = parseFloat(getComputedStyle(el).strokeWidth) * Math.sqrt(Math.abs(m.a * m.d - m.b * m.c))
    const w = r.width || thick, h = r.height || thick
    return new DOMRect(r.left - (w - r.width) / 2, r.top - (h - r.height) / 2, w, h)
  }
  const described = (el) => {
    const r = rectOf(el), [fx, fy] = offset(el)
    let inner = [0, 0], fixed = false, bar = null
    for (let at = el; at; at = up(at)) {
      const s = getComputedStyle(at), top = at === document.documentElement || at === document.body
      if (at !== el && !top && (at.scrollLeft || at.scrollTop) && /auto|scroll|hidden/.test(s.overflowX + s.overflowY)) {
        inner[0] += at.scrollLeft
        inner[1] += at.scrollTop
      }
      if (at.tagName === 'IFRAME') {
        inner[0] += at.contentWindow.scrollX
        inner[1] += at.contentWindow.scrollY
      }
      fixed ||= s.position === 'fixed' || (at.matches(':popover-open, dialog:modal') && s.position === 'fixed')
      if (s.position === 'sticky') bar ??= at
    }
    const held = bar?.getBoundingClientRect()
    return {
      number: numberOf(el), tag: el.tagName, text: words(el), near: near(el), path: path(el),
      box: [r.left + fx + scrollX, r.top + fy + scrollY, r.width, r.height], inWindow: [r.left + fx, r.top + fy], inner, fixed,
      bar: bar ? numberOf(bar) : '', inBar: held ? [r.left - held.left, r.top - held.top] : [0, 0],
    }
  }
  const deepest = (x, y) => {
    let el = document.elementFromPoint(x, y)
    for (;;) {
      const [ox, oy] = el ? offset(el) : [0, 0]
      const inShadow = el?.shadowRoot?.elementFromPoint(x - ox, y - oy)
      if (inShadow && inShadow !== el) { el = inShadow; continue }
      if (el?.tagName === 'IFRAME' && el.contentDocument) {
        const s = getComputedStyle(el), r = el.getBoundingClientRect()
        const inside = el.contentDocument.elementFromPoint(
          x - ox - r.left - el.clientLeft - parseFloat(s.paddingLeft),
          y - oy - r.top - el.clientTop - parseFloat(s.paddingTop))
        if (inside) { el = inside; continue }
      }
      return el
    }
  }
  const every = (root, found) => {
    for (const el of root.querySelectorAll('*')) {
      if (found.length > 8000) return found
      const r = rectOf(el)
      if (r.width > 0 && r.height > 0 && getComputedStyle(el).visibility !== 'hidden') found.push(el)
      if (el.shadowRoot) every(el.shadowRoot, found)
      if (el.tagName === 'IFRAME' && el.contentDocument) every(el.contentDocument, found)
    }
    return found
  }
  // a photo of the whole page changes the window for a moment, which pages would act upon
  let still = false
  for (const target of [window, visualViewport]) {
    target.addEventListener('resize', (event) => { if (still) event.stopImmediatePropagation() }, true)
  }
  // fingers are thick: the browser gives a tap to what can be clicked near its point
  if (window === top) {
    addEventListener('click', (event) => {
      const el = event.composedPath()[0]
      if (event.pointerType !== 'touch' || !(el instanceof Element)) return
      const client = [event.clientX, event.clientY]
      window.__tapped?.({ ...described(el), client, page: [client[0] + scrollX, client[1] + scrollY] })
    }, true)
  }
  window.__truth = {
    // whether the page is kept from seeing that its window changes
    hold(on) { still = on },
    // the element under a point of the window
    at([x, y]) {
      const el = deepest(x, y) ?? document.documentElement
      const known = described(el)
      return {
        ...known, at: Date.now(), client: [x, y], page: [x + scrollX, y + scrollY], scroll: [scrollX, scrollY],
        address: location.pathname + location.hash,
        zoom: visualViewport ? visualViewport.scale : 1,
        window: [innerWidth, innerHeight], document: [document.documentElement.scrollWidth, document.documentElement.scrollHeight],
      }
    },
    // every element that has a box
    layout: () => every(document, []).map(described),
    // where a selector (frames and shadow trees by ` >>> `) is in the window
    find(selector, [fx, fy]) {
      let el = document
      for (const part of selector.split(' >>> ')) {
        if (el.tagName === 'IFRAME') el = el.contentDocument
        el = (el.shadowRoot || el).querySelector(part)
        if (!el) throw new Error(`nothing matches ${selector}`)
      }
      const r = el.getBoundingClientRect(), [ox, oy] = offset(el)
      return [Math.round(ox + r.left + r.width * fx), Math.round(oy + r.top + r.height * fy)]
    },
    // what a person might click on now: things that look like controls, in the window, on top
    candidates() {
      const found = []
      const control = 'a,button,input,textarea,summary,label,[role=button],[role=tab],[role=menuitem],[role=option],[role=gridcell],[tabindex]'
      for (const el of every(document, [])) {
        const s = getComputedStyle(el)
        const plain = /^(P|H1|H2|H3|TD|TH|LI|IMG|SPAN)$/.test(el.tagName)
        if (!el.matches(control) && s.cursor !== 'pointer' && !plain) continue
        if (el.matches('select,option,input[type=file],input[type=color],input[type=date],[download],[target=_blank],[disabled]')) continue
        const link = el.closest?.('a[href]')
        if (link && (link.origin !== location.origin || link.target === '_blank')) continue
        const r = el.getBoundingClientRect(), [ox, oy] = offset(el)
        const x = ox + r.left, y = oy + r.top
        if (r.width < 6 || r.height < 6 || x < 0 || y < 0 || x + r.width > innerWidth || y + r.height > innerHeight) continue
        const hit = deepest(x + r.width / 2, y + r.height / 2)
        if (!hit || (hit !== el && !el.contains(hit))) continue
        const away = !!link && (link.pathname !== location.pathname || link.search !== location.search)
        found.push({ number: numberOf(el), box: [x, y, r.width, r.height], plain: plain && s.cursor !== 'pointer', away })
      }
      return found
    },
  }
})()
