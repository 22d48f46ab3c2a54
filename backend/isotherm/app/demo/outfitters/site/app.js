// A made-up shop of thirteen pages, for the demo. One document; the address says which page.
const JACKETS = [['Trail Jacket', 'teal', 189], ['Fell Shell', 'rust', 249], ['Harbour Coat', 'navy', 219], ['Dune Parka', 'sand', 199], ['Heather Hoody', 'plum', 129], ['Moss Anorak', 'moss', 159]]
const GOODS = [['Ridge Boots', 'boots', 179], ['Scout Pack 28', 'pack', 139], ['Lee Tent', 'tent', 329], ['Ember Lamp', 'lamp', 49], ['Wool Socks', 'socks', 19], ['Tarn Flask', 'flask', 29]]
const slug = (name) => name.toLowerCase().replace(/ /g, '-')
const jacket = ([name, colour, price]) => card(name, `jacket-${colour}`, price, 'Three layers, taped seams', `/jackets/${slug(name)}`)
const card = (name, picture, price, text, href) => `<article class="card" id="card-${slug(name)}"><a class="pic" href="${href ?? '#'}"><img src="/img/${picture}.svg" alt="${name}"></a><div class="text"><h3>${name}</h3><p>${text}</p><div class="row"><b>€ ${price}</b><button data-add="${name}">Add to cart</button></div></div></article>`
const goods = ([name, picture, price]) => card(name, picture, price, 'Made to be mended')
const story = (picture, title, text, href) => `<a class="story" href="${href}"><img src="/img/${picture}.svg" alt=""><div><h3>${title}</h3><p>${text}</p></div></a>`
const variant = (window.KESTREL ?? {}).variant ?? 'A'
const version = (window.KESTREL ?? {}).version ?? '2.4.0'

const PAGES = {
  '/': () => `
<section class="hero"><img src="/img/dusk.svg" alt="Mountains at dusk"><div class="words"><h1>Out before<br>the weather is</h1><p>Jackets that take the rain, repaired by us for as long as you wear them.</p><div class="row"><a class="button warm" id="hero-buy" href="/jackets">${variant === 'A' ? 'Shop jackets' : 'Find your jacket'}</a><button id="hero-film">Watch the film</button></div></div></section>
<section class="band wide"><h2>Made for this season</h2><div class="grid">${JACKETS.slice(0, 4).map(jacket).join('')}</div></section>
<section class="band wide"><h2>From the journal</h2><div class="three">${story('morning', 'How to layer', 'Three thin things beat one thick one', '/journal/layering')}${story('glacier', 'A week on the ice', 'What we took, what we left', '/journal/layering')}${story('rain', 'Rain, explained', 'Drops, seams and patience', '/journal/layering')}</div></section>
<section class="band wide"><h2>Everything else you carry</h2><div class="grid">${GOODS.slice(0, 4).map(goods).join('')}</div></section>
<section class="band wide"><div class="sale"><h2>The winter sale begins</h2><p>Last season's colours, up to 40 % less.</p><a class="button" href="/sale">See the sale</a></div></section>`,
  '/jackets': () => `
<section class="band wide"><h1>Jackets</h1><p>18 jackets for wind, rain and cold</p><div class="row chips" id="filters" style="margin-top:22px"><button class="on" data-filter="all">All</button><button id="filter-waterproof" data-filter="waterproof">Waterproof</button><button data-filter="warm">Warm</button><button data-filter="light">Light</button><button data-filter="packable">Packable</button><select id="sort" style="width:auto;margin-left:auto"><option>Most loved</option><option>Price, low first</option></select></div>
<div class="grid">${[...JACKETS, ...JACKETS].map((one, n) => jacket([n < 6 ? one[0] : `${one[0]} W`, one[1], one[2] + (n < 6 ? 0 : 10)])).join('')}</div></section>`,
  '/jackets/trail-jacket': () => `
<section class="band wide two"><div class="gallery"><div class="big"><img id="big" src="/img/jacket-teal.svg" alt="Trail Jacket in teal"></div><div class="small">${['teal', 'rust', 'navy', 'moss'].map((c, n) => `<img ${n ? '' : 'class="on"'} id="view-${c}" src="/img/jacket-${c}.svg" alt="${c}">`).join('')}</div></div>
<div><p>Jackets · Rain</p><h1>Trail Jacket</h1><div class="price">€ 189</div><p>Three layers, 310 grams, taped by hand. We mend it for as long as you wear it.</p><h3 style="margin:26px 0 10px">Size</h3><div class="row sizes" id="sizes">${['XS', 'S', 'M', 'L', 'XL'].map((s) => `<button id="size-${s}" ${s === 'M' ? 'class="on"' : ''}>${s}</button>`).join('')}<button id="size-guide" style="width:auto;border:0;text-decoration:underline">Size guide</button></div>
<div class="row" style="margin-top:26px"><button class="solid" id="add" data-add="Trail Jacket">Add to cart</button><button id="stock">Check stores near you</button></div><div class="note" id="stock-note"><b>In 14 stores</b><p>Order until 15:00 and pick it up tomorrow.</p></div>
<div class="tabs" id="tabs"><button class="on">Details</button><button>Care</button><button>Reviews (212)</button></div><p style="padding-top:18px">Waterproof to 20,000 mm, breathes, packs into its pocket. Sewn in Porto.</p></div></section>
<section class="band wide"><h2>Goes well with</h2><div class="grid">${GOODS.slice(0, 4).map(goods).join('')}</div></section>`,
  '/cart': () => `
<section class="band wide two"><div><h1>Your cart</h1>${[['Trail Jacket', 'jacket-teal', 189], ['Wool Socks', 'socks', 19]].map(([name, picture, price], n) => `<div class="line"><img src="/img/${picture}.svg" alt=""><div><h3>${name}</h3><p>Size M</p><a class="remove" href="#" id="remove-${n}" style="text-decoration:underline;font-size:14px">Remove</a></div><div class="row count"><button id="less-${n}">−</button>1<button id="more-${n}">+</button></div><b>€ ${price}</b></div>`).join('')}</div>
<aside class="sum"><h2>Summary</h2><div class="row"><span>Two things</span><b>€ 208</b></div><div class="row"><span>Delivery</span><b>free</b></div><form id="coupon" class="row"><input id="code" placeholder="Coupon" style="width:150px" value="WINTER10"><button id="apply-coupon">Apply coupon</button></form><div class="row" style="font-size:21px"><b>Total</b><b>€ 208</b></div><a class="button solid" id="to-checkout" href="/checkout" style="width:100%;text-align:center;margin-top:14px">Check out</a></aside></section>`,
  '/checkout': () => `
<section class="band wide two"><div><h1>Check out</h1><p style="margin:8px 0 26px">Three steps, no account needed.</p><form class="form" id="order"><label>First name<input id="first"></label><label>Last name<input id="last"></label><label class="all">Street<input id="street"></label><label>Post code<input id="post"></label><label>City<input id="city"></label><label class="all">Country<select id="country"><option>France</option><option>Japan</option></select></label><label class="all">Card<input id="card" placeholder="1234 5678 9012 3456"></label><label>Until<input id="until" placeholder="MM/YY"></label><label>CVC<input id="cvc"></label><label class="all"><input type="checkbox" style="width:auto" id="gift"> It is a present</label><button class="warm all" id="place-order">Place order, € 208</button></form></div>
<aside class="sum"><h2>Two things</h2><div class="row"><span>Trail Jacket</span><b>€ 189</b></div><div class="row"><span>Wool Socks</span><b>€ 19</b></div><a href="/cart" id="back" style="text-decoration:underline">Back to the cart</a></aside></section>`,
  '/journal/layering': () => `
<div class="cover"><img src="/img/morning.svg" alt="Morning in the hills"></div><div class="article"><aside id="contents"><b>In this piece</b>${['The skin', 'The warm air', 'The weather', 'On the move', 'Mending', 'What to take'].map((t, n) => `<a href="#part-${n}">${t}</a>`).join('')}<a href="/jackets" style="color:var(--brand)">All jackets</a></aside><article><p>Journal · 9 minutes</p><h1>How to layer</h1>${['The skin', 'The warm air', 'The weather', 'On the move', 'Mending', 'What to take'].map((t, n) => `<h2 id="part-${n}">${t}</h2><p>Wool next to the skin stays warm when it is wet, and does not smell on the third day. It should lie close, with seams that are flat, because what rubs after an hour hurts after six.</p><p>What keeps you warm is air that does not move. A thin fleece holds more of it than you would think, and lets go of steam when you climb.</p>${n % 2 ? `<figure><img src="/img/${['glacier', 'rain', 'night'][(n - 1) / 2]}.svg" alt=""></figure>` : ''}<p>Change before you are cold or hot: open the zip at the foot of the hill, close it at the top. The best layer is the one you put on in time.</p>`).join('')}<div class="note row"><b>Was this useful?</b><button id="useful-yes">Yes</button><button id="useful-no">No</button></div></article></div>`,
  '/stores': () => `
<section class="night"><div class="wide"><h1>Come and try it on</h1><p>Five stores. Bring what is torn; we mend while you wait.</p><div class="row" style="margin:26px 0"><input id="near" placeholder="City or post code" style="width:280px"><button class="warm" id="find">Find a store</button></div><div class="map"><img src="/img/map.svg" alt="Map"><button class="pin" id="pin-porto" style="left:17%;top:18%">Porto</button><button class="pin" id="pin-lyon" style="left:43%;top:36%">Lyon</button><button class="pin" id="pin-bern" style="left:64%;top:14%">Bern</button><button class="pin" id="pin-osaka" style="left:76%;top:52%">Osaka</button></div><div class="three">${['Porto', 'Lyon', 'Osaka'].map((c) => `<article class="card" id="store-${c.toLowerCase()}"><div class="text"><h3>${c}</h3><p>Open until 19:00</p><div class="row"><button>Directions</button><button>Call</button></div></div></article>`).join('')}</div></div></section>`,
  '/help': () => `
<section class="band wide" style="max-width:860px"><h1>How can we help?</h1><input id="ask" placeholder="Search the answers" style="margin:24px 0">${['Where is my order?', 'How do I send something back?', 'Which size is mine?', 'Do you mend other brands?', 'How do I wash a shell?', 'Can I change the address?'].map((q, n) => `<details id="q-${n}" ${n ? '' : 'open'}><summary>${q}</summary><p>Write to us with the number of your order; a person answers within a day, in five languages.</p></details>`).join('')}<div class="note row" style="justify-content:space-between"><b>Not answered?</b><button class="solid" id="chat">Write to us</button></div></section>`,
  '/account': () => shell('Orders', `<div class="row" style="justify-content:space-between;margin-bottom:22px"><h2>Orders</h2><div class="row"><input id="find-order" placeholder="Find an order" style="width:220px"><button id="export">Export</button></div></div><table id="orders"><thead><tr><th id="by-number">Order</th><th id="by-date">Date</th><th id="by-what">What</th><th id="by-total">Total ↓</th><th>State</th><th></th></tr></thead><tbody>${Array.from({ length: 12 }, (_, n) => `<tr id="order-${n}"><td><a href="/account/orders/${1042 - n}">#${1042 - n}</a></td><td>${28 - n * 2} Nov</td><td>${[...JACKETS, ...GOODS][n][0]}</td><td>€ ${[...JACKETS, ...GOODS][n][2]}</td><td><span class="tag ${n % 5 === 3 ? 'late' : ''}">${n % 5 === 3 ? 'Late' : 'Delivered'}</span></td><td><button class="again" style="padding:5px 14px;font-size:14px">Again</button></td></tr>`).join('')}</tbody></table>`),
  '/account/settings': () => shell('Settings', `<h2>Settings</h2><div class="tabs"><button class="on">You</button><button>Addresses</button><button>Cards</button></div><div style="max-width:620px;padding-top:18px">${['News by mail', 'Tell me when it is back', 'Remember my size', 'Dark pages', 'Share my steps'].map((t, n) => `<div class="switch"><div><b>${t}</b><p>You can change this at any time.</p></div><button id="switch-${n}" aria-label="${t}" ${n % 2 ? '' : 'class="on"'}></button></div>`).join('')}<div class="row" style="margin-top:24px"><button class="solid" id="save">Save</button><button id="leave">Delete my account</button></div></div>`),
  '/sale': () => `
<section class="night" style="background:#180a12"><div class="wide"><div class="sale"><h1>Winter sale</h1><p>Two days left. Last season's colours, up to 40 % less.</p><button class="warm" id="sale-all">Show everything</button></div><div class="grid">${[...GOODS, ...JACKETS].slice(0, 8).map(([name, picture, price]) => card(name, JACKETS.some((j) => j[0] === name) ? `jacket-${picture}` : picture, Math.round(price * 0.7), `instead of € ${price}`)).join('')}</div></div></section>`,
  '/ar': () => `
<div dir="rtl" lang="ar"><section class="hero"><img src="/img/night.svg" alt=""><div class="words"><h1>اخرج قبل<br>أن يأتي المطر</h1><p>معاطف تتحمل الطقس، ونصلحها ما دمت ترتديها.</p><div class="row"><a class="button warm" id="ar-buy" href="/jackets">تسوق المعاطف</a><button id="ar-stores">متاجرنا</button></div></div></section><section class="band wide"><h2>لهذا الموسم</h2><div class="grid">${JACKETS.slice(0, 4).map(jacket).join('').replaceAll('Add to cart', 'أضف إلى السلة').replaceAll('Three layers, taped seams', 'ثلاث طبقات')}</div></section></div>`,
}
const shell = (here, inside) => `<div class="shell"><nav class="side" id="side">${[['Orders', '/account'], ['Repairs', '/account/settings'], ['Wish list', '/account/settings'], ['Settings', '/account/settings']].map(([t, href]) => `<a href="${href}" ${t === here ? 'class="on"' : ''}>${t}</a>`).join('')}</nav><div class="work">${inside}</div></div>`
const order = (number) => shell('Orders', `<p><a href="/account" id="all-orders">Orders</a> / #${number}</p><h2 style="margin:6px 0 22px">Order #${number}</h2><div class="two"><div class="line"><img src="/img/jacket-${JACKETS[number % 6][1]}.svg" alt=""><div><h3>${JACKETS[number % 6][0]}</h3><p>Size M</p></div><span class="tag">Delivered</span><b>€ ${JACKETS[number % 6][2]}</b></div><aside class="sum"><h3>Is something wrong?</h3><div class="row"><button id="return">Send it back</button><button id="mend" class="solid">Have it mended</button></div></aside></div>`)

function show() {
  const path = location.pathname
  const made = PAGES[path] ?? (path.startsWith('/account/orders/') ? () => order(Number(path.split('/')[3])) : path.startsWith('/jackets/') ? PAGES['/jackets/trail-jacket'] : PAGES['/'])
  document.getElementById('page').innerHTML = made()
  document.getElementById('menu').classList.remove('open')
  scrollTo(0, 0)
}
function go(path) { history.pushState(null, '', path); show() }
function toast(text) {
  document.querySelector('.toast')?.remove()
  const one = document.createElement('div')
  one.className = 'toast'
  one.textContent = text
  document.body.append(one)
  setTimeout(() => one.remove(), 1500)
}
function busy(ms) { const end = performance.now() + ms; while (performance.now() < end); }
function dialog(html) {
  const one = document.createElement('dialog')
  one.id = 'box'
  one.innerHTML = `${html}<div class="row" style="margin-top:22px"><button class="solid" id="box-ok">Got it</button></div>`
  document.body.append(one)
  one.showModal()
}
document.addEventListener('click', (event) => {
  const at = event.target.closest('a, button, th, summary, .small img')
  if (!at) return
  if (at.matches('a')) {
    const href = at.getAttribute('href')
    if (href.startsWith('/')) { event.preventDefault(); go(href) }
    else if (href === '#') event.preventDefault()
    return
  }
  if (at.form && at.id !== 'place-order') event.preventDefault()
  const near = at.parentElement
  if (at.dataset.add) { document.getElementById('cart-count').textContent = String(Number(document.getElementById('cart-count').textContent) + 1); toast(`${at.dataset.add} is in your cart`) }
  else if (at.id === 'menu-button') document.getElementById('menu').classList.toggle('open')
  else if (at.id === 'filter-waterproof') { busy(version === '2.4.0' ? 420 : 120); pick(near, at); toast('7 waterproof jackets') }
  else if (near.matches('.chips, .sizes, .tabs') && at.id !== 'size-guide') pick(near, at)
  else if (at.matches('.small img')) { pick(near, at); document.getElementById('big').src = at.src }
  else if (at.id === 'size-guide') dialog('<h2>Size guide</h2><p style="margin:10px 0 18px">Measure over a shirt.</p><table><tr><th>Size</th><th>Chest</th><th>Arm</th></tr><tr><td>S</td><td>94 cm</td><td>62 cm</td></tr><tr><td>M</td><td>100 cm</td><td>64 cm</td></tr><tr><td>L</td><td>106 cm</td><td>66 cm</td></tr></table>')
  else if (at.id === 'box-ok') document.getElementById('box').remove()
  else if (at.id === 'stock') fetch('/api/stock?size=M').then((r) => { if (!r.ok) throw new Error('The stock service does not answer'); toast('In 14 stores') })
  else if (at.id === 'apply-coupon' && version !== '2.4.0') fetch('/api/coupon').then(() => toast('10 % less'))
  else if (at.id === 'place-order') { event.preventDefault(); fetch('/api/orders', { method: 'POST' }).then(() => toast('Thank you')) }
  else if (at.matches('.switch button')) at.classList.toggle('on')
  else if (near.matches('.count')) near.childNodes[1].textContent = String(Math.max(1, Number(near.childNodes[1].textContent) + (at.id.startsWith('more') ? 1 : -1)))
  else if (at.matches('th') || at.matches('summary') || at.id === 'apply-coupon') return
  else toast('Done')
})
function pick(list, one) { for (const each of list.children) each.classList.toggle('on', each === one) }
addEventListener('popstate', show)
show()
