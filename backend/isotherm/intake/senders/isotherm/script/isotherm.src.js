// Page views, clicks, scroll depth and errors of a site without RUM SDK; what it sends is described
// in docs/events.md. `isotherm.js` is made of this: see script/README.md.
;((document) => {
  const script = document.currentScript
  const config = { ...script.dataset }
  const IDLE_MS = 9e5
  const REACTION_MS = 100
  const SEND_EVERY_MS = 5e3

  let view, seq, start, href, place, deepest, scrolled
  let records = []
  let pressed // the click whose pointer is down
  let last // the newest click, as long as a reaction to it counts
  let session // [id, start, last use, recorded]

  const now = Date.now
  const newId = () => now() + '-' + Math.random()
  const add = (type, record) => records.push((record = { t: now(), type, ...record })) && record

  function measure() {
    deepest = Math.max(deepest, Math.ceil(innerHeight + scrollY))
    return { depth: deepest, height: document.documentElement.scrollHeight }
  }

  function send() {
    const time = now()
    try {
      session = JSON.parse(localStorage.isotherm)
    } catch {}
    // A session ends after a rest of 15 minutes, or after 4 hours (144e5 ms).
    if (!session || time - session[2] > IDLE_MS || time - session[1] > 144e5)
      session = [newId(), time, time, Math.random() * 100 < (config.sample || 100)]
    session[2] = time
    try {
      localStorage.isotherm = JSON.stringify(session)
    } catch {}
    if (session[3]) {
      const intake = new URL('events', script.src)
      const body = JSON.stringify({
        ...config,
        session: session[0],
        view,
        seq: seq++,
        url: href,
        referrer: document.referrer,
        viewport: [innerWidth, innerHeight],
        records,
      })
      navigator.sendBeacon(intake, body) || fetch(intake, { method: 'POST', body, keepalive: true })
    }
    records = []
  }

  // A fragment is part of the page only when it looks like a route, as on the server.
  const here = () => location.pathname + (location.hash.match(/^#!?\/.*/) || '')

  function open(settled) {
    view = newId()
    seq = deepest = 0
    start = now()
    href = location.href
    place = here()
    const page = add('page')
    // After a change of route the document is still the one before, and scrolled as that was.
    setTimeout(() => Object.assign(page, measure()), settled)
  }

  function close() {
    react()
    add('end', { ...measure(), spent: now() - start })
    send()
  }

  function moved() {
    if (place != here()) {
      close()
      open(1e3)
    }
  }

  // The same selector as Datadog's SDK gives, so that an element has one key whoever reports it.
  const STABLE = 'dd-action-name,testid,test,qa,cy,test-id,qa-id,testing,component,element,source-file'.split(',')
  const escape = CSS.escape
  const lasting = (name) => name && !/\d/.test(name) // a name with a digit is a generated one

  function selector(element) {
    const root = element.getRootNode()
    let path = ''
    const join = (first) => (path ? first + '>' + path : first)
    for (; element && element.tagName != 'HTML'; element = element.parentElement) {
      const tag = escape(element.tagName)
      const key = STABLE.map((name) => 'data-' + name).find((name) => element.hasAttribute(name))
      const stable = key && tag + `[${key}="${escape(element.getAttribute(key))}"]`
      const id = lasting(element.id) && '#' + escape(element.id)
      const unique = [stable, id].find((part) => part && root.querySelectorAll(join(part)).length == 1)
      if (unique) {
        path = join(unique)
        break
      }
      const name = tag != 'BODY' && [...element.classList].find(lasting)
      const all = [...element.parentNode.children]
      const alone = [stable, name && tag + '.' + escape(name), tag].find(
        (part) =>
          part &&
          !all.some(
            (other) =>
              other != element && (path ? other.querySelector(part + ':scope>' + path) : other.matches(part)),
          ),
      )
      const alike = all.filter((other) => other.tagName == element.tagName)
      path = join(alone || tag + `:nth-of-type(${alike.indexOf(element) + 1})`)
    }
    return (root.host ? selector(root.host) + '::shadow ' : '') + path
  }

  const label = (element) =>
    (
      element.ariaLabel ||
      element.title ||
      element.alt ||
      element.placeholder ||
      (!element.isContentEditable && element.innerText) ||
      ''
    )
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, 100)

  function react() {
    if (last) last.active = true
  }
  const observer = new MutationObserver(react)
  const watch = (root) =>
    observer.observe(root, { subtree: 1, childList: 1, attributes: 1, characterData: 1 })

  const on = (type, listener) => addEventListener(type, listener, true)

  on('pointerdown', (event) => {
    const element = event.composedPath()[0]
    const box = element.getBoundingClientRect()
    watch(element.getRootNode()) // mutations inside a shadow root are not seen from outside
    last = pressed = {
      t: now(),
      type: 'click',
      element: selector(element),
      label: label(element),
      x: event.clientX - box.left,
      y: event.clientY - box.top,
      w: box.width,
      h: box.height,
      page_x: event.pageX,
      page_y: event.pageY,
      // Fields, selects, links and openers of popovers answer by themselves: never dead.
      active: !!element.closest(
        '[href],select,textarea,canvas,[contenteditable],[popovertarget],input:not([type=button],[type=submit])',
      ),
    }
  })
  // A click without a pointer is a keyboard's, or a label's echo on its field.
  on('click', () => {
    const click = pressed
    if (click) records.push(click)
    pressed = 0
    setTimeout(() => {
      if (last == click) last = 0
    }, REACTION_MS)
  })
  on('scroll', () => {
    react()
    scrolled = measure()
  })
  on('input', react)
  on('selectionchange', () => getSelection() + '' && react())
  on('error', ({ message, error }) => message && add('error', { message, kind: error?.name }))
  on('unhandledrejection', ({ reason }) => add('error', { message: reason + '', kind: reason?.name }))
  on('popstate', moved)
  on('visibilitychange', () => document.hidden && close())
  for (const name of ['pushState', 'replaceState']) {
    const original = history[name]
    history[name] = (...values) => {
      original.apply(history, values)
      moved()
    }
  }
  setInterval(() => {
    if (scrolled) add('scroll', scrolled)
    scrolled = 0
    // Not while a click waits for its reaction: the record would go without it.
    if (records[0] && !(now() - last?.t < 1e3)) send()
  }, SEND_EVERY_MS)

  watch(document)
  open(REACTION_MS)
})(document)
