// Called with new data and at every change of theme; state that must last is stored per element.
const views = new WeakMap()
const SVG = "http://www.w3.org/2000/svg"
const NARROW = 720 // below this the answer stands above the network, not beside it
const MINUS = "#4393C3", PLUS = "#D6604D", ZERO = "#808080" // of a weight, on light and dark
const SHADES = colorTable(CONSTANTS.scale, 1, 255)
const VALUES = colorTable(CONSTANTS.points, 1, 255) // of a regression's points
const BEND = 0.4 // of a connection's width: its ends leave the neurons level so far
const REACH = 12 // pixels: a pointer this near to a connection means it
const TOP = 24, BUTTONS = 30, KEY = 68, FOOT = 30 // pixels: names, +/−, what colors mean

export default function ({ data, parentElement, setTriggerValue }) {
  const view = views.get(parentElement) ?? mount(parentElement)
  take(view, ...unpack(data))
  view.send = setTriggerValue
  view.host.classList.toggle("editable", view.header.editable)
  if (view.shape !== shapeOf(view)) arrange(view)
  paint(view)
  view.host.dataset.updates = Number(view.host.dataset.updates) + 1
  return () => { if (!parentElement.isConnected) view.resized.disconnect() }
}

function make(name, kind, parent) {
  const element = parent.appendChild(document.createElement(name))
  element.className = kind
  return element
}

function mount(parent) {
  const host = make("div", "plane", parent)
  host.dataset.updates = 0
  const lines = make("canvas", "lines", host)
  const curves = host.appendChild(document.createElementNS(SVG, "svg"))
  const picture = make("canvas", "surface", host), surface = make("canvas", "surface", host)
  surface.setAttribute("role", "img")
  const tip = make("div", "tip", parent)
  const view = { host, lines, curves, picture, surface, tip, words: [], buttons: [], large: null }
  view.key = make("div", "key", host)
  view.weightKey = make("div", "key", host)
  view.ask = question(view, parent)
  const near = line => {
    if (view.near === line) return
    view.near = line
    curves.style.cursor = line && view.header.editable ? "pointer" : ""
    paintLines(view)
  }
  curves.addEventListener("pointermove", event => {
    const line = nearest(view, event), how = view.header.editable ? "\nclick to set it" : ""
    near(line)
    tell(view, event, line ? `w = ${text(line.value())}${how}` : "")
  })
  curves.addEventListener("pointerleave", () => { near(null); tell(view) })
  curves.addEventListener("click", event => {
    const line = nearest(view, event)
    if (line) ask(view, event, line.of)
  })
  surface.addEventListener("click", event => {
    if (view.header.brush === null) return
    const { x1, x2 } = pointed(view, event)
    view.send("click", { x1, x2, n: Date.now() })
  })
  surface.addEventListener("pointermove", event => {
    const { x1, x2 } = pointed(view, event)
    tell(view, event, `x₁ ${x1.toFixed(1)}, x₂ ${x2.toFixed(1)}`)
  })
  surface.addEventListener("pointerleave", () => tell(view))
  view.resized = new ResizeObserver(() => {
    if (view.header && view.shape !== shapeOf(view)) { arrange(view); paint(view) }
  })
  view.resized.observe(host)
  views.set(parent, view)
  return view
}

// The pointer's position on the plane, rounded to hundredths as in addresses.
function pointed(view, event) {
  const box = view.surface.getBoundingClientRect()
  const at = part => Math.round(CONSTANTS.half * (2 * part - 1) * 100) / 100
  const within = at => Math.max(-CONSTANTS.half, Math.min(CONSTANTS.half, at))
  return {
    x1: within(at((event.clientX - box.x) / box.width)),
    x2: within(-at((event.clientY - box.y) / box.height)),
  }
}

function take(view, header, bytes) {
  view.header = header
  const [big, small] = header.sides
  let start = big * big * 3
  view.colors = bytes.subarray(0, start)
  view.counts = header.layers.map((n, l) => Math.min(n, l ? header.biases[l - 1].length : 8))
  view.maps = view.counts.map(n => Array.from({ length: n }, () => {
    start += small * small
    return bytes.subarray(start - small * small, start)
  }))
  view.points = header.points.map(n => {
    start += 5 * n
    return bytes.subarray(start - 5 * n, start)
  })
}

function shapeOf({ host, header }) {
  return JSON.stringify([
    host.clientWidth, header.layers, header.names, header.activations, header.growable,
    devicePixelRatio,
  ])
}

// The layout, rebuilt if the network or the width has changed.
function arrange(view) {
  const { host, header, counts, curves, picture, surface } = view
  view.shape = shapeOf(view)
  view.large = null
  for (const element of [...view.words, ...view.buttons]) element.remove()
  view.words = []
  view.buttons = []
  view.tiles?.flat().forEach(tile => tile.element.remove())
  curves.replaceChildren()
  view.near = view.drawnPoints = view.drawnWeights = null
  // The outline of the answer would be seen beside what stays above it: it has a pixel of its own.
  const width = host.clientWidth - 1, narrow = width < NARROW
  const size = narrow ? Math.min(width, 380) : Math.max(300, Math.min(430, width * 0.37))
  const net = narrow ? width : width - size - 36
  const rows = Math.max(...counts), left = 50, room = net - left - 12
  // The buttons for layers are beside those for units if there is room, else above them.
  const buttonRows = !header.growable ? 0 : left + room / counts.length < 165 ? 2 : 1
  const top = TOP + buttonRows * BUTTONS
  // The network has the height of the output beside it, or on a phone what its tiles need.
  const cell = Math.max(26, Math.min(92, narrow ? 76 : (size - top + TOP) / rows))
  const tile = Math.round(Math.min(cell - 6, room / counts.length * 0.66))
  const step = (room - tile) / (counts.length - 1)
  const high = narrow ? rows * cell : Math.max(size - top + TOP, rows * cell)
  const netTop = narrow ? TOP + size + KEY + 14 : 0
  view.size = size
  const below = netTop + top + high + 22 // of the network: where it may say "+ 3 more"
  host.style.height = `${Math.max(below + FOOT, narrow ? 0 : TOP + size + KEY)}px`
  for (const canvas of [picture, surface]) {
    stand(canvas, narrow ? 0 : width - size, TOP, size, size)
  }
  stand(view.lines, 0, netTop, net, below - netTop)
  view.netTop = netTop
  const x0 = narrow ? 0 : width - size
  view.title = word(view, x0, 0, "", "title")
  place(view.key, x0, TOP + size + 6, size)
  place(view.weightKey, 0, below, net)
  const middle = high / 2, unitsTop = netTop + top - TOP - BUTTONS
  view.tiles = counts.map((n, l) => {
    const x = left + tile / 2 + l * step
    const what = l === 0 ? "inputs" : header.activations[l - 1]
    const names = step < 66 ? "" : ` ${what}` // where there is no room, the neurons tell on hover
    word(view, x, netTop + top - TOP, `${header.layers[l]}${names}`, "pale")
    if (header.growable && l > 0 && l < counts.length - 1 && step >= 54) {
      const of = `hidden layer ${l}`
      grow(view, x - 26, unitsTop, "−", `One unit less in ${of}`, { layer: l, by: -1 })
      grow(view, x + 2, unitsTop, "+", `One unit more in ${of}`, { layer: l, by: 1 })
    }
    if (n < header.layers[l]) {
      word(view, x, netTop + top + middle + n * cell / 2, `+ ${header.layers[l] - n} more`, "pale")
    }
    return Array.from({ length: n }, (_, i) => {
      const y = netTop + top + middle + (i - (n - 1) / 2) * cell
      if (l === 0) word(view, x - tile / 2, y, header.names[i], "left")
      return neuron(view, l, i, x, y, tile)
    })
  })
  if (header.growable) {
    const hidden = counts.length - 2
    const x = word(view, 0, netTop + 3, `Hidden layers: ${hidden}`, "plain").offsetWidth + 8
    grow(view, x, netTop, "−", "One hidden layer less", { layer: null, by: -1 })
    grow(view, x + 28, netTop, "+", "One hidden layer more", { layer: null, by: 1 })
  }
  view.weights = counts.slice(1).flatMap((n, l) =>
    Array.from({ length: n }, (_, unit) =>
      Array.from({ length: counts[l] }, (_, source) => weight(view, l + 1, unit, source))).flat())
}

// A canvas at this position, with one pixel per screen pixel.
function stand(canvas, left, top, width, height) {
  Object.assign(canvas.style, {
    left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px`,
  })
  canvas.width = Math.round(width * devicePixelRatio)
  canvas.height = Math.round(height * devicePixelRatio)
}

function place(element, left, top, width) {
  Object.assign(element.style, { left: `${left}px`, top: `${top}px`, width: `${width}px` })
}

// A button of the diagram that makes the network larger or smaller.
function grow(view, x, y, sign, what, change) {
  const button = make("button", "grow", view.host)
  button.type = "button"
  button.textContent = sign
  button.setAttribute("aria-label", what)
  button.title = what
  Object.assign(button.style, { left: `${x}px`, top: `${y}px` })
  button.addEventListener("click", () => view.send("grow", { ...change, n: Date.now() }))
  view.buttons.push(button)
}

function word(view, x, y, text, kind) {
  const element = make("span", `word ${kind}`, view.host)
  element.style.left = `${x}px`
  element.style.top = `${y}px`
  element.textContent = text
  view.words.push(element)
  return element
}

function neuron(view, l, i, x, y, side) {
  const last = view.counts.length - 1
  const element = make("button", l === 0 ? "neuron" : "neuron hidden", view.host)
  element.type = "button"
  Object.assign(element.style, {
    left: `${x - side / 2}px`, top: `${y - side / 2}px`, width: `${side}px`, height: `${side}px`,
  })
  const canvas = element.appendChild(document.createElement("canvas"))
  canvas.width = canvas.height = view.header.sides[1]
  const tile = { element, canvas, x, y, side, image: new ImageData(canvas.width, canvas.width) }
  tile.words = new Uint32Array(tile.image.data.buffer)
  const show = () => {
    view.large = l === last && last > 0 && view.counts[l] === 1 ? null : [l, i]
    paintSurface(view)
  }
  const hide = () => { view.large = null; paintSurface(view); tell(view) }
  element.addEventListener("pointerenter", show)
  element.addEventListener("pointermove", event => tell(view, event, neuronText(view, l, i)))
  element.addEventListener("pointerleave", hide)
  element.addEventListener("focus", show)
  element.addEventListener("blur", hide)
  element.addEventListener("click", event => {
    if (l > 0) ask(view, event, { layer: l, unit: i, source: null })
  })
  element.setAttribute("aria-label", nameOf(view, l, i))
  return tile
}

function nameOf({ header, counts }, l, i) {
  if (l === 0) return `input ${header.names[i]}`
  return l === counts.length - 1 ? `output ${i}` : `layer ${l}, neuron ${i}`
}

function neuronText(view, l, i) {
  if (l === 0) return nameOf(view, l, i)
  const { activations, biases } = view.header
  const bias = `${nameOf(view, l, i)}: ${activations[l - 1]}\nbias ${text(biases[l - 1][i])}`
  return view.header.editable ? `${bias} · click to set it` : bias
}

function text(number) {
  return number === null ? "not a number" : String(number).replace("-", "−")
}

function weight(view, layer, unit, source) {
  const from = view.tiles[layer - 1][source], to = view.tiles[layer][unit]
  const xa = from.x + from.side / 2, xb = to.x - to.side / 2, bend = (xb - xa) * BEND
  const path = `M${xa},${from.y}C${xa + bend},${from.y} ${xb - bend},${to.y} ${xb},${to.y}`
  const curve = view.curves.appendChild(document.createElementNS(SVG, "path"))
  curve.setAttribute("d", path)
  curve.dataset.weight = `${layer} ${unit} ${source}`
  return {
    of: { layer, unit, source }, xa, ya: from.y, xb, yb: to.y, path: new Path2D(path),
    value: () => view.header.weights[layer - 1][unit][source],
  }
}

// The connection under the pointer. Many meet at a neuron: it is the nearest one.
function nearest({ host, weights }, { clientX, clientY }) {
  const box = host.getBoundingClientRect(), x = clientX - box.x, y = clientY - box.y
  let best = null, least = REACH
  for (const line of weights) {
    const far = distance(line, x, y)
    if (far <= least) { best = line; least = far }
  }
  return best
}

// From a point to a connection, the curve (b t + c t² + d t³, 3 t² − 2 t³) between its ends.
function distance({ xa, ya, xb, yb }, x, y) {
  const across = (x - xa) / (xb - xa), b = 3 * BEND, c = 3 - 3 * b, d = 2 * b - 2
  if (across < 0 || across > 1) return Infinity
  const derivative = t => b + 2 * c * t + 3 * d * t * t
  let t = across
  for (let i = 0; i < 4; i++) t -= (b * t + c * t * t + d * t ** 3 - across) / derivative(t) // Newton
  const off = y - ya - (yb - ya) * (3 * t * t - 2 * t ** 3)
  return Math.abs(off) / Math.hypot(1, (yb - ya) * 6 * (t - t * t) / ((xb - xa) * derivative(t)))
}

function paint(view) {
  view.tiles.forEach((layer, l) => layer.forEach((tile, i) => {
    const bytes = view.maps[l][i]
    if (tile.drawn && bytes.every((level, j) => level === tile.drawn[j])) return
    tile.drawn = bytes
    for (let j = 0; j < bytes.length; j++) tile.words[j] = SHADES[bytes[j]]
    tile.canvas.getContext("2d").putImageData(tile.image, 0, 0)
  }))
  const weights = JSON.stringify(view.header.weights)
  if (view.drawnWeights !== weights) { view.drawnWeights = weights; paintLines(view) }
  paintSurface(view)
}

// Width and opacity by size, color by sign; the edge under the pointer in the page's text color.
function paintLines(view) {
  const { lines, near, netTop, host } = view, context = lines.getContext("2d")
  context.setTransform(1, 0, 0, 1, 0, 0)
  context.clearRect(0, 0, lines.width, lines.height)
  context.scale(devicePixelRatio, devicePixelRatio)
  context.translate(0, -netTop)
  for (const line of view.weights) {
    const w = line.value(), size = Math.abs(w ?? 0)
    context.strokeStyle = w === null || w === 0 ? ZERO : w < 0 ? MINUS : PLUS
    context.lineWidth = Math.min(5, 0.7 + 1.1 * size)
    context.globalAlpha = Math.min(0.95, 0.25 + 0.5 * size)
    context.stroke(line.path)
  }
  if (!near) return
  context.globalAlpha = 1
  context.lineWidth = Math.max(2.5, context.lineWidth)
  context.strokeStyle = getComputedStyle(host).getPropertyValue("--st-primary-color")
  context.stroke(near.path)
}

// The network's output, or the map of the neuron under the pointer, with the points on top.
function paintSurface(view) {
  const { surface, header, large, title } = view
  const context = view.picture.getContext("2d"), side = surface.width
  const [big, small] = header.sides
  const n = large ? small : big
  const picture = new ImageData(n, n), words = new Uint32Array(picture.data.buffer)
  if (large) {
    const bytes = view.maps[large[0]][large[1]]
    for (let j = 0; j < bytes.length; j++) words[j] = SHADES[bytes[j]]
  } else {
    const c = view.colors
    for (let j = 0; j < words.length; j++) {
      words[j] = 0xff000000 | c[3 * j + 2] << 16 | c[3 * j + 1] << 8 | c[3 * j]
    }
  }
  const sheet = new OffscreenCanvas(n, n)
  sheet.getContext("2d").putImageData(picture, 0, 0)
  context.imageSmoothingQuality = "high"
  context.clearRect(0, 0, side, side)
  context.drawImage(sheet, 0, 0, side, side)
  context.strokeStyle = "rgb(0 0 0 / .18)"
  context.lineWidth = devicePixelRatio
  context.beginPath()
  context.moveTo(side / 2, 0); context.lineTo(side / 2, side)
  context.moveTo(0, side / 2); context.lineTo(side, side / 2)
  context.stroke()
  paintPoints(view)
  say(title, large ? nameOf(view, ...large) : "The network's answer")
  explain(view)
  surface.classList.toggle("placing", header.brush !== null)
  surface.setAttribute("aria-label", large ? `What ${nameOf(view, ...large)} gives over the plane`
    : "What the network answers over the plane, with the points")
}

// The points do not change during training: they are drawn once.
function paintPoints(view) {
  const { surface, points, drawnPoints, header } = view
  const same = drawnPoints?.every((bytes, part) => bytes.length === points[part].length
    && bytes.every((byte, j) => byte === points[part][j]))
  if (same) return
  view.drawnPoints = points
  const context = surface.getContext("2d"), side = surface.width
  const many = points[0].length + points[1].length > 5 * 400
  const radius = (many ? 2.2 : 4.2) * devicePixelRatio
  context.clearRect(0, 0, side, side)
  const colors = header.value ? [...VALUES].map(hex) : CONSTANTS.classes
  points.forEach((bytes, part) => dots(context, bytes, side, radius, part === 1, colors))
}

function hex(word) {
  return `#${[0, 8, 16].map(bits => (word >> bits & 255).toString(16).padStart(2, "0")).join("")}`
}

function dots(context, bytes, side, radius, rings, colors) {
  const values = colors !== CONSTANTS.classes // of which 0 is white: they need an edge that is not
  const points = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let j = 0; j < bytes.length; j += 5) {
    const x = points.getUint16(j, true) / 65535 * side
    const y = (1 - points.getUint16(j + 2, true) / 65535) * side
    const color = colors[bytes[j + 4]]
    context.beginPath()
    context.arc(x, y, radius, 0, 2 * Math.PI)
    context.fillStyle = rings && !values ? "#FFFFFF" : color
    context.strokeStyle = values ? (rings ? "#000000" : ZERO) : rings ? color : "#FFFFFF"
    context.lineWidth = (rings ? 1.2 : 0.6) * devicePixelRatio
    context.fill()
    context.stroke()
  }
}

// The legend of colors: classes, the common scale of tiles and output, signs of weights.
function explain(view) {
  const { header, key, weightKey } = view
  const { classes, value, outside } = header
  const other = value ? "black edge: test" : "rings: test"
  const kinds = header.points[1] ? `discs: training, ${other}` : "discs: training"
  const explained = JSON.stringify([classes, value, outside, kinds])
  if (view.explained === explained) return
  view.explained = explained
  const both = value || classes.length === 2
  const [low, high] = value || !both ? ["−1", "1"]
    : [`class ${classes[0]}: −1`, `1: class ${classes[1]}`]
  key.replaceChildren()
  const row = make("div", "row", key)
  if (!value) {
    classes.forEach((name, label) => {
      const chip = make("span", "chip", row)
      chip.style.background = CONSTANTS.classes[label]
      make("span", "", row).textContent = classes.length > 2 ? name : `class ${name}`
    })
  }
  make("span", "", row).textContent = kinds
  const scale = make("div", "row", key)
  make("span", "", scale).textContent = low
  const bar = make("span", "bar", scale)
  bar.style.background = `linear-gradient(to right, ${CONSTANTS.scale.join(", ")})`
  make("span", "", scale).textContent = high
  make("span", "", scale).textContent = both ? "· tiles and answer; 0 is white" : "· tiles; 0 is white"
  const rest = make("div", "", key)
  rest.textContent = "x₁, x₂ from −6 to 6"
    + (outside ? `; ${outside} of the points lie outside` : "")
  weightKey.replaceChildren()
  const signs = make("div", "row", weightKey)
  make("span", "", signs).textContent = "Weights:"
  for (const [color, name] of [[MINUS, "negative"], [ZERO, "0"], [PLUS, "positive"]]) {
    make("span", "stroke", signs).style.background = color
    make("span", "", signs).textContent = name
  }
  make("span", "", signs).textContent = "· thicker is larger"
  const ends = "What lies beyond −1 and 1 has the color of the end."
  key.title = value || !both ? ends
    : `${ends} A is the probability of class ${classes[1]}, shown as 2A − 1: 0 is undecided.`
}

function say(element, text) {
  if (element.textContent !== text) element.textContent = text
}

function tell(view, event, text = "") {
  showTip(view.tip, text, event?.clientX, event?.clientY)
}

// The form in which a weight or a bias is set by hand.
function question(view, parent) {
  const form = make("form", "ask", parent)
  form.hidden = true
  const label = make("label", "", form), input = make("input", "", form)
  label.htmlFor = input.id = `value-${Math.random().toString(36).slice(2)}`
  input.type = "number"
  input.step = "any"
  const close = () => { form.hidden = true; view.asked = null }
  form.addEventListener("submit", event => {
    event.preventDefault()
    const value = input.valueAsNumber
    if (view.asked && Number.isFinite(value)) view.send("edit", { ...view.asked, value, n: Date.now() })
    close()
  })
  input.addEventListener("keydown", event => { if (event.key === "Escape") close() })
  input.addEventListener("blur", close)
  return { form, label, input }
}

function ask(view, event, { layer, unit, source }) {
  const { header } = view, { form, label, input } = view.ask
  if (!header.editable) return
  view.asked = { layer, unit, source }
  const to = nameOf(view, layer, unit)
  const value = source === null ? header.biases[layer - 1][unit]
    : header.weights[layer - 1][unit][source]
  label.textContent = source === null ? `Bias of ${to}`
    : `Weight from ${nameOf(view, layer - 1, source)} to ${to}`
  input.value = value ?? ""
  form.hidden = false
  tell(view)
  const box = event.currentTarget.getBoundingClientRect()
  const x = event.clientX || box.x, y = event.clientY || box.y
  form.style.left = `${Math.max(8, Math.min(x - 40, innerWidth - form.offsetWidth - 8))}px`
  // Below the pointer, or above it where that would be at the end of the screen.
  const below = y + 12 + form.offsetHeight < 0.8 * innerHeight
  form.style.top = `${below ? y + 12 : Math.max(8, y - 12 - form.offsetHeight)}px`
  input.focus()
  input.select()
}
