// Shared by all components that draw pixels: each is this file followed by its own.
const decoder = new TextDecoder()

// Splits a blob of ui/pixels.py into its header and the bytes after it.
function unpack(data) {
  const length = new DataView(data.buffer, data.byteOffset).getUint32(0, true)
  return [JSON.parse(decoder.decode(data.subarray(4, 4 + length))), data.subarray(4 + length)]
}

// Bytes from first to last as the 32-bit words of an image, the stops in even steps; gray where
// no step is, which in the diverging scale is 0, for what is not a number.
function colorTable(stops, first, last) {
  const rgb = stops.map(stop => [1, 3, 5].map(i => parseInt(stop.slice(i, i + 2), 16)))
  const words = new Uint32Array(256).fill(0xff808080)
  for (let level = first; level <= last; level++) {
    const at = (level - first) / (last - first) * (rgb.length - 1)
    const left = Math.min(Math.floor(at), rgb.length - 2)
    const [r, g, b] = rgb[left].map((from, i) =>
      Math.round(from + (rgb[left + 1][i] - from) * (at - left)))
    words[level] = 0xff000000 | b << 16 | g << 8 | r
  }
  return words
}

// The value of a byte. It is one of 127 or 255 steps, hence "about".
function valueOf(level, scale, limit) {
  if (scale === "sequential") return `about ${(level / 255 * limit).toPrecision(2)}`
  return level === 0 ? "not a number" : `about ${((level - 128) / 127 * limit).toPrecision(2)}`
}

// A tooltip beside the pointer, within the screen; hidden without a text.
function showTip(tip, text, x, y) {
  tip.textContent = text
  if (!text) return
  tip.style.left = `${Math.min(x + 14, innerWidth - tip.offsetWidth - 8)}px`
  tip.style.top = `${Math.min(y + 14, innerHeight - tip.offsetHeight - 8)}px`
}
