// Called with a new figure and at every change of theme; state that must last is stored per element.
const charts = new WeakMap()
const decoder = new TextDecoder()
const NARROW = 600 // CSS pixels
// No button may send a chart to another server.
const CONFIG = {
  displaylogo: false, displayModeBar: "hover", showSendToCloud: false, showTips: false,
}

export default function ({ data, parentElement, setTriggerValue }) {
  const chart = charts.get(parentElement) ?? mount(parentElement)
  chart.send = setTriggerValue
  chart.latest = JSON.parse(themed(decoder.decode(data), chart.host))
  const { key, height, alt, trouble, source } = chart.latest
  chart.host.dataset.key = key
  chart.host.style.height = `${height}px`
  chart.host.setAttribute("aria-label", alt)
  if (chart.mounts === 0) chart.mounts = chart.host.dataset.mounts = countMount(key)
  if (trouble) say(chart, trouble)
  else if (window.Plotly) ask(chart)
  else {
    if (!chart.host.firstChild) say(chart, "Loading the chart …")
    load(source).then(() => ask(chart), () => say(chart, missing(source)))
  }
  // React may also call this for an update that a newer one has replaced: the chart stays.
  return () => { if (!parentElement.isConnected) unmount(parentElement) }
}

function mount(parent) {
  const host = document.createElement("div")
  host.className = "live-plot"
  host.setAttribute("role", "figure") // not "img": its tools are buttons inside it
  host.dataset.updates = 0
  parent.append(host)
  const chart = { host, mounts: 0, drawn: false, asked: false, latest: null }
  // Also for the first drawing of a chart that was updated in a tab that was never visible.
  chart.resized = new ResizeObserver(() => {
    if (window.Plotly && host.clientWidth !== chart.width) ask(chart)
  })
  chart.resized.observe(host)
  charts.set(parent, chart)
  return chart
}

function unmount(parent) {
  const chart = charts.get(parent)
  if (!chart) return
  chart.resized.disconnect()
  if (chart.drawn) window.Plotly.purge(chart.host)
  charts.delete(parent)
}

// How often each key was built, for the tests: {key: count}.
function countMount(key) {
  const mounts = (window.livePlotMounts ??= {})
  return (mounts[key] = (mounts[key] ?? 0) + 1)
}

// One script element per page, for all charts. The address is relative, like Streamlit's own
// addresses, so it works under a base path and behind a proxy.
function load(source) {
  return (window.livePlotLibrary ??= new Promise((resolve, reject) => {
    const script = document.createElement("script")
    script.src = new URL(source, document.baseURI)
    script.onload = resolve
    script.onerror = () => {
      reject()
      script.remove()
      setTimeout(() => { window.livePlotLibrary = undefined }, 5000) // then somebody may ask again
    }
    document.head.append(script)
  }))
}

function missing(source) {
  return `The chart cannot be shown: ${source} did not come from this server. Reload the page; ` +
    'if that does not help, start the app with "streamlit run app.py" in its own folder.'
}

function say(chart, sentence) {
  const note = document.createElement("div")
  note.className = "live-plot-note"
  note.textContent = sentence
  chart.host.replaceChildren(note)
}

// Figures that come faster than they can be drawn replace each other; a hidden tab draws nothing.
function ask(chart) {
  if (chart.asked) return
  chart.asked = true
  requestAnimationFrame(() => draw(chart))
}

async function draw(chart) {
  const { host } = chart
  const { figure, height, trouble } = chart.latest
  if (!host.isConnected || host.clientWidth === 0 || trouble) { chart.asked = false; return }
  // An update during a drag would remove the zoom box under the mouse.
  if (host._dragging) { setTimeout(() => draw(chart), 100); return }
  chart.width = host.clientWidth
  const fixed = { template: theme(host), width: chart.width, height }
  // A figure may bring a picture for each form of the chart, so that none is squashed, and shorter
  // names of its traces for the narrow one.
  const narrow = chart.width < NARROW, other = narrow ? "wide" : "narrow"
  const images = (figure.layout.images ?? []).filter(({ name }) => name !== other)
  const data = !narrow ? figure.data
    : figure.data.map(trace => trace.meta ? { ...trace, name: trace.meta.narrow } : trace)
  const { shapes = [], ...others } = { uirevision: "kept", ...figure.layout, images, ...fixed }
  const lines = JSON.stringify([data, others])
  if (!chart.drawn) host.replaceChildren()
  try {
    // A mark that moves over the same lines is drawn alone: the lines take much longer.
    if (chart.drawn && lines === chart.lines) await window.Plotly.relayout(host, { shapes })
    else {
      chart.drawn = true
      await window.Plotly.react(host, data, { ...others, shapes }, CONFIG)
    }
    chart.lines = lines
    if (!chart.listens) listen(chart)
    host.dataset.updates = Number(host.dataset.updates) + 1
  } finally {
    chart.asked = false
  }
  if (chart.latest.figure !== figure) ask(chart)
}

// What is clicked, or inside a lasso, as [trace, index, …]: of a heat map row and column. Streamlit's
// own on_select says nothing of heat maps.
function listen(chart) {
  chart.listens = true
  const points = event => (event?.points ?? []).map(
    ({ curveNumber, pointNumber }) => [curveNumber, pointNumber].flat())
  chart.host.on("plotly_click", event => {
    if (chart.latest.picks) chart.send("picked", points(event).slice(0, 1))
  })
  chart.host.on("plotly_selected", event => {
    if (chart.latest.picks && event?.points) chart.send("picked", points(event).slice(0, MAX_PICKED))
  })
  // Plotly writes what is chosen into the figure: for each axis one range, several, or none.
  chart.host.on("plotly_restyle", () => {
    if (!chart.latest.brushes) return
    chart.send("brushed", (chart.host.data[0]?.dimensions ?? []).flatMap(
      ({ label, constraintrange: range }) => (!range ? [] : Array.isArray(range[0]) ? range : [range])
        .map(([low, high]) => [label, low, high])))
  })
  // And what is changed at a trace: its visibility, in the legend.
  chart.host.on("plotly_restyle", ([changes, traces]) => {
    if (chart.latest.restyles) chart.send("restyled", [changes, traces])
  })
}

// A figure has the line colors of playground/colors.py; the theme may replace them by brighter ones.
function themed(text, host) {
  const style = getComputedStyle(host)
  const colors = style.getPropertyValue("--st-chart-categorical-colors").split(",")
  return LINES.reduce((done, line, i) => done.replaceAll(line, colors[i]?.trim() || line), text)
}

// Plotly's template for what a figure leaves open. Read each time, because the theme may change.
function theme(host) {
  const style = getComputedStyle(host)
  const css = name => style.getPropertyValue(`--st-${name}`).trim()
  const text = css("text-color"), background = css("background-color")
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize) // larger if presented
  const font = { family: css("font"), size: 13 * rem / 16, color: text }
  const border = css("border-color")
  const axis = {
    gridcolor: css("border-color-light"), linecolor: border, zerolinecolor: border,
    spikecolor: border, spikethickness: 1, spikedash: "solid",
    automargin: true, title: { standoff: 8 },
  }
  return {
    // Plotly would choose black or white by a cell's color, as if all were opaque and on white.
    data: { heatmap: [{ type: "heatmap", textfont: { color: text } }] },
    layout: {
      // The paper color is for downloads and Plotly's contrasts; on the page it is transparent.
      font, paper_bgcolor: background, plot_bgcolor: "rgba(0,0,0,0)",
      colorway: css("chart-categorical-colors").split(","),
      // A finger that swipes over a chart scrolls the page.
      dragmode: matchMedia("(pointer: coarse)").matches ? false : "zoom",
      margin: { l: 48, r: 12, t: 28, b: 40 },
      xaxis: { ...axis, hoverformat: ",~r" },
      yaxis: { ...axis, hoverformat: ".4~g" },
      hoverlabel: { bgcolor: background, bordercolor: border, font, namelength: -1 },
      legend: { orientation: "h", x: 0, xanchor: "left", y: 1, yanchor: "bottom" },
      modebar: {
        bgcolor: background, color: css("gray-color"), activecolor: text,
        remove: ["select2d", "lasso2d", "autoScale2d", "zoomIn2d", "zoomOut2d"],
      },
    },
  }
}
