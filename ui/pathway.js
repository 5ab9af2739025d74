// Called with new data and at every change of theme; state that must last is stored per element.
const ways = new WeakMap()
const LIT = "#E8A200", DIM = "rgb(128 128 128 / .16)"
const BELOW = 34 // pixels for two lines of words under the units
const LARGEST = 18, SMALLEST = 2 // pixels of a unit
const MIN_WORDS = 74, BESIDE = 5 // pixels for the names of classes, and between a unit and its name
const PATIENCE = 1500 // milliseconds to wait for Python
const KEYS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }

export default function ({ data, parentElement, setStateValue }) {
  const way = ways.get(parentElement) ?? mount(parentElement)
  const [header, levels] = unpack(data)
  way.header = header
  way.levels = levels
  way.setState = setStateValue
  way.host.classList.toggle("clickable", header.clickable)
  if (header.clickable) way.host.tabIndex = 0
  const { layers, names } = header
  way.host.setAttribute("role", header.clickable ? "application" : "img")
  way.host.ariaLabel = `Network ${layers.join(", ")}: ${names.join(", ")}; units lit by what they `
    + `give${header.clickable ? ". Arrow keys pick a unit" : ""}`
  arrange(way)
  paint(way)
  way.host.dataset.updates = Number(way.host.dataset.updates) + 1
  return () => {
    if (parentElement.isConnected) return
    way.resized.disconnect()
    clearTimeout(way.timer)
  }
}

// Asks Python for this unit's weights, and repeats the request if it was lost.
function pick(way, unit) {
  way.picked = unit
  way.asked = (way.asked ?? 0) + 1
  way.setState("unit", [...unit, way.asked])
  clearTimeout(way.timer)
  way.timer = setTimeout(() => {
    if (String(way.header.picked) !== String(unit)) pick(way, unit)
  }, PATIENCE)
  paint(way)
}

function mount(parent) {
  const host = parent.appendChild(document.createElement("div"))
  host.className = "way"
  host.dataset.updates = 0
  const canvas = host.appendChild(document.createElement("canvas"))
  const tip = parent.appendChild(document.createElement("div"))
  tip.className = "tip"
  const way = { host, canvas, tip, picked: null, boxes: [] }
  canvas.addEventListener("click", event => {
    const unit = under(way, event)
    if (way.header.clickable && unit?.[0] > 0) pick(way, unit)
  })
  canvas.addEventListener("pointermove", event => {
    const unit = under(way, event)
    showTip(tip, unit ? nameOf(way, ...unit) : "", event.clientX, event.clientY)
  })
  canvas.addEventListener("pointerleave", () => showTip(tip, ""))
  host.addEventListener("keydown", event => walk(way, event))
  way.resized = new ResizeObserver(() => { arrange(way); paint(way) })
  way.resized.observe(host)
  ways.set(parent, way)
  return way
}

// Positions of each layer's units: in columns of the available height, as large as they fit.
function arrange(way) {
  const { host, canvas, header: { layers, shape, height, classes } } = way
  const width = host.clientWidth
  const last = layers.length - 1, words = classes.length ? roomForWords(way) : 10
  const [h, w] = shape ?? [Math.ceil(layers[0] / Math.ceil(Math.sqrt(layers[0]))), Math.ceil(Math.sqrt(layers[0]))]
  const picture = Math.min(height / h, 0.24 * width / w)
  const room = (width - picture * w - words - LARGEST) / Math.max(1, last - 1)
  way.boxes = layers.map((n, l) => {
    if (l === 0) return { columns: w, rows: h, side: picture }
    if (l === last) return { columns: 1, rows: n, side: Math.min(LARGEST, height / n) }
    let side = LARGEST
    const columnsAt = size => Math.ceil(n / Math.max(1, Math.floor(height / size)))
    while (side > SMALLEST && columnsAt(side) * side > 0.5 * room) side -= 0.5
    return { columns: columnsAt(side), rows: Math.ceil(n / columnsAt(side)), side }
  })
  const taken = way.boxes.reduce((sum, box) => sum + box.columns * box.side, 0)
  const gap = Math.max(8, (width - taken - words) / Math.max(1, last))
  let x = 0
  for (const box of way.boxes) {
    Object.assign(box, { x, y: (height - box.rows * box.side) / 2 })
    x += box.columns * box.side + gap
  }
  canvas.width = Math.round(width * devicePixelRatio)
  canvas.height = Math.round((height + BELOW) * devicePixelRatio)
  canvas.style.height = `${height + BELOW}px`
}

// Pixels beside the last layer, for the names of the classes and their probabilities.
function roomForWords({ host, canvas, header: { classes } }) {
  const context = canvas.getContext("2d")
  context.font = `700 12px ${getComputedStyle(host).fontFamily}`
  const longest = Math.max(...classes.map(name => context.measureText(`${name} 100 %`).width))
  return Math.min(Math.max(MIN_WORDS, longest + BESIDE), Math.max(MIN_WORDS, host.clientWidth / 4))
}

// As much of a name as fits, with what follows it.
function fitted(context, name, after, room) {
  let text = name + after
  for (let n = name.length - 1; n > 0 && context.measureText(text).width > room; n--)
    text = `${name.slice(0, n).trimEnd()}…${after}`
  return text
}

// The corner of a unit. The input is an image, row by row; other layers are column by column.
function corner({ boxes }, l, i) {
  const { x, y, side, columns, rows } = boxes[l]
  return l === 0 ? [x + i % columns * side, y + Math.floor(i / columns) * side]
    : [x + Math.floor(i / rows) * side, y + i % rows * side]
}

function center(way, l, i) {
  const { side } = way.boxes[l], [x, y] = corner(way, l, i)
  return [x + side / 2, y + side / 2]
}

function paint(way) {
  const { canvas, host, header: { layers, names, edges, classes, outputs }, levels, boxes, picked } = way
  const context = canvas.getContext("2d"), style = getComputedStyle(host)
  context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0)
  context.clearRect(0, 0, canvas.width, canvas.height)
  let start = 0
  way.starts = layers.map(n => (start += n) - n)
  const box = boxes[0]
  context.fillStyle = "#000"
  context.fillRect(box.x, box.y, box.columns * box.side, box.rows * box.side)
  layers.forEach((n, l) => {
    for (let i = 0; i < n; i++) unit(way, context, l, i, levels[way.starts[l] + i])
  })
  edges.forEach(([sources, units, strengths], l) => {
    strengths.forEach((strength, i) => {
      const size = Math.abs(strength) / 1000
      const [x0, y0] = center(way, l, sources[i]), [x1, y1] = center(way, l + 1, units[i])
      context.globalAlpha = 0.15 + 0.7 * size
      context.lineWidth = 0.4 + 1.8 * size
      context.strokeStyle = strength < 0 ? MINUS : PLUS
      context.beginPath()
      context.moveTo(x0, y0)
      context.bezierCurveTo((x0 + x1) / 2, y0, (x0 + x1) / 2, y1, x1, y1)
      context.stroke()
    })
  })
  context.globalAlpha = 1
  if (picked && picked[0] < layers.length && picked[1] < layers[picked[0]]) {
    const { side } = boxes[picked[0]], [x, y] = corner(way, ...picked)
    context.strokeStyle = style.getPropertyValue("--st-primary-color")
    context.lineWidth = 2
    context.strokeRect(x - 1, y - 1, side + 1, side + 1)
  }
  context.fillStyle = style.color
  context.textBaseline = "middle"
  const last = layers.length - 1, most = Math.max(...outputs)
  classes.forEach((name, i) => {
    const [x, y] = center(way, last, i)
    context.font = `${outputs[i] === most ? 700 : 400} 12px ${style.fontFamily}`
    const percent = outputs[i] >= 0.005 ? ` ${Math.round(100 * outputs[i])} %` : ""
    const left = x + boxes[last].side / 2 + BESIDE
    context.fillText(fitted(context, name, percent, host.clientWidth - left), left, y)
  })
  context.font = `12px ${style.fontFamily}`
  context.textBaseline = "top"
  const top = way.header.height + 4, counts = layers.map(n => n.toLocaleString("en"))
  write(way, context, top, counts.map((n, l) => `${n} ${names[l]}`), counts)
  context.globalAlpha = 0.72
  write(way, context, top + 15, layers.map((n, l) => l ? `W ${n}×${layers[l - 1]}` : "the input X"), [])
  context.globalAlpha = 1
}

// A text below each layer; the short ones where the others would run into each other.
function write({ boxes, host }, context, y, texts, short) {
  const spans = texts.map((text, l) => {
    const { x, columns, side } = boxes[l], half = context.measureText(text).width / 2
    const middle = Math.min(Math.max(x + columns * side / 2, half), host.clientWidth - half)
    return [middle - half, middle + half]
  })
  if (spans.some(([start], l) => l && start < spans[l - 1][1] + 4)) {
    if (short.length) write({ boxes, host }, context, y, short, [])
    return
  }
  texts.forEach((text, l) => context.fillText(text, spans[l][0], y))
}

function unit(way, context, l, i, level) {
  const { side } = way.boxes[l], [x, y] = corner(way, l, i)
  const size = level === 0 ? 0 : (level - 128) / 127
  const room = side > 5 ? 1 : 0
  if (l === 0) {
    if (size <= 0) return
    context.fillStyle = "#FFF"
  } else {
    context.fillStyle = DIM
    context.fillRect(x, y, side - room, side - room)
    context.fillStyle = size < 0 ? MINUS : LIT
  }
  context.globalAlpha = Math.abs(size)
  context.fillRect(x, y, side - room, side - room)
  context.globalAlpha = 1
}

function under({ canvas, boxes, header: { layers } }, { clientX, clientY }) {
  const at = canvas.getBoundingClientRect()
  for (const [l, { x, y, side, columns, rows }] of boxes.entries()) {
    const column = Math.floor((clientX - at.x - x) / side), row = Math.floor((clientY - at.y - y) / side)
    if (column < 0 || column >= columns || row < 0 || row >= rows) continue
    const i = l === 0 ? row * columns + column : column * rows + row
    if (i < layers[l]) return [l, i]
  }
  return null
}

function nameOf({ header: { layers, names, classes }, levels, starts }, l, i) {
  const share = (levels[starts[l] + i] - 128) / 127
  const given = levels[starts[l] + i] === 0 ? "not a number" : `${Math.round(100 * share)} % of the layer's largest`
  if (l === 0) return `input ${i}: ${given}`
  const what = l === layers.length - 1 ? `output ${classes[i] ?? i}` : `layer ${l}, unit ${i}`
  return `${what}, ${names[l]}: ${given}`
}

function walk(way, event) {
  const step = KEYS[event.key], { layers, clickable } = way.header
  if (!step || !clickable) return
  event.preventDefault()
  const [l, i] = way.picked ?? [1, -1]
  const layer = Math.min(Math.max(l + step[0], 1), layers.length - 1)
  pick(way, [layer, Math.min(Math.max(i + step[1], 0), layers[layer] - 1)])
}
