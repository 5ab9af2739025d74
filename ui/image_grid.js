// Called with every new data and every change of theme; what must last is kept per element.
const grids = new WeakMap()
const decoder = new TextDecoder()
const SIGNS = { right: "✓ ", wrong: "✗ " }
const GAP = 6
const TABLES = {
  diverging: table(COLOURS.diverging, 1, 255),
  sequential: table(COLOURS.sequential, 0, 255),
}

export default function ({ data, parentElement, setStateValue }) {
  const grid = grids.get(parentElement) ?? mount(parentElement)
  const length = new DataView(data.buffer, data.byteOffset).getUint32(0, true)
  const header = JSON.parse(decoder.decode(data.subarray(4, 4 + length)))
  // The tile picked is the page's to keep once it is clicked: a poll under way must not undo it.
  if (!grid.header || header.selected !== grid.header.selected) grid.selected = header.selected
  grid.header = header
  grid.pick = index => {
    grid.selected = grid.selected === index ? null : index
    setStateValue("selected", grid.selected)
    press(grid)
  }
  grid.pixels = data.subarray(4 + length)
  arrange(grid)
  paint(grid)
  press(grid)
  tell(grid)
}

// Bytes from first to last as the 32-bit words of an image, the stops in even steps; grey where
// no step is, which in the diverging scale is 0, for what is not a number.
function table(stops, first, last) {
  const rgb = stops.map(stop => [1, 3, 5].map(i => parseInt(stop.slice(i, i + 2), 16)))
  const words = new Uint32Array(256).fill(0xff808080)
  for (let level = first; level <= last; level++) {
    const place = (level - first) / (last - first) * (rgb.length - 1)
    const left = Math.min(Math.floor(place), rgb.length - 2)
    const [r, g, b] = rgb[left].map((from, i) =>
      Math.round(from + (rgb[left + 1][i] - from) * (place - left)))
    words[level] = 0xff000000 | b << 16 | g << 8 | r
  }
  return words
}

function mount(parent) {
  const host = document.createElement("div")
  host.className = "grid"
  host.setAttribute("role", "group")
  host.dataset.updates = 0
  const tip = document.createElement("div")
  tip.className = "tip"
  parent.append(host, tip)
  // One canvas for all tiles: a browser makes each a layer, and goes over all layers in each frame.
  const canvas = host.appendChild(document.createElement("canvas"))
  const images = document.createElement("canvas") // never shown: one below the other, unscaled
  const grid = {
    host, tip, canvas, images, tiles: [], header: null, pixels: null, selected: null, at: null,
    context: canvas.getContext("2d"),
  }
  const index = ({ target }) =>
    grid.tiles.findIndex(tile => tile.element === target.closest(".tile"))
  host.addEventListener("click", event => {
    if (grid.header.clickable && index(event) >= 0) grid.pick(index(event))
  })
  host.addEventListener("keydown", event => walk(grid, event, index(event)))
  host.addEventListener("pointermove", event => {
    grid.at = { index: index(event), x: event.clientX, y: event.clientY }
    tell(grid)
  })
  host.addEventListener("pointerleave", () => {
    grid.at = null
    tell(grid)
  })
  new ResizeObserver(() => {
    place(grid)
    draw(grid, [])
  }).observe(host)
  grids.set(parent, grid)
  return grid
}

// As many tiles as there are images, each as large as whole screen pixels allow.
function arrange(grid) {
  const { shape: [n, h, w], alt, tile, labels, columns, captions, marks, clickable } = grid.header
  const kind = clickable ? "button" : "div"
  const keep = grid.tiles[0]?.element.localName === kind ? n : 0
  while (grid.tiles.length > keep) grid.tiles.pop().element.remove()
  while (grid.tiles.length < n) {
    const element = document.createElement(kind)
    element.className = "tile"
    if (!clickable) element.setAttribute("role", "img")
    const picture = element.appendChild(document.createElement("span"))
    picture.className = "picture"
    const caption = element.appendChild(document.createElement("span"))
    grid.tiles.push({ element, picture, caption })
    grid.host.append(element)
  }
  const width = Math.max(1, Math.round(tile * devicePixelRatio / w)) * w / devicePixelRatio
  const layout = [kind, n, h, w, width, columns, Boolean(captions), devicePixelRatio].join()
  const style = `${width}px`, tall = `${width * h / w}px`
  grid.host.style.gridTemplateColumns = `repeat(auto-fill, ${style})`
  grid.host.style.maxWidth = columns ? `${columns * (width + GAP) - GAP}px` : ""
  grid.host.setAttribute("aria-label", alt)
  grid.tiles.forEach(({ element, picture, caption }, i) => {
    if (picture.style.width !== style) picture.style.width = style
    if (picture.style.height !== tall) picture.style.height = tall
    const mark = marks?.[i] ?? ""
    const text = captions ? (SIGNS[mark] ?? "") + captions[i] : ""
    if (caption.textContent !== text) caption.textContent = text
    const look = captions ? `caption ${mark}` : ""
    if (caption.className !== look) caption.className = look
    const name = [labels[i], captions?.[i], mark].filter(Boolean).join(", ")
    if (element.ariaLabel !== name) element.ariaLabel = name
  })
  if (layout === grid.layout) return
  grid.layout = layout
  place(grid)
}

// The bytes as colours. Tiles that did not change, as those of a dead neuron, are left alone.
function paint(grid) {
  const { shape: [n, h, w], scale } = grid.header
  const { images, pixels, painted } = grid
  const colours = TABLES[scale], size = h * w
  const same = painted && painted.scale === scale && images.width === w && images.height === n * h
  if (!same) {
    images.width = w
    images.height = n * h
    grid.image = new ImageData(w, n * h)
    grid.words = new Uint32Array(grid.image.data.buffer)
  }
  const changed = grid.tiles.map((_, i) => i).filter(i => {
    for (let j = i * size; j < (i + 1) * size; j++) {
      if (!same || pixels[j] !== painted.pixels[j]) return true
    }
    return false
  })
  for (const i of changed) {
    for (let j = i * size; j < (i + 1) * size; j++) grid.words[j] = colours[pixels[j]]
  }
  images.getContext("2d").putImageData(grid.image, 0, 0)
  grid.painted = { pixels, scale }
  draw(grid, changed)
  grid.host.dataset.updates = Number(grid.host.dataset.updates) + 1
}

// The canvas as large as all tiles, empty; where on it each tile's picture is, in its pixels.
function place(grid) {
  const { host, canvas, tiles } = grid
  for (const [side, length] of [["width", host.clientWidth], ["height", host.clientHeight]]) {
    canvas[side] = Math.round(length * devicePixelRatio)
    canvas.style[side] = `${canvas[side] / devicePixelRatio}px` // none of its pixels is stretched
  }
  grid.context.imageSmoothingEnabled = false
  for (const tile of tiles) {
    const { offsetLeft: x, offsetTop: y, offsetWidth: width, offsetHeight: height } = tile.picture
    tile.box = [x, y, width, height].map(length => Math.round(length * devicePixelRatio))
  }
  grid.empty = true
}

// These tiles, or all where the canvas is empty.
function draw(grid, changed) {
  const { shape: [, h, w] } = grid.header
  for (const i of grid.empty ? grid.tiles.keys() : changed) {
    grid.context.drawImage(grid.images, 0, i * h, w, h, ...grid.tiles[i].box)
  }
  grid.empty = false
}

function press(grid) {
  if (!grid.header.clickable) return
  // One stop for the Tab key, arrows within.
  const stop = grid.tiles.findIndex(({ element }) => element.matches(":focus"))
  const entry = stop >= 0 ? stop : grid.selected ?? 0
  grid.tiles.forEach(({ element }, i) => {
    element.ariaPressed = String(i === grid.selected)
    element.tabIndex = i === entry ? 0 : -1
  })
}

function walk(grid, event, from) {
  const row = getComputedStyle(grid.host).gridTemplateColumns.split(" ").length
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: row, ArrowUp: -row }[event.key]
  const next = grid.tiles[from + step]
  if (!step || from < 0 || !next || !grid.header.clickable) return
  event.preventDefault()
  next.element.focus()
  press(grid)
}

// The label of the tile under the pointer, and of a large tile's pixel the value, as it is now.
function tell({ at, tip, tiles, header, pixels }) {
  const tile = tiles[at?.index]
  if (!tile) { tip.textContent = ""; return }
  const { shape: [, h, w], scale, limit, labels } = header
  const box = tile.picture.getBoundingClientRect()
  const x = Math.floor((at.x - box.x) / box.width * w)
  const y = Math.floor((at.y - box.y) / box.height * h)
  let text = labels[at.index]
  if (box.width >= 4 * w && x >= 0 && x < w && y >= 0 && y < h) {
    text += `\nrow ${y}, column ${x}: ${value(pixels[(at.index * h + y) * w + x], scale, limit)}`
  }
  tip.textContent = text
  tip.style.left = `${Math.min(at.x + 14, innerWidth - tip.offsetWidth - 8)}px`
  tip.style.top = `${Math.min(at.y + 14, innerHeight - tip.offsetHeight - 8)}px`
}

// What a byte stands for. It is one of 127 or 255 steps, hence "about".
function value(level, scale, limit) {
  if (scale === "sequential") return `about ${(level / 255 * limit).toPrecision(2)}`
  return level === 0 ? "not a number" : `about ${((level - 128) / 127 * limit).toPrecision(2)}`
}
