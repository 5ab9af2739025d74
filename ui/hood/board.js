// Called with every new data; what must last is kept per element.
const boards = new WeakMap()
const KEYS = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }
const THINNEST = 7, NARROWEST = 60 // CSS pixels: of a mark; of a picture that is made narrower
const GAP = 8 // CSS pixels between columns, as in board.css
const TABLES = {
  diverging: colorTable(COLORS.diverging, 1, 255),
  sequential: colorTable(COLORS.sequential, 0, 255),
}

export default function ({ data, parentElement, setTriggerValue }) {
  const board = boards.get(parentElement) ?? mount(parentElement)
  const [header, pixels] = unpack(data)
  board.pick = (n, row, column) => {
    const { axes, start } = board.header.cards[n]
    // All cards that count the same follow at once; the page then comes with the sums.
    const places = { [axes[0]]: row + start[0], [axes[1]]: column + start[1] }
    for (const card of board.header.cards) {
      card.picked = card.picked.map((at, side) =>
        card.axes[side] === "" ? at : places[card.axes[side]] ?? at)
    }
    setTriggerValue("entry", [n, row + start[0], column + start[1]])
    board.matrices.forEach((matrix, i) => mark(matrix, board.header.cards[i]))
  }
  board.header = header
  board.pixels = pixels
  build(board)
}

function mount(parent) {
  const host = document.createElement("div")
  host.className = "board"
  host.dataset.updates = 0
  const tip = document.createElement("div")
  tip.className = "tip"
  parent.append(host, tip)
  const board = { host, tip, matrices: [], header: null, pixels: null }
  new ResizeObserver(() => board.header && arrange(board)).observe(host)
  host.addEventListener("scroll", () => fade(host), { passive: true })
  boards.set(parent, board)
  return board
}

// The grid of cells, anew where another slide has come; else only what is in the matrices.
function build(board) {
  const { host, header } = board
  const layout = JSON.stringify([header.cells, header.cards.map(card => [card.key, card.shape, !card.texts])])
  if (layout !== board.layout) {
    board.layout = layout
    host.replaceChildren()
    board.matrices = []
    board.cells = header.cells.map(row => row.map(cell => {
      if (cell === null) return null
      const element = typeof cell === "string" ? sign(cell) : figure(board, cell)
      host.append(element)
      return { element, n: typeof cell === "number" ? cell : null }
    }))
  }
  let at = 0
  header.cards.forEach((card, n) => {
    const size = card.shape[0] * card.shape[1]
    fill(board.matrices[n], card, board.pixels.subarray(at, at + size))
    at += size
  })
  arrange(board)
  host.dataset.updates = Number(host.dataset.updates) + 1
}

function sign(text) {
  const element = document.createElement("div")
  element.className = "sign"
  element.textContent = text
  return element
}

function figure(board, n) {
  const card = board.header.cards[n]
  const element = document.createElement("figure")
  const caption = element.appendChild(document.createElement("figcaption"))
  const matrix = element.appendChild(document.createElement("div"))
  matrix.className = "matrix"
  matrix.dataset.key = card.key
  matrix.tabIndex = 0
  matrix.setAttribute("role", "application")
  const numbers = matrix.appendChild(document.createElement(card.texts ? "div" : "canvas"))
  if (card.texts) numbers.className = "numbers"
  const band = matrix.appendChild(document.createElement("div"))
  band.className = "band"
  const outline = matrix.appendChild(document.createElement("div"))
  outline.className = "outline"
  matrix.addEventListener("click", event => board.pick(n, ...under(board, n, event)))
  matrix.addEventListener("keydown", event => walk(board, n, event))
  matrix.addEventListener("pointermove", event => tell(board, n, event))
  matrix.addEventListener("pointerleave", () => { board.tip.textContent = "" })
  board.matrices[n] = { element, caption, matrix, numbers, band, outline }
  return element
}

function fill({ element, caption, matrix, numbers }, card, pixels) {
  element.className = card.result ? "result" : ""
  caption.about = [` ${card.dims}`, ` ${card.what}`]
  const name = document.createElement("b")
  for (const [text, kind] of card.label) {
    if (kind) name.appendChild(document.createElement(kind)).textContent = text
    else name.append(text)
  }
  caption.replaceChildren(name, document.createElement("i"))
  caption.title = `${card.what}, ${card.dims}`
  matrix.ariaLabel = `${card.what}, ${card.dims}. Arrow keys pick an entry.`
  const [h, w] = card.shape, colors = TABLES[card.scale]
  if (card.texts) {
    numbers.style.gridTemplateColumns = `repeat(${w}, 1fr)`
    numbers.style.lineHeight = `${card.size[1] / h}px`
    while (numbers.children.length > h * w) numbers.lastChild.remove()
    while (numbers.children.length < h * w) numbers.append(document.createElement("span"))
    card.texts.flat().forEach((text, i) => {
      const span = numbers.children[i], word = colors[pixels[i]]
      const rgb = [word & 255, word >> 8 & 255, word >> 16 & 255]
      if (span.textContent !== text) span.textContent = text
      span.style.background = `rgb(${rgb.join()})`
      span.className = 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2] < 128 ? "light" : ""
    })
    return
  }
  numbers.width = w
  numbers.height = h
  const image = new ImageData(w, h), words = new Uint32Array(image.data.buffer)
  for (let i = 0; i < words.length; i++) words[i] = colors[pixels[i]]
  numbers.getContext("2d").putImageData(image, 0, 0)
}

// Pictures get as narrow as there is room, then rows fold; numbers keep their size, and a matrix of
// them that is wider than the board scrolls.
function arrange(board) {
  const { host, header, matrices } = board
  const room = host.clientWidth - 6
  const least = ({ element, n }) => {
    if (n === null) return Math.ceil(element.getBoundingClientRect().width)
    const { texts, size: [width] } = header.cards[n]
    return texts ? width : Math.min(width, NARROWEST)
  }
  const fits = cells => total(widest(cells, least)) + GAP * (widest(cells, least).length - 1) <= room
  const cells = room > 0 ? folded(board.cells, fits) : board.cells
  cells.forEach((row, r) => row.forEach((cell, c) => {
    if (cell) cell.element.style.gridArea = `${r + 1} / ${c + 1}`
  }))
  const widths = widest(cells, ({ n }) => n === null ? 0 : header.cards[n].size[0])
  const signs = widest(cells, cell => cell.n === null ? least(cell) : 0)
  const fixed = total(signs) + GAP * (signs.length - 1)
  const wide = total(widths.filter(width => width > NARROWEST))
  const thin = total(widths) - wide
  const scale = room > 0 && wide ? Math.min(1, Math.max(0, room - fixed - thin) / wide) : 1
  header.cards.forEach((card, n) => {
    const { element, caption, matrix, numbers } = matrices[n], [width, height] = card.size
    const narrow = card.texts || width <= NARROWEST
    const shown = narrow ? width : Math.max(NARROWEST, Math.floor(width * scale))
    matrix.style.width = `${shown}px`
    matrix.style.height = `${height}px`
    element.style.width = `${shown}px`
    const roomy = [shown > 90, shown > 160]
    caption.lastChild.textContent = caption.about.filter((_, i) => roomy[i]).join("")
    const { devicePixelRatio: ratio } = window
    if (!card.texts) {
      numbers.style.imageRendering =
        shown * ratio < card.shape[1] || height * ratio < card.shape[0] ? "auto" : "pixelated"
    }
    mark(matrices[n], card)
  })
  if (room > 0 && board.revealed !== board.layout) {
    board.revealed = board.layout
    reveal(board)
  }
  fade(host)
}

const total = widths => widths.reduce((sum, width) => sum + width, 0)

// The width of each column.
function widest(cells, width) {
  const widths = Array(Math.max(...cells.map(row => row.length))).fill(0)
  for (const row of cells) row.forEach((cell, c) => { if (cell) widths[c] = Math.max(widths[c], width(cell)) })
  return widths
}

// Rows that are too wide go on in further lines, each matrix with the signs before it. A product
// stays as it is: its row and its column must meet.
function folded(cells, fits) {
  if (fits(cells)) return cells
  const groups = [[]] // of columns: signs, and the matrices after them
  for (let c = 0; c < Math.max(...cells.map(row => row.length)); c++) {
    const matrices = cells.filter(row => row[c] && row[c].n !== null).length
    groups.at(-1).push(c)
    if (matrices && matrices < cells.length) return cells
    if (matrices) groups.push([])
  }
  if (!groups.at(-1).length) groups.pop()
  const width = Math.max(...groups.map(group => group.length))
  const inLines = n => cells.flatMap(row => Array.from(
    { length: Math.ceil(groups.length / n) },
    (_, line) => groups.slice(line * n, (line + 1) * n).flatMap(group =>
      [...Array(width - group.length).fill(null), ...group.map(c => row[c])])))
  for (let lines = 2; lines < groups.length; lines++) {
    const narrower = inLines(Math.ceil(groups.length / lines))
    if (fits(narrower)) return narrower
  }
  return inLines(1)
}

// Where the board scrolls, the edge that hides something is pale.
function fade(host) {
  const right = host.scrollWidth - host.clientWidth - host.scrollLeft
  host.classList.toggle("more-left", host.scrollLeft > 1)
  host.classList.toggle("more-right", right > 1)
}

// Where a new slide's board is wider than its box, as on a phone, its result is seen first.
function reveal({ host, header, matrices }) {
  host.scrollLeft = 0
  const n = header.cards.findIndex(card => card.result)
  if (n < 0) return
  const { element, outline } = matrices[n]
  const seen = element.offsetWidth < host.clientWidth ? element : outline
  host.scrollLeft = seen.getBoundingClientRect().right + 3 - host.getBoundingClientRect().right
}

// The entry, and the row or the column that it is made from.
function mark({ matrix, band, outline }, { picked, start, shape: [h, w], band: kind, size }) {
  const width = parseFloat(matrix.style.width) || size[0], height = parseFloat(matrix.style.height) || size[1]
  const row = picked[0] - start[0], column = picked[1] - start[1]
  outline.hidden = row < 0 || row >= h || column < 0 || column >= w
  const [x, cell_w] = span(column, width / w), [y, cell_h] = span(row, height / h)
  put(outline, x, y, cell_w, cell_h)
  band.hidden = !kind
  if (kind === "row") put(band, -2, y, width + 4, cell_h)
  if (kind === "column") put(band, x, -2, cell_w, height + 4)
}

function span(at, length) {
  const shown = Math.max(length, THINNEST)
  return [(at + 0.5) * length - shown / 2, shown]
}

function put({ style }, left, top, width, height) {
  style.left = `${left}px`
  style.top = `${top}px`
  style.width = `${width}px`
  style.height = `${height}px`
}

function under({ header, matrices }, n, { clientX, clientY }) {
  const [h, w] = header.cards[n].shape, box = matrices[n].matrix.getBoundingClientRect()
  const inside = (part, most) => Math.min(Math.max(Math.floor(part * most), 0), most - 1)
  return [inside((clientY - box.y) / box.height, h), inside((clientX - box.x) / box.width, w)]
}

// Keys that move the pick do not also turn the slide. Python moves the window of examples.
function walk(board, n, event) {
  const step = KEYS[event.key]
  if (!step) return
  event.preventDefault()
  event.stopPropagation()
  const { picked, start, dims } = board.header.cards[n]
  const [rows, columns] = dims.split("×").map(text => Number(text.replaceAll(",", "")))
  const row = picked[0] + step[0], column = picked[1] + step[1]
  if (row < 0 || row >= rows || column < 0 || column >= columns) return
  board.pick(n, row - start[0], column - start[1])
}

function tell(board, n, event) {
  const { axes, start, shape: [, w], scale, limit, texts } = board.header.cards[n]
  const [row, column] = under(board, n, event)
  let at = 0
  for (const card of board.header.cards.slice(0, n)) at += card.shape[0] * card.shape[1]
  const value = texts?.[row][column] ?? valueOf(board.pixels[at + row * w + column], scale, limit)
  const where = [[axes[0], row + start[0]], [axes[1], column + start[1]]]
    .filter(([name]) => name).map(([name, i]) => `${name} ${i}`).join(", ")
  showTip(board.tip, `${where}: ${value}`, event.clientX, event.clientY)
}
