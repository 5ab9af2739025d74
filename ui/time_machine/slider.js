// A slider over the steps of a run. Called with every reply of Python; state is stored per element.
const sliders = new WeakMap()
const PATIENCE = 1500 // milliseconds to wait for Python's answer before the next message

export default function ({ data, parentElement, setTriggerValue }) {
  const slider = sliders.get(parentElement) ?? mount(parentElement)
  slider.send = setTriggerValue
  slider.latest = data.latest
  slider.input.max = data.iterations
  slider.input.setAttribute("aria-label", data.label)
  for (const each of [slider.input, slider.back, slider.on]) each.disabled = data.latest === 0
  arrived(slider)
  if (!slider.held && slider.next === undefined) show(slider, data.step)
  slider.host.dataset.step = data.step ?? "" // what Python shows, for tests to wait for
  return () => { if (!parentElement.isConnected) clearTimeout(slider.timer) }
}

function mount(parent) {
  const host = parent.appendChild(document.createElement("div"))
  host.className = "time-slider"
  const slider = { host, held: false, next: undefined, timer: 0 }
  slider.back = button("‹", "One iteration earlier", host, () => choose(slider, at(slider) - 1))
  slider.on = button("›", "One iteration later", host, () => choose(slider, at(slider) + 1))
  slider.input = host.appendChild(document.createElement("input"))
  Object.assign(slider.input, { type: "range", min: 0, step: 1 })
  slider.input.addEventListener("input", () => choose(slider, at(slider)))
  slider.input.addEventListener("pointerdown", () => { slider.held = true })
  for (const end of ["pointerup", "pointercancel", "change", "blur"]) {
    slider.input.addEventListener(end, () => { slider.held = false })
  }
  sliders.set(parent, slider)
  return slider
}

function button(text, label, parent, act) {
  const element = parent.appendChild(document.createElement("button"))
  Object.assign(element, { type: "button", textContent: text, ariaLabel: label })
  element.addEventListener("click", act)
  return element
}

const at = slider => Number(slider.input.value)

function show(slider, step) {
  const shown = step ?? slider.latest
  slider.input.value = shown
  slider.input.setAttribute("aria-valuetext", step === null ? `now, step ${shown}` : `step ${shown}`)
}

// The newest choice goes as soon as the one before it is on the page: never two at once.
function choose(slider, step) {
  const chosen = Math.max(0, step) >= slider.latest ? null : Math.max(0, step)
  show(slider, chosen)
  slider.next = chosen
  if (!slider.timer) send(slider)
}

function send(slider) {
  slider.send("chosen", { step: slider.next })
  slider.next = undefined
  slider.timer = setTimeout(() => arrived(slider), PATIENCE)
}

function arrived(slider) {
  clearTimeout(slider.timer)
  slider.timer = 0
  if (slider.next !== undefined) send(slider)
}
