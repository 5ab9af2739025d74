// Called with new data and at every change of theme; state that must last is stored per element.
const grids = new WeakMap()
const SIGNS = { right: "✓ ", wrong: "✗ " }
const KEYS = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }
const GAP = 6, SMALLEST_OUTLINE = 7
const TABLES = {
  diverging: colorTable(COLORS.diverging, 1, 255),
  sequential: colorTable(COLORS.sequential, 0, 255),
}

// header.picks says what a click selects: a "tile", an "entry" (tile, row and column), or null. If
// header.kept is set, a tile stays selected until it is clicked again; else the page decides.
export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const grid = grids.get(parentElement) ?? mount(parentElement)
  const [header, pixels] = unpack(data)
  // After a click, a poll that was already under way must not undo the selection.
  if (String(header.picked) !== String(grid.header?.picked)) grid.picked = header.picked
  grid.header = header
  grid.pick = picked => {
    grid.picked = header.kept && grid.picked === picked ? null : picked
    if (header.kept) setStateValue("selected", grid.picked)
    else setTriggerValue(header.picks, grid.picked)
    mark(grid)
  }
  grid.pixels = pixels
  arrange(grid)
  paint(grid)
  mark(grid)
  tell(grid)
}

function mount(parent) {
  const host = document.createElement("div")
  host.dataset.updates = 0
  const tip = document.createElement("div")
  tip.className = "tip"
  parent.append(host, tip)
  // One canvas for all tiles: a browser makes a layer of each canvas, and composes all in each frame.
  const canvas = host.appendChild(document.createElement("canvas"))
  const images = document.createElement("canvas") // never shown: one below the other, unscaled
  const outline = host.appendChild(document.createElement("div")) // around the entry picked
  outline.className = "outline"
  const grid = {
    host, tip, canvas, images, outline, tiles: [], header: null, pixels: null, picked: null,
    at: null, context: canvas.getContext("2d"),
  }
  host.addEventListener("click", event => {
    const { picks } = grid.header, entry = under(grid, event)
    if (picks && entry) grid.pick(picks === "tile" ? entry[0] : entry)
  })
  host.addEventListener("keydown", event => {
    if (grid.header.picks === "tile") walkTiles(grid, event)
    if (grid.header.picks === "entry") walkEntries(grid, event)
  })
  host.addEventListener("pointermove", ({ target, clientX, clientY }) => {
    grid.at = { target, clientX, clientY }
    tell(grid)
  })
  host.addEventListener("pointerleave", () => {
    grid.at = null
    tell(grid)
  })
  new ResizeObserver(() => {
    arrange(grid)
    place(grid)
    draw(grid, [])
    mark(grid)
  }).observe(host)
  grids.set(parent, grid)
  return grid
}

// Width and height of a tile in CSS pixels: header.size if there is room, or about header.tile
// wide, with the same whole number of screen pixels for each image pixel.
function sizeOf({ host, header: { shape: [, h, w], tile, size } }) {
  if (size) {
    const room = host.clientWidth - 2 * GAP
    return [room > 0 ? Math.min(size[0], room) : size[0], size[1]]
  }
  const width = Math.max(1, Math.round(tile * devicePixelRatio / w)) * w / devicePixelRatio
  return [width, width * h / w]
}

// Makes as many tiles as there are images.
function arrange(grid) {
  const { host } = grid
  const { shape: [n, h, w], alt, labels, columns, room, captions, marks, picks } = grid.header
  const entries = picks === "entry", kind = picks === "tile" ? "button" : "div"
  host.className = entries ? "grid matrix" : "grid"
  host.setAttribute("role", entries ? "application" : "group")
  host.setAttribute("aria-label", entries ? `${alt}. Arrow keys pick an entry.` : alt)
  if (entries) host.tabIndex = 0
  const keep = grid.tiles[0]?.element.localName === kind ? n : 0
  while (grid.tiles.length > keep) grid.tiles.pop().element.remove()
  while (grid.tiles.length < n) {
    const element = document.createElement(kind)
    element.className = "tile"
    const picture = element.appendChild(document.createElement("span"))
    picture.className = "picture"
    const caption = element.appendChild(document.createElement("span"))
    grid.tiles.push({ element, picture, caption })
    host.append(element)
  }
  const [width, height] = sizeOf(grid)
  const cell = Math.max(width, room ?? 0)
  const layout = [kind, n, h, w, width, height, cell, columns, Boolean(captions), devicePixelRatio].join()
  const wide = `${width}px`, tall = `${height}px`
  host.style.gridTemplateColumns = `repeat(auto-fill, ${cell}px)`
  host.style.maxWidth = columns ? `${columns * (cell + GAP) - GAP}px` : ""
  grid.tiles.forEach(({ element, picture, caption }, i) => {
    if (picture.style.width !== wide) picture.style.width = wide
    if (picture.style.height !== tall) picture.style.height = tall
    const mark = marks?.[i] ?? ""
    const text = captions?.[i].replace(/[^\n]*$/, line => (SIGNS[mark] ?? "") + line) ?? ""
    if (caption.textContent !== text) caption.textContent = text
    const look = captions ? `caption ${mark}` : ""
    if (caption.className !== look) caption.className = look
    const said = [labels[i], captions?.[i].replaceAll("\n", " "), mark].filter(Boolean)
    const name = [...new Set(said)].join(", ")
    if (element.ariaLabel !== name) element.ariaLabel = name
    if (kind === "div") element.role = name ? "img" : "presentation" // the grid has a name too
  })
  if (layout === grid.layout) return
  grid.layout = layout
  place(grid)
}

// Paints the bytes as colors. Unchanged tiles, such as a dead neuron's, are skipped.
function paint(grid) {
  const { shape: [n, h, w], scale } = grid.header
  const { images, pixels, painted } = grid
  const colors = TABLES[scale], size = h * w
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
    for (let j = i * size; j < (i + 1) * size; j++) grid.words[j] = colors[pixels[j]]
  }
  images.getContext("2d").putImageData(grid.image, 0, 0)
  grid.painted = { pixels, scale }
  draw(grid, changed)
  grid.host.dataset.updates = Number(grid.host.dataset.updates) + 1
}

// Clears and sizes the canvas for all tiles; finds the position of each tile in canvas pixels.
function place(grid) {
  const { host, canvas, tiles, header: { shape: [, h, w] } } = grid
  for (const [side, length] of [["width", host.clientWidth], ["height", host.clientHeight]]) {
    canvas[side] = Math.round(length * devicePixelRatio)
    canvas.style[side] = `${canvas[side] / devicePixelRatio}px` // none of its pixels is stretched
  }
  for (const tile of tiles) {
    const { offsetLeft: x, offsetTop: y, offsetWidth: width, offsetHeight: height } = tile.picture
    tile.box = [x, y, width, height].map(length => Math.round(length * devicePixelRatio))
    // Crisp, unless a large matrix has more entries than the screen has pixels.
    grid.context.imageSmoothingEnabled = tile.box[2] < w || tile.box[3] < h
  }
  grid.empty = true
}

// Draws these tiles, or all if the canvas is empty.
function draw(grid, changed) {
  const { shape: [, h, w] } = grid.header
  for (const i of grid.empty ? grid.tiles.keys() : changed) {
    grid.context.drawImage(grid.images, 0, i * h, w, h, ...grid.tiles[i].box)
  }
  grid.empty = false
}

// Marks the selection: a pressed tile, or an entry with an outline of a minimum size.
function mark(grid) {
  const { tiles, outline, picked, header: { picks, shape: [, h, w] } } = grid
  const focused = tiles.findIndex(({ element }) => element.matches(":focus"))
  const entry = picks === "entry" ? picked : null
  tiles.forEach(({ element }, i) => {
    if (picks === "tile") {
      element.ariaPressed = String(i === picked)
      // One Tab stop for the grid; arrow keys move within it.
      element.tabIndex = i === (focused >= 0 ? focused : picked ?? 0) ? 0 : -1
    }
    element.classList.toggle("picked", tiles.length > 1 && i === entry?.[0])
  })
  const picture = tiles[entry?.[0]]?.picture
  outline.hidden = !picture
  if (!picture) return
  const [, row, column] = entry
  const { offsetLeft, offsetTop, offsetWidth, offsetHeight } = picture
  const width = Math.max(offsetWidth / w, SMALLEST_OUTLINE)
  const height = Math.max(offsetHeight / h, SMALLEST_OUTLINE)
  outline.style.left = `${offsetLeft + (column + 0.5) * offsetWidth / w - width / 2}px`
  outline.style.top = `${offsetTop + (row + 0.5) * offsetHeight / h - height / 2}px`
  outline.style.width = `${width}px`
  outline.style.height = `${height}px`
}

// Tile, row and column under the pointer, or null.
function under({ tiles, header: { shape: [, h, w] } }, { target, clientX, clientY }) {
  const i = tiles.findIndex(({ element }) => element.contains(target))
  if (i < 0) return null
  const box = tiles[i].picture.getBoundingClientRect()
  const inside = (part, n) => Math.min(Math.max(Math.floor(part * n), 0), n - 1)
  return [i, inside((clientY - box.y) / box.height, h), inside((clientX - box.x) / box.width, w)]
}

function walkTiles(grid, event) {
  const from = under(grid, event)?.[0]
  const row = getComputedStyle(grid.host).gridTemplateColumns.split(" ").length
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: row, ArrowUp: -row }[event.key]
  const next = grid.tiles[from + step]
  if (!step || !next) return
  event.preventDefault()
  next.element.focus()
  mark(grid)
}

// Keys that move the selection must not also change the slide.
function walkEntries(grid, event) {
  const step = KEYS[event.key]
  if (!step) return
  event.preventDefault()
  event.stopPropagation()
  const { shape: [, h, w] } = grid.header, [i, row, column] = grid.picked
  const next = [i, row + step[0], column + step[1]]
  if (next[1] < 0 || next[1] >= h || next[2] < 0 || next[2] >= w) return
  grid.pick(next)
}

// The label of the tile under the pointer, and the current value of its entry, if entries are
// large enough to distinguish, or can be selected.
function tell(grid) {
  const { at, tip, tiles, header, pixels } = grid
  const entry = at && under(grid, at)
  if (!entry) { tip.textContent = ""; return }
  const [i, row, column] = entry
  const { shape: [, h, w], scale, limit, labels, axes, picks } = header
  const lines = labels[i] ? [labels[i]] : []
  if (picks === "entry" || tiles[i].picture.offsetWidth >= 4 * w) {
    const value = valueOf(pixels[(i * h + row) * w + column], scale, limit)
    lines.push(`${axes[0]} ${row}, ${axes[1]} ${column}: ${value}`)
  }
  showTip(tip, lines.join("\n"), at.clientX, at.clientY)
}
