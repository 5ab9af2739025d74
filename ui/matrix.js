// Called with every new data and every change of theme; what must last is kept per element.
const kept = new WeakMap()
const decoder = new TextDecoder()
const CELL = 14, WIDEST = 420, TALLEST = 280, NARROWEST = 18, SMALLEST_MARK = 7
const KEYS = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }
const TABLES = {
  diverging: table(COLOURS.diverging, 1, 255),
  sequential: table(COLOURS.sequential, 0, 255),
}

export default function ({ data, parentElement, setTriggerValue }) {
  const view = kept.get(parentElement) ?? mount(parentElement)
  const length = new DataView(data.buffer, data.byteOffset).getUint32(0, true)
  view.header = JSON.parse(decoder.decode(data.subarray(4, 4 + length)))
  view.pixels = data.subarray(4 + length)
  view.pick = entry => {
    view.header.picked = entry
    mark(view)
    setTriggerValue("entry", entry)
  }
  paint(view)
  mark(view)
}

// Bytes from first to last as the 32-bit words of an image; grey for what is not a number.
function table(stops, first, last) {
  const rgb = stops.map(stop => [1, 3, 5].map(i => parseInt(stop.slice(i, i + 2), 16)))
  return Uint32Array.from({ length: 256 }, (_, level) => {
    if (level < first) return 0xff808080
    const at = (level - first) / (last - first) * (rgb.length - 1)
    const left = Math.min(Math.floor(at), rgb.length - 2)
    const [r, g, b] = rgb[left].map((from, i) =>
      Math.round(from + (rgb[left + 1][i] - from) * (at - left)))
    return (0xff000000 | b << 16 | g << 8 | r) >>> 0
  })
}

function mount(parent) {
  const host = document.createElement("div")
  host.tabIndex = 0
  host.setAttribute("role", "application")
  const tip = document.createElement("div")
  tip.className = "tip"
  const outline = document.createElement("div")
  outline.className = "mark"
  parent.append(host, tip)
  const view = { host, tip, outline, tiles: [] }
  host.addEventListener("click", event => {
    const entry = under(view, event)
    if (entry) view.pick(entry)
  })
  host.addEventListener("pointermove", event => tell(view, event))
  host.addEventListener("pointerleave", () => { tip.textContent = "" })
  host.addEventListener("keydown", event => walk(view, event))
  new ResizeObserver(() => mark(view)).observe(host)
  kept.set(parent, view)
  return view
}

function paint(view) {
  const { host, tiles, pixels } = view
  const { shape: [n, h, w], alt, scale, tile } = view.header
  host.className = tile ? "matrix tiles" : "matrix"
  host.setAttribute("aria-label", `${alt}. Arrow keys pick an entry.`)
  while (tiles.length > n) tiles.pop().remove()
  while (tiles.length < n) {
    const picture = document.createElement("div")
    picture.className = "picture"
    picture.append(document.createElement("canvas"))
    tiles.push(picture)
    host.append(picture)
  }
  const zoom = Math.max(1, Math.round(tile / w)), fit = (cells, most) =>
    Math.max(Math.min(cells * CELL, most), NARROWEST)
  const [wide, tall] = tile ? [zoom * w, zoom * h] : [fit(w, WIDEST), fit(h, TALLEST)]
  tiles.forEach((picture, i) => {
    const canvas = picture.firstChild
    canvas.width = w
    canvas.height = h
    canvas.style.width = `${wide}px`
    canvas.style.height = `${tall}px`
    canvas.style.imageRendering = wide < w || tall < h ? "auto" : "pixelated"
    const image = new ImageData(w, h), words = new Uint32Array(image.data.buffer)
    const levels = pixels.subarray(i * h * w, (i + 1) * h * w), colours = TABLES[scale]
    for (let j = 0; j < words.length; j++) words[j] = colours[levels[j]]
    canvas.getContext("2d").putImageData(image, 0, 0)
  })
}

// The box around the picked entry, never too small to be seen.
function mark(view) {
  const { tiles, outline, header: { shape: [, h, w], picked: [i, row, column] } } = view
  tiles.forEach((picture, at) => picture.classList.toggle("picked", at === i))
  const picture = tiles[i]
  if (!picture) { outline.remove(); return }
  picture.append(outline)
  const box = picture.firstChild.getBoundingClientRect()
  const width = Math.max(box.width / w, SMALLEST_MARK)
  const height = Math.max(box.height / h, SMALLEST_MARK)
  outline.style.left = `${(column + 0.5) * box.width / w - width / 2}px`
  outline.style.top = `${(row + 0.5) * box.height / h - height / 2}px`
  outline.style.width = `${width}px`
  outline.style.height = `${height}px`
}

function under({ tiles, header: { shape: [, h, w] } }, event) {
  const i = tiles.findIndex(picture => picture.contains(event.target))
  if (i < 0) return null
  const box = tiles[i].firstChild.getBoundingClientRect()
  const inside = (part, n) => Math.min(Math.max(Math.floor(part * n), 0), n - 1)
  const down = (event.clientY - box.y) / box.height, right = (event.clientX - box.x) / box.width
  return [i, inside(down, h), inside(right, w)]
}

// Keys that move the pick do not also turn the slide.
function walk(view, event) {
  const { shape: [, h, w], picked: [i, row, column] } = view.header
  const step = KEYS[event.key]
  if (!step) return
  event.preventDefault()
  event.stopPropagation()
  const entry = [i, row + step[0], column + step[1]]
  if (entry[1] < 0 || entry[1] >= h || entry[2] < 0 || entry[2] >= w) return
  view.pick(entry)
}

function tell(view, event) {
  const entry = under(view, event), { tip, header, pixels } = view
  if (!entry) { tip.textContent = ""; return }
  const [i, row, column] = entry
  const { shape: [, h, w], axes, names: [name, first], scale, limit } = header
  const level = pixels[(i * h + row) * w + column]
  tip.textContent = (name ? `${name} ${first + i}\n` : "") +
    `${axes[0]} ${row}, ${axes[1]} ${column}: ${value(level, scale, limit)}`
  tip.style.left = `${Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8)}px`
  tip.style.top = `${Math.min(event.clientY + 14, innerHeight - tip.offsetHeight - 8)}px`
}

// What a byte stands for. It is one of 127 or 255 steps, hence "about"; picked, it is exact.
function value(level, scale, limit) {
  if (scale === "sequential") return `about ${(level / 255 * limit).toPrecision(2)}`
  return level === 0 ? "not a number" : `about ${((level - 128) / 127 * limit).toPrecision(2)}`
}
