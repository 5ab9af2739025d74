// The browser owns the strokes: it paints them at once and sends them to Python. Called with
// every reply of Python; state that must last is stored per element.
const pads = new WeakMap()
const EVERY = 200 // milliseconds at least between two messages while the pen moves
const PATIENCE = 1500 // milliseconds until a message without a reply is sent again
const STEP = 3 // thousandths of the canvas: points closer than this are one
const ACTS = ["click", "keydown"] // on the rest of the page
const MOST = 40000 // numbers in all strokes together; Python takes no more

export default function ({ data, parentElement, setStateValue }) {
  const pad = pads.get(parentElement) ?? mount(parentElement, data)
  pad.setState = setStateValue
  pad.pen = data.pen
  pad.canvas.ariaLabel = data.label
  if (data.revision !== pad.revision) take(pad, data)
  pad.heard = data.heard
  if (pad.heard >= pad.n) clearTimeout(pad.unheard)
  Object.assign(pad.canvas.dataset, { known: data.strokes.length, heard: data.heard }) // for tests
  if (pad.timer) later(pad) // the answer is here: the next message may go
  return () => {
    if (parentElement.isConnected) return
    pad.resized.disconnect()
    for (const act of ACTS) document.removeEventListener(act, pad.acted, true)
    clearTimeout(pad.timer)
    clearTimeout(pad.unheard)
  }
}

function mount(parent, data) {
  const host = make("div", "pad", parent)
  const canvas = make("canvas", "paper", host)
  canvas.setAttribute("role", "img")
  const pad = {
    canvas, context: canvas.getContext("2d"), strokes: [], stroke: null, pointer: null,
    n: data.heard, heard: data.heard, sent: 0, timer: 0, unheard: 0, revision: null, acts: 0,
  }
  const row = make("div", "row", host)
  pad.undo = button("Undo", row, () => change(pad, pad.strokes.slice(0, -1)))
  pad.clear = button("Clear", row, () => change(pad, []))
  canvas.addEventListener("pointerdown", event => down(pad, event))
  canvas.addEventListener("pointermove", event => moved(pad, event))
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
    canvas.addEventListener(end, event => lifted(pad, event))
  }
  canvas.addEventListener("contextmenu", event => event.preventDefault()) // of a long press
  pad.acted = event => { if (!event.composedPath().includes(host)) pad.acts += 1 }
  for (const act of ACTS) document.addEventListener(act, pad.acted, true)
  pad.resized = new ResizeObserver(() => paint(pad))
  pad.resized.observe(canvas)
  pads.set(parent, pad)
  return pad
}

function make(name, kind, parent) {
  const element = parent.appendChild(document.createElement(name))
  element.className = kind
  return element
}

function button(name, parent, act) {
  const element = make("button", "", parent)
  element.type = "button"
  element.textContent = name
  element.addEventListener("click", act)
  return element
}

// Replaces the strokes that Python knew by Python's; strokes begun since then stay. So do those
// begun after the last click or key on the rest of the page: their message may have reached a busy
// Python together with the click that made it replace what it knew.
function take(pad, { revision, heard, strokes }) {
  const since = pad.strokes.filter(stroke =>
    stroke.begun >= heard || stroke.acts === pad.acts || stroke === pad.stroke)
  const given = strokes.map(([pen, ...points]) => ({ pen, points, begun: -1, acts: -1 }))
  const mine = pad.revision !== null && since.length > 0
  pad.revision = revision
  pad.n = Math.max(pad.n, heard)
  pad.strokes = [...given, ...since]
  paint(pad)
  if (mine) send(pad)
}

function down(pad, event) {
  if (pad.stroke || event.button !== 0) return // one pen at a time: no palm, no second finger
  event.preventDefault()
  pad.canvas.setPointerCapture(event.pointerId)
  pad.pointer = event.pointerId
  pad.stroke = { pen: pad.pen, points: at(pad, event), begun: pad.n, acts: pad.acts }
  pad.strokes.push(pad.stroke)
  line(pad, pad.stroke, 0)
  allow(pad)
  later(pad)
}

function moved(pad, event) {
  if (!pad.stroke || event.pointerId !== pad.pointer) return
  const { points } = pad.stroke, from = points.length - 2
  const events = event.getCoalescedEvents?.() ?? []
  for (const each of events.length ? events : [event]) {
    const [x, y] = at(pad, each), [x0, y0] = points.slice(-2)
    if (Math.hypot(x - x0, y - y0) >= STEP) points.push(x, y)
  }
  if (points.length === from + 2) return
  line(pad, pad.stroke, from)
  later(pad)
}

function lifted(pad, event) {
  if (!pad.stroke || event.pointerId !== pad.pointer) return
  pad.stroke = pad.pointer = null
  if (pad.strokes.reduce((sum, { points }) => sum + points.length + 1, 0) > MOST) {
    pad.strokes.pop()
    paint(pad)
  }
  send(pad)
}

function change(pad, strokes) {
  pad.strokes = strokes
  paint(pad)
  send(pad)
}

// The pen's position, in thousandths of the canvas.
function at({ canvas }, { clientX, clientY }) {
  const box = canvas.getBoundingClientRect()
  return [(clientX - box.x) / box.width, (clientY - box.y) / box.height]
    .map(part => Math.round(1000 * Math.min(Math.max(part, -1), 2)))
}

// Send to Python soon, but not before its last reply, so that a busy server is not flooded.
function later(pad) {
  clearTimeout(pad.timer)
  const pause = pad.heard < pad.n ? PATIENCE : EVERY
  pad.timer = setTimeout(() => send(pad), Math.max(0, pad.sent + pause - performance.now()))
}

function send(pad) {
  clearTimeout(pad.timer)
  pad.timer = 0
  pad.sent = performance.now()
  pad.canvas.dataset.sent = pad.n += 1
  clearTimeout(pad.unheard)
  pad.unheard = setTimeout(() => send(pad), PATIENCE) // a message may be lost, a stroke may not
  allow(pad)
  pad.setState("drawing", {
    n: pad.n,
    moving: pad.stroke !== null,
    revision: pad.revision,
    strokes: pad.strokes.map(({ pen, points }) => [pen, ...points]),
  })
}

function allow({ undo, clear, strokes, canvas }) {
  undo.disabled = clear.disabled = strokes.length === 0
  canvas.dataset.strokes = strokes.length
}

// Repaints all strokes, with one canvas pixel per screen pixel.
function paint(pad) {
  const { canvas, context } = pad
  canvas.width = canvas.height = Math.max(1, Math.round(canvas.clientWidth * devicePixelRatio))
  context.lineCap = context.lineJoin = "round"
  context.strokeStyle = "#FFFFFF"
  for (const stroke of pad.strokes) line(pad, stroke, 0)
  allow(pad)
}

// Paints a stroke from one of its points to its end.
function line({ canvas, context }, { pen, points }, from) {
  const scale = canvas.width / 1000
  context.lineWidth = pen * scale
  context.beginPath()
  context.moveTo(points[from] * scale, points[from + 1] * scale)
  for (let i = from; i < points.length; i += 2) {
    context.lineTo(points[i] * scale, points[i + 1] * scale) // to itself: a dot
  }
  context.stroke()
}
