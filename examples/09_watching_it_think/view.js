"use strict";

/*
 * The page: the square, the network, the neuron that is looked into, the slider. Whatever happens
 * changes `state` and calls refresh(); before the next frame, everything is computed and drawn anew.
 */

/**
 * A network, as make_page.py puts it into the page.
 * @typedef {object} Network
 * @property {string} name
 * @property {number[]} sizes           the neurons of each layer, from 784 to 10
 * @property {string} activation        that of the hidden layers
 * @property {number} divide_pixels_by  what pixels of 0 to 255 are divided by
 * @property {Moment[]} moments         its weights while it learned; one, if only the last are kept
 * @property {number[]} losses          the loss before it learned, and after each epoch
 */

/** @typedef {{epoch: number, score: number, kind: string, numbers: string, layers?: Layer[]}} Moment */

/** @type {{networks: Network[], digits: Array<{label: number, pixels: string}>}} */
const page = JSON.parse(byId("data").textContent);

const state = {
  network: 0, // its place in page.networks
  moment: page.networks[0].moments.length - 1,
  centred: true,
  /** @type {?{l: number, neuron: number}} the neuron looked into; l is 0 in the first hidden layer */
  selected: null,
  /** @type {Drawing} */
  drawing: { digit: null, strokes: [] },
  /** @type {Drawing[]} what was in the square before, for Undo */
  earlier: [],
  pen: { x: 14, y: 14, down: false, shown: false }, // moved by the keys
};
let ink = inkOf(state.drawing); // that of the drawing, kept up with it
/** @type {Thought} */
let thought; // what the network computes now ...
let seen; // ... of these pixels, (784,)
/** @type {?{thought: Thought, since: string}} */
let before = null; // the same before the last thing that was done
let colours; // of the theme, light or dark

const FAMILY = "system-ui, sans-serif";
const FUNCTIONS = { identity: "nothing", logistic: "the sigmoid", tanh: "tanh", relu: "relu" };

// Small helpers.

function byId(id) {
  return document.getElementById(id);
}

/** Make an element, with some of its properties set, and with children, which may be text. */
function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

function signed(number, digits = 2) {
  const text = Math.abs(number).toFixed(digits);
  return (number < 0 && Number(text) !== 0 ? "\u2212" : "+") + text;
}

function plain(number, digits = 2) {
  return signed(number, digits).replace("+", "");
}

function percent(share) {
  if (share > 0.995) return "over 99%";
  return share < 0.005 ? "under 1%" : `${Math.round(share * 100)}%`;
}

function network() {
  return page.networks[state.network];
}

function nameOfLayer(l) {
  const hidden = network().sizes.length - 2;
  if (l === hidden) return "the output layer";
  const which = ["first ", "second ", "third ", "fourth "][l] ?? `${l + 1}th `;
  return `the ${hidden > 1 ? which : ""}hidden layer`;
}

function nameOf(l, neuron) {
  if (l < 0) return `pixel ${neuron}`;
  return l === network().sizes.length - 2
    ? `the output for ${answerOf(neuron)}`
    : `neuron ${neuron + 1} of ${nameOfLayer(l)}`;
}

/** What an output stands for; an eleventh one, as in the last exercise, for no digit at all. */
function answerOf(output) {
  return output < 10 ? `${output}` : "none";
}

function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}

// Computing.

function layersNow() {
  const { moments, sizes } = network();
  const moment = moments[state.moment];
  moment.layers ??= decodeLayers(moment.numbers, moment.kind, sizes);
  return moment.layers;
}

/** Let a network of the page think about pixels, (784,), from 0 to 1. */
function thinkOf(pixels) {
  const { activation, divide_pixels_by: divisor } = network();
  return think(layersNow(), activation, pixels.map((value) => (value * 255) / divisor));
}

/** Keep what the network computes now, to say afterwards what has changed since. */
function remember(since) {
  before = { thought, since };
}

/** How active each neuron of a layer is: from 0 to 1, or from -1 where activations go below 0. */
function shades(aThought, l) {
  const activations = aThought.activations[l + 1];
  const last = l === aThought.layers.length - 1;
  const bounded = last || ["logistic", "tanh"].includes(network().activation);
  const largest = bounded ? 1 : Math.max(1e-9, ...activations.map(Math.abs));
  return activations.map((a) => a / largest);
}

/** The neurons whose shade has moved by a half of all there is: those that changed their mind. */
function changedNeurons() {
  const changed = [];
  if (!before) return changed;
  thought.layers.forEach((_, l) => {
    const [then, now] = [shades(before.thought, l), shades(thought, l)];
    now.forEach((shade, neuron) => {
      const by = Math.abs(shade - then[neuron]);
      if (by >= 0.5) changed.push({ l, neuron, by });
    });
  });
  return changed;
}

// Drawing on canvases.

function readColours() {
  const style = getComputedStyle(document.documentElement);
  const names = ["page", "card", "ink", "muted", "line", "field", "for", "against", "change"];
  mixtures.clear();
  colours = Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

/** Make a canvas as fine as the screen, and return its context, which counts in CSS pixels. */
function contextOf(canvas) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const scale = window.devicePixelRatio || 1;
  const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== wide || canvas.height !== high) Object.assign(canvas, { width: wide, height: high });
  const context = canvas.getContext("2d");
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
}

/** The red, green and blue of a colour such as #0072b2. */
function rgb(colour) {
  return [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));
}

/**
 * Show numbers as a picture, a pixel for each: 0 as the page, above as `positive`, below as `negative`.
 * @param {HTMLCanvasElement} canvas
 * @param {Float32Array} numbers   (rows * columns,)
 * @param {number} columns
 * @param {number} largest         the number that is shown in full colour
 */
function paint(canvas, numbers, columns, largest, positive = colours.for, negative = colours.against) {
  const rows = Math.ceil(numbers.length / columns);
  Object.assign(canvas, { width: columns, height: rows });
  const context = canvas.getContext("2d");
  const image = context.createImageData(columns, rows);
  const [paper, high, low] = [colours.card, positive, negative].map(rgb);
  numbers.forEach((number, i) => {
    const full = number > 0 ? high : low;
    const share = Math.min(1, Math.abs(number) / (largest || 1));
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = paper[c] + share * (full[c] - paper[c]);
    image.data[4 * i + 3] = 255;
  });
  context.putImageData(image, 0, 0);
}

function drawSquare() {
  const { context, width } = contextOf(byId("square"));
  const unit = width / SIDE;
  const { digit, strokes } = state.drawing;
  if (digit) {
    const picture = document.createElement("canvas");
    paint(picture, digit, SIDE, 1, colours.ink);
    context.imageSmoothingQuality = "high";
    context.drawImage(picture, 0, 0, width, width);
  }
  context.lineCap = context.lineJoin = "round";
  context.lineWidth = 2 * PEN * unit;
  context.strokeStyle = colours.ink;
  for (const stroke of strokes) {
    context.beginPath();
    stroke.forEach(([x, y]) => context.lineTo(x * unit, y * unit));
    if (stroke.length === 1) context.lineTo(stroke[0][0] * unit, stroke[0][1] * unit);
    context.stroke();
  }
  if (!digit && strokes.length === 0) {
    context.fillStyle = colours.muted;
    context.font = `1rem ${FAMILY}`;
    context.textAlign = "center";
    context.fillText("mouse, finger or pen", width / 2, width / 2);
  }
  if (state.pen.shown) {
    context.beginPath();
    context.arc(state.pen.x * unit, state.pen.y * unit, PEN * unit, 0, 7);
    context.lineWidth = 3;
    context.strokeStyle = state.pen.down ? colours.for : colours.muted;
    context.stroke();
  }
}

/**
 * Where everything of the network stands in its canvas.
 * @typedef {object} Layout
 * @property {{x: number, y: number, side: number}} picture  what the network sees
 * @property {Array<{radius: number, points: Array<[number, number]>}>} columns  a layer each
 * @property {number} text  its size
 * @property {number} bars  the length of an output's bar
 */

/** @returns {Layout} */
function layOut(width, height) {
  const narrow = width < 520;
  const text = narrow ? 11 : Math.min(18, Math.max(13, width / 50));
  const top = text * 3.2;
  const room = height - top - 10;
  const side = narrow ? 76 : Math.min(220, width * 0.25);
  const bars = narrow ? 26 : width * 0.13;
  const [largestRadius, right] = [narrow ? 9 : 15, bars + text * 6.2];

  const sizes = network().sizes.slice(1);
  const hidden = sizes.length - 1;
  const inner = width - side - right - 2 * largestRadius;
  const grids = sizes.map((size) => arrange(size, room, (inner * 0.55) / hidden));
  const widths = grids.map(({ across, pitch }) => across * pitch);
  const taken = widths.slice(0, -1).reduce((a, b) => a + b, 0);
  const gap = (inner - taken) / (hidden + 1);
  let start = side;
  const columns = grids.map(({ across, rows, pitch }, l) => {
    const radius = Math.min(pitch * 0.4, largestRadius);
    const x = l === hidden ? width - right - radius : start + gap + widths[l] / 2;
    start += gap + widths[l];
    const points = [];
    for (let i = 0; i < Math.min(sizes[l], rows * across); i++) {
      points.push([
        x + ((i % across) - (across - 1) / 2) * pitch,
        top + room / 2 + (Math.floor(i / across) - (rows - 1) / 2) * pitch,
      ]);
    }
    return { points, radius };
  });
  return { picture: { x: 0, y: top + (room - side) / 2, side }, columns, text, bars };
}

/** How a layer's neurons stand in the room there is: one below the other, or many in a grid. */
function arrange(size, height, width) {
  if (size <= 20) return { across: 1, rows: size, pitch: Math.min(height / size, 44) };
  let best = { across: 1, rows: size, pitch: 0 };
  for (let across = 1; across <= 64; across++) {
    const rows = Math.ceil(size / across);
    const pitch = Math.min(height / rows, width / across, 24);
    if (pitch > best.pitch) best = { across, rows, pitch };
  }
  if (best.pitch >= 6) return best;
  return { across: Math.max(1, Math.floor(width / 6)), rows: Math.floor(height / 6), pitch: 6 };
}

/** @type {Layout} */
let layout;

function drawNetwork() {
  const { context, width, height } = contextOf(byId("network"));
  layout = layOut(width, height);
  drawPicture(context);
  layout.columns.forEach((_, l) => drawLines(context, l));
  layout.columns.forEach((_, l) => drawNeurons(context, l));
  changedNeurons().forEach((neuron) => drawRing(context, neuron, 2.5, colours.change));
  if (state.selected) drawRing(context, state.selected, 6, colours.ink);
  drawAnswers(context, width);
  drawTitles(context, width);
}

function drawPicture(context) {
  const { x, y, side } = layout.picture;
  const small = document.createElement("canvas");
  paint(small, seen, SIDE, 1, colours.ink);
  context.imageSmoothingEnabled = false;
  context.drawImage(small, x, y, side, side);
  context.lineWidth = 1;
  context.strokeStyle = colours.line;
  context.strokeRect(x + 0.5, y + 0.5, side - 1, side - 1);
}

function drawNeurons(context, l) {
  const { points, radius } = layout.columns[l];
  const shade = shades(thought, l);
  if (radius < 5) {
    // So many: small squares, which are faster to draw; and most of them are not active.
    context.fillStyle = colours.field;
    context.beginPath();
    for (const [x, y] of points) context.rect(x - radius, y - radius, 2 * radius, 2 * radius);
    context.fill();
    points.forEach(([x, y], neuron) => {
      if (Math.abs(shade[neuron]) < 0.01) return;
      context.fillStyle = mixed(colours.field, shade[neuron]);
      context.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
    });
    return;
  }
  points.forEach(([x, y], neuron) => {
    context.fillStyle = mixed(colours.card, shade[neuron]);
    context.beginPath();
    context.arc(x, y, radius, 0, 7);
    context.fill();
  });
  context.beginPath();
  for (const [x, y] of points) {
    context.moveTo(x + radius, y);
    context.arc(x, y, radius, 0, 7);
  }
  context.lineWidth = 1;
  context.strokeStyle = colours.muted;
  context.stroke();
}

/** The colour of a neuron: a share of the ink's, or of another for activations below 0. */
function mixed(paper, shade) {
  const step = Math.round(shade * 50);
  const key = `${paper} ${step}`;
  if (!mixtures.has(key)) {
    const full = rgb(step < 0 ? colours.against : colours.ink);
    const parts = rgb(paper).map((part, c) => part + (Math.abs(step) / 50) * (full[c] - part));
    mixtures.set(key, `rgb(${parts.map(Math.round).join()})`);
  }
  return mixtures.get(key);
}

const mixtures = new Map(); // those that were mixed before

function drawRing(context, { l, neuron }, distance, colour) {
  const { points, radius } = layout.columns[l];
  if (!points[neuron]) return; // there is no room for it
  context.beginPath();
  context.arc(...points[neuron], radius + distance, 0, 7);
  context.lineWidth = radius < 5 ? 2 : 3;
  context.strokeStyle = colour;
  context.stroke();
}

function drawAnswers(context, width) {
  const { columns, text, bars } = layout;
  const { points, radius } = columns.at(-1);
  const shares = thought.activations.at(-1);
  const likeliest = ranked(shares)[0];
  const start = points[0][0] + radius + text * 0.55;
  context.textBaseline = "middle";
  points.forEach(([, y], digit) => {
    context.fillStyle = colours.field;
    context.fillRect(start + text, y - text * 0.4, bars, text * 0.8);
    context.fillStyle = digit === likeliest ? colours.ink : colours.muted;
    context.fillRect(start + text, y - text * 0.4, bars * shares[digit], text * 0.8);
    context.fillStyle = colours.ink;
    context.font = `${digit === likeliest ? 700 : 400} ${text * 1.1}px ${FAMILY}`;
    context.textAlign = "left";
    context.fillText(answerOf(digit), start, y);
    context.font = `${text}px ${FAMILY}`;
    context.textAlign = "right";
    context.fillText(`${(shares[digit] * 100).toFixed(1)}%`, width - 1, y);
  });
}

function drawTitles(context, width) {
  const { columns, text } = layout;
  const { sizes } = network();
  const narrow = width < 520;
  context.font = `${text}px ${FAMILY}`;
  context.fillStyle = colours.muted;
  context.textBaseline = "alphabetic";
  const title = (x, align, above, below) => {
    context.textAlign = align;
    context.fillText(above, x, text * 1.1);
    context.fillText(below, x, text * 2.35);
  };
  title(0, "left", ...(narrow ? ["784", "pixels"] : ["what it sees:", "784 pixels"]));
  columns.slice(0, -1).forEach(({ points }, l) => {
    const across = points.map(([x]) => x);
    const middle = (Math.min(...across) + Math.max(...across)) / 2;
    const [size, full] = [sizes[l + 1], ["hidden layer", `${sizes[l + 1]} neurons`]];
    title(middle, "center", ...(narrow ? [size, "hidden"] : full));
  });
  const answers = sizes.at(-1);
  title(width - 1, "right", ...(narrow ? [answers, "answers"] : ["output layer", `${answers} answers`]));
}

/** Draw the contributions to a layer: the strongest ones, or those of the neuron looked into. */
function drawLines(context, l) {
  const { columns, picture } = layout;
  const [before, after] = [columns[l - 1]?.points.length ?? SIDE * SIDE, columns[l].points.length];
  const { selected } = state;
  const looked = selected && (selected.l === l || selected.l === l - 1);
  const wanted = (from, to) =>
    from < before &&
    to < after &&
    (!looked || (selected.l === l ? to : from) === selected.neuron);
  const lines = strongest(thought, l, 30, wanted);
  const largest = lines.length ? Math.abs(lines[0].value) : 1;
  const pixel = picture.side / SIDE;
  for (const { from, to, value } of lines.reverse()) {
    const [x0, y0] =
      l > 0
        ? columns[l - 1].points[from]
        : [
            picture.x + ((from % SIDE) + 0.5) * pixel,
            picture.y + (Math.floor(from / SIDE) + 0.5) * pixel,
          ];
    const [x1, y1] = columns[l].points[to];
    const share = Math.abs(value) / largest;
    context.globalAlpha = (selected && !looked ? 0.15 : 0.75) * share ** 1.5;
    context.strokeStyle = value > 0 ? colours.for : colours.against;
    context.lineWidth = 0.5 + 3 * share * (l === 0 ? 0.5 : 1);
    context.beginPath();
    context.moveTo(x0, y0);
    context.bezierCurveTo((x0 + x1) / 2, y0, (x0 + x1) / 2, y1, x1, y1);
    context.stroke();
  }
  context.globalAlpha = 1;
}

// What is said.

function isEmpty() {
  return !state.drawing.digit && state.drawing.strokes.length === 0;
}

function showAnswer() {
  const shares = thought.activations.at(-1);
  const [first, second] = ranked(shares);
  byId("answer").replaceChildren(
    ...(isEmpty()
      ? ["The square is empty. What the network sees will stand here, and what it reads in that."]
      : [
          make("strong", {}, answerOf(first)),
          make("br"),
          `It is ${percent(shares[first])} sure of that. Its second guess: ${answerOf(second)}, `,
          `${percent(shares[second])}.`,
        ]),
  );
  byId("undo").disabled = state.earlier.length === 0;
  byId("clear").disabled = isEmpty();
}

function showChanged() {
  const box = byId("changed");
  const children = before
    ? whatChanged()
    : [
        make("h2", {}, "Who changed their mind?"),
        make("p", { className: "hint" }, "Draw a stroke, and then one more. Here you see which ",
          "neurons the last one has turned round, and why."),
      ];
  const text = children.map((child) => child.textContent).join("\n");
  if (text === shownChange) return; // a button that has the focus keeps it
  shownChange = text;
  box.replaceChildren(...children);
}

let shownChange = "";

function whatChanged() {
  const [then, now] = [before.thought, thought].map(({ activations }) => activations.at(-1));
  const [was, is] = [then, now].map((shares) => ranked(shares)[0]);
  const changed = changedNeurons().filter(({ l }) => l < thought.layers.length - 1);
  const listed = [...changed].sort((a, b) => b.by - a.by).slice(0, 5);
  const count = `${changed.length} hidden neuron${changed.length === 1 ? " has" : "s have"} changed`;
  const list = listed.map(({ l, neuron }) => {
    const [from, to] = [before.thought, thought].map((t) => plain(t.activations[l + 1][neuron]));
    const by = thought.sums[l][neuron] - before.thought.sums[l][neuron];
    const text = `${capital(nameOf(l, neuron))}: ${from} \u2192 ${to}, since its sum `
      + `${by > 0 ? "rose" : "fell"} by ${Math.abs(by).toFixed(1)}`;
    const onclick = () => select({ l, neuron });
    return make("li", {}, make("button", { type: "button", onclick }, text));
  });
  return [
    make("h2", {}, `Since ${before.since}`),
    make("p", {}, `It read ${answerOf(was)} (${percent(then[was])}), and now it reads `,
      `${answerOf(is)} (${percent(now[is])}). ${changed.length ? count : "No hidden neuron has changed"} `,
      changed.length > 1 ? "their mind" : "its mind",
      changed.length > listed.length ? "; these the most:" : changed.length ? ":" : "."),
    make("ul", {}, ...list),
  ];
}

function showNeuron() {
  const box = byId("neuron");
  if (!state.selected) {
    box.replaceChildren(
      make("h2", {}, "Look inside a neuron"),
      make("p", { className: "hint" }, "Touch one of the network's circles. You see what it looks ",
        "for, what it finds in your digit, and how that adds up."),
    );
    return;
  }
  const { l, neuron } = state.selected;
  const { weights, biases } = thought.layers[l];
  const column = thought.activations[l].map((_, i) => weights[i * biases.length + neuron]);
  const adds = contributionsTo(thought, l, neuron);
  const [sum, bias] = [thought.sums[l][neuron], biases[neuron]];
  const a = thought.activations[l + 1][neuron];
  const output = l === thought.layers.length - 1;
  const addsBefore = before && contributionsTo(before.thought, l, neuron);
  const difference = addsBefore && adds.map((value, i) => value - addsBefore[i]);
  box.replaceChildren(
    make("h2", {}, capital(nameOf(l, neuron))),
    picturesOf(l, column, adds, difference),
    make("p", {}, "It adds up to ", make("b", {}, plain(sum)), ". With its bias, ",
      make("b", {}, signed(bias)), ", that is ", make("b", {}, plain(sum + bias)), "; ",
      output ? "and beside the other nine, softmax makes " : `${FUNCTIONS[network().activation]} makes `,
      make("b", {}, output ? `${(a * 100).toFixed(1)}%` : plain(a)), " of it."),
    ...(difference ? [whyOf(l, neuron, difference)] : []),
    ...(l > 0 ? [tableOf(l, column, adds)] : []),
  );
}

/** The neuron's weights, what they make of what comes in, and what that has changed by. */
function picturesOf(l, column, adds, difference) {
  const columns = l === 0 ? SIDE : column.length <= 20 ? column.length : Math.ceil(Math.sqrt(column.length));
  const largest = (numbers) => Math.max(...numbers.map(Math.abs));
  const figure = (numbers, top, caption) => {
    const canvas = make("canvas", { role: "img", ariaLabel: caption });
    canvas.setAttribute("aria-label", caption);
    paint(canvas, numbers, columns, top);
    return make("figure", {}, canvas, make("figcaption", {}, caption));
  };
  const most = Math.max(largest(adds), difference ? largest(difference) : 0);
  const figures = [
    figure(column, largest(column), l === 0 ? "its weights, a pixel each" : "its weights"),
    figure(adds, most, l === 0 ? "on your digit: weight times ink" : "times what comes in"),
  ];
  if (difference) figures.push(figure(difference, most, "what has changed since"));
  return make("div", { className: "pictures" }, ...figures);
}

/** In words: why the neuron's sum is another one than before. */
function whyOf(l, neuron, difference) {
  const [then, now] = [before.thought, thought].map(({ sums }) => sums[l][neuron]);
  const start = `Since ${before.since}, its sum went from ${plain(then)} to ${plain(now)}`;
  if (l === 0) {
    const [up, down] = [1, -1].map((sign) =>
      difference.reduce((total, value) => total + (value * sign > 0 ? value : 0), 0),
    );
    return make("p", {}, `${start}: ink added ${signed(up)}, and took ${signed(down)}.`);
  }
  const strongestTwo = ranked(difference.map(Math.abs)).slice(0, 2);
  const named = strongestTwo.map((i) => `${nameOf(l - 1, i)} (${signed(difference[i])})`);
  return make("p", {}, `${start}, most of it by ${named.join(" and ")}.`);
}

function tableOf(l, column, adds) {
  const inputs = thought.activations[l];
  const shown = ranked(adds.map(Math.abs)).slice(0, 5);
  const rest = thought.sums[l][state.selected.neuron] - shown.reduce((sum, i) => sum + adds[i], 0);
  const cells = (tag, ...texts) => make("tr", {}, ...texts.map((text) => make(tag, {}, text)));
  return make("table", {},
    make("thead", {}, cells("th", "from neuron", "active", "weight", "adds")),
    make("tbody", {},
      ...shown.map((i) => cells("td", `${i + 1}`, plain(inputs[i]), signed(column[i]), signed(adds[i]))),
      ...(adds.length > shown.length
        ? [cells("td", `other ${adds.length - shown.length}`, "", "", signed(rest))]
        : []),
    ),
  );
}

function showMoment() {
  const { moments, losses, sizes } = network();
  const count = sizes.slice(1).reduce((sum, size, l) => sum + size * (sizes[l] + 1), 0);
  byId("about").textContent = `It has ${count.toLocaleString("en")} weights and biases, and reads `
    + `${(moments.at(-1).score * 100).toFixed(1)}% of MNIST's test digits.`;
  byId("learning").hidden = moments.length < 2;
  byId("not-shown").textContent = notShown();
  if (moments.length < 2) return;
  const { epoch, score } = moments[state.moment];
  const time = epoch === 0 ? "Before it learned" : `After ${epoch} epoch${epoch > 1 ? "s" : ""}`;
  const text = `${time}: loss ${losses[epoch].toFixed(2)}, and it reads ${(score * 100).toFixed(1)}%`
    + " of the test digits.";
  byId("moment").textContent = text;
  Object.assign(byId("epoch"), { max: moments.length - 1, value: state.moment });
  byId("epoch").setAttribute("aria-valuetext", text);
  const point = (i) => [4 + (292 * i) / (losses.length - 1), 66 - (60 * losses[i]) / Math.max(...losses)];
  const line = losses.map((_, i) => point(i).join(",")).join(" ");
  const [x, y] = point(epoch);
  byId("losses").innerHTML =
    `<path d="M4 66H296" stroke="var(--line)" fill="none" vector-effect="non-scaling-stroke"/>`
    + `<polyline points="${line}" fill="none" stroke="var(--for)" stroke-width="2" vector-effect="non-scaling-stroke"/>`
    + `<path d="M${x} ${y}h0" stroke="var(--ink)" stroke-width="11" stroke-linecap="round" vector-effect="non-scaling-stroke"/>`;
  byId("losses").setAttribute("aria-label",
    `The loss over the epochs, from ${losses[0].toFixed(2)} to ${losses.at(-1).toFixed(2)}`);
}

function notShown() {
  const parts = layout.columns.flatMap(({ points }, l) => {
    const size = network().sizes[l + 1];
    return points.length < size ? [`${points.length} of the ${size} neurons of ${nameOfLayer(l)}`] : [];
  });
  return parts.length ? `There is room for ${parts.join(", and ")}.` : "";
}

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

let penDown = false;
let lastWords = 0; // when the words were shown, in milliseconds

function showFrame() {
  seen = seenBy(state.drawing, ink, state.centred);
  thought = thinkOf(seen);
  drawSquare();
  drawNetwork();
  paint(byId("seen"), seen, SIDE, 1, colours.ink);
  // While somebody draws, words that change faster than this could not be read.
  if (penDown && performance.now() - lastWords < 200) return;
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

/** Change what is in the square, so that Undo finds what was there. */
function change(drawing, since) {
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
  let pointer = null; // the one that draws; a second finger does not
  square.addEventListener("pointerdown", (event) => {
    if (pointer !== null || event.button !== 0) return;
    pointer = event.pointerId;
    square.setPointerCapture(pointer);
    penDown = true;
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
      pointer = null;
      penDown = false;
      refresh();
      say();
    });
  }
  square.addEventListener("keydown", (event) => {
    const { pen } = state;
    const [dx, dy] = {
      ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
    }[event.key] ?? [0, 0];
    if (dx || dy) {
      pen.x = Math.min(SIDE - 1, Math.max(1, pen.x + dx));
      pen.y = Math.min(SIDE - 1, Math.max(1, pen.y + dy));
      if (pen.down) continueStroke([pen.x, pen.y]);
    } else if (event.key === " " || event.key === "Enter") {
      pen.down = !pen.down;
      if (pen.down) beginStroke([pen.x, pen.y]);
      else say();
    } else if (event.key === "Backspace") {
      pen.down = false;
      undo();
    } else if (event.key === "Delete") {
      pen.down = false;
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
  const misread = page.digits.filter(
    ({ label }, i) => ranked(thinkOf(pictures[i].digit).activations.at(-1))[0] !== label,
  );
  byId("misread").textContent = misread.length
    ? `${capital(network().name)} gets the ${misread.map(({ label }) => label).join(" and the ")} wrong.`
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
      Object.assign(state, { network: i, moment: page.networks[i].moments.length - 1, selected: null });
      before = null; // another network's neurons cannot be compared
      refresh();
      say();
    });
    byId("networks").append(make("label", {}, radio, `${capital(name)}: ${sizes.slice(1, -1).join(" + ")}`));
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
readColours();
paintEverything();
showFrame();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paintEverything);
new ResizeObserver(refresh).observe(document.body);
