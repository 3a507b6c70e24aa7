"use strict";

/*
 * What happens: pointers, keys, buttons and the slider change `state` and call refresh(); before
 * the next frame, everything is computed and shown anew.
 */

// One frame.

let waiting = false;

function refresh() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    showFrame();
  });
}

let pointer = null; // the one that draws, with its pen down; a second finger does not
let lastWords = 0; // when the words were shown, in milliseconds

function showFrame() {
  seen = seenBy(state.drawing, ink, state.centred);
  thought = thinkOf(seen);
  drawSquare();
  drawNetwork();
  paint(byId("seen"), seen, SIDE, 1, colours.ink);
  // While somebody draws, words that change faster than this could not be read.
  if (pointer !== null && performance.now() - lastWords < 200) return;
  lastWords = performance.now();
  showAnswer();
  showChanged();
  showNeuron();
  showMoment();
}

/** Tell those who cannot see the page what has come of the last thing that was done. */
function say() {
  requestAnimationFrame(() => {
    const shares = thought.activations.at(-1);
    const first = ranked(shares)[0];
    byId("said").textContent = isEmpty()
      ? "The square is empty."
      : `It reads ${answerOf(first)}, ${percent(shares[first])} sure.`;
  });
}

// The square: pointers, keys and buttons.

/** Lift the pen, of the pointer and of the keys. */
function endStroke() {
  pointer = null;
  state.pen.down = false;
  refresh();
}

/** Change what is in the square, so that Undo finds what was there. */
function change(drawing, since) {
  endStroke();
  remember(since);
  state.earlier.push(state.drawing);
  state.drawing = drawing;
  ink = inkOf(drawing);
  refresh();
}

function beginStroke(place) {
  const { digit, strokes } = state.drawing;
  remember("your last stroke");
  state.earlier.push(state.drawing);
  state.drawing = { digit, strokes: [...strokes, [place]] };
  addLine(ink, place, place);
  refresh();
}

function continueStroke(place) {
  const stroke = state.drawing.strokes.at(-1);
  addLine(ink, stroke.at(-1), place);
  stroke.push(place);
  refresh();
}

function undo() {
  if (state.earlier.length === 0) return;
  endStroke();
  remember("you took back the last thing");
  state.drawing = state.earlier.pop();
  ink = inkOf(state.drawing);
  refresh();
  say();
}

function clear() {
  if (isEmpty()) return;
  change({ digit: null, strokes: [] }, "you cleared the square");
  say();
}

/** Where a pointer is, in the network's pixels. */
function placeOf(event) {
  const box = byId("square").getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top].map((at) => (at * SIDE) / box.width);
}

function listenToTheSquare() {
  const square = byId("square");
  square.addEventListener("pointerdown", (event) => {
    if (pointer !== null || event.button !== 0) return;
    pointer = event.pointerId;
    square.setPointerCapture(pointer);
    Object.assign(state.pen, { down: false, shown: false });
    beginStroke(placeOf(event));
  });
  square.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pointer) return;
    const events = event.getCoalescedEvents?.() ?? [];
    (events.length ? events : [event]).forEach((each) => continueStroke(placeOf(each)));
  });
  for (const end of ["pointerup", "pointercancel"]) {
    square.addEventListener(end, (event) => {
      if (event.pointerId !== pointer) return;
      endStroke();
      say();
    });
  }
  square.addEventListener("keydown", (event) => {
    const { pen } = state;
    const [dx, dy] = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, -1],
      ArrowDown: [0, 1],
    }[event.key] ?? [0, 0];
    if (dx || dy) {
      pen.x = Math.min(SIDE - 1, Math.max(1, pen.x + dx));
      pen.y = Math.min(SIDE - 1, Math.max(1, pen.y + dy));
      if (pen.down) continueStroke([pen.x, pen.y]);
    } else if (event.key === " " || event.key === "Enter") {
      const down = !pen.down;
      endStroke();
      pen.down = down;
      if (down) beginStroke([pen.x, pen.y]);
      else say();
    } else if (event.key === "Backspace") {
      undo();
    } else if (event.key === "Delete") {
      clear();
    } else {
      return;
    }
    pen.shown = true;
    event.preventDefault();
    refresh();
  });
  square.addEventListener("blur", () => {
    Object.assign(state.pen, { down: false, shown: false });
    refresh();
  });
  square.addEventListener("focus", () => {
    state.pen.shown = square.matches(":focus-visible");
    refresh();
  });
  byId("undo").addEventListener("click", undo);
  byId("clear").addEventListener("click", clear);
  document.addEventListener("keydown", (event) => {
    if (event.key === "z" && (event.ctrlKey || event.metaKey)) undo();
  });
  for (const radio of document.getElementsByName("seen")) {
    radio.addEventListener("change", () => {
      remember("you changed what it sees");
      state.centred = radio.value === "centred" && radio.checked;
      refresh();
      say();
    });
  }
}

/** @type {Array<{canvas: HTMLCanvasElement, digit: Float32Array}>} the test digits */
const pictures = [];

function addDigits() {
  for (const { label, pixels } of page.digits) {
    const digit = Float32Array.from(decodeBytes(pixels), (value) => value / 255);
    const canvas = make("canvas");
    const button = make("button", { type: "button" }, canvas);
    button.setAttribute("aria-label", `Test digit: a ${label}`);
    button.addEventListener("click", () => {
      change({ digit, strokes: [] }, "you put this digit in");
      say();
    });
    byId("digits").append(button);
    pictures.push({ canvas, digit });
  }
  const labels = page.digits.map(({ label }) => label);
  const misread = labels.filter(
    (label, i) => ranked(thinkOf(pictures[i].digit).activations.at(-1))[0] !== label,
  );
  byId("misread").textContent = misread.length
    ? `${capital(network().name)} gets the ${misread.join(" and the ")} wrong.`
    : "";
}

// The network: neurons, networks and the slider.

function select(selected) {
  state.selected = selected;
  refresh();
  if (selected) byId("said").textContent = capital(nameOf(selected.l, selected.neuron));
}

/** The neuron at a place in the canvas, or the nearest within a finger's width; null if none is. */
function neuronAt(x, y) {
  let [found, nearest] = [null, 22];
  layout.columns.forEach(({ points }, l) => {
    points.forEach(([px, py], neuron) => {
      const distance = Math.hypot(px - x, py - y);
      if (distance < nearest) [found, nearest] = [{ l, neuron }, distance];
    });
  });
  return found;
}

function listenToTheNetwork() {
  const canvas = byId("network");
  canvas.addEventListener("click", (event) => {
    const box = canvas.getBoundingClientRect();
    select(neuronAt(event.clientX - box.left, event.clientY - box.top));
  });
  canvas.addEventListener("keydown", (event) => {
    const { columns } = layout;
    const { l, neuron } = state.selected ?? { l: 0, neuron: -1 };
    const layers = { ArrowLeft: l - 1, ArrowRight: l + 1 };
    const neurons = { ArrowUp: neuron - 1, ArrowDown: neuron + 1 };
    if (event.key === "Escape") {
      select(null);
    } else if (event.key in layers) {
      const to = Math.min(columns.length - 1, Math.max(0, layers[event.key]));
      select({ l: to, neuron: Math.min(columns[to].points.length - 1, Math.max(0, neuron)) });
    } else if (event.key in neurons) {
      const last = columns[l].points.length - 1;
      select({ l, neuron: Math.min(last, Math.max(0, neurons[event.key])) });
    } else {
      return;
    }
    event.preventDefault();
  });
}

function addNetworks() {
  page.networks.forEach(({ name, sizes }, i) => {
    const radio = make("input", { type: "radio", name: "network", checked: i === 0 });
    radio.addEventListener("change", () => {
      stopPlaying();
      Object.assign(state, {
        network: i,
        moment: page.networks[i].moments.length - 1,
        selected: null,
      });
      before = null; // another network's neurons cannot be compared
      refresh();
      say();
    });
    const hidden = sizes.slice(1, -1);
    byId("networks").append(
      make("label", {}, radio, `${capital(name)}: ${hidden.join(" + ") || "no hidden"} neurons`),
    );
  });
}

function moveTo(moment) {
  remember("the slider was moved");
  state.moment = moment;
  refresh();
}

let playing = null; // the timer that moves the slider

function stopPlaying() {
  clearInterval(playing);
  playing = null;
  byId("play").textContent = "Play";
}

function listenToTheSlider() {
  byId("epoch").addEventListener("input", () => {
    stopPlaying();
    moveTo(Number(byId("epoch").value));
  });
  byId("epoch").addEventListener("change", say);
  byId("play").addEventListener("click", () => {
    if (playing !== null) {
      stopPlaying();
      return;
    }
    const last = network().moments.length - 1;
    moveTo(state.moment === last ? 0 : state.moment + 1);
    byId("play").textContent = "Stop";
    playing = setInterval(() => {
      moveTo(state.moment + 1);
      if (state.moment === last) stopPlaying();
    }, 900);
  });
}

// The beginning.

function paintEverything() {
  readColours();
  for (const { canvas, digit } of pictures) paint(canvas, digit, SIDE, 1, colours.ink);
  refresh();
}

addDigits();
addNetworks();
listenToTheSquare();
listenToTheNetwork();
listenToTheSlider();
byId("steps").hidden = !location.pathname.includes("/09_watching_it_think/");
paintEverything();
showFrame();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paintEverything);
document.addEventListener("scroll", showTheWay, { passive: true });
new ResizeObserver(refresh).observe(document.body);
