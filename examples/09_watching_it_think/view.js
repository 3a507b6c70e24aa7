"use strict";

/*
 * What is drawn: the square, the network with its contributions, and numbers as pictures.
 */

function readColours() {
  const style = getComputedStyle(document.documentElement);
  const names = ["page", "card", "ink", "muted", "line", "field", "for", "against", "change"];
  mixtures.clear();
  colours = Object.fromEntries(
    names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]),
  );
}

/** Make a canvas as fine as the screen, and return its context, which counts in CSS pixels. */
function contextOf(canvas) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const scale = window.devicePixelRatio || 1;
  const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== wide || canvas.height !== high)
    Object.assign(canvas, { width: wide, height: high });
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
 * Show numbers as a picture, a pixel each: 0 as the page, above as `positive`, below as `negative`.
 * @param {HTMLCanvasElement} canvas
 * @param {Float32Array} numbers   (rows * columns,)
 * @param {number} columns
 * @param {number} largest         the number that is shown in full colour
 */
function paint(
  canvas,
  numbers,
  columns,
  largest,
  positive = colours.for,
  negative = colours.against,
) {
  const rows = Math.ceil(numbers.length / columns);
  if (canvas.width !== columns || canvas.height !== rows)
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

const scratch = document.createElement("canvas"); // for pictures that are enlarged into others

function drawSquare() {
  const { context, width } = contextOf(byId("square"));
  const unit = width / SIDE;
  const { digit, strokes } = state.drawing;
  if (digit) {
    paint(scratch, digit, SIDE, 1, colours.ink);
    context.imageSmoothingQuality = "high";
    context.drawImage(scratch, 0, 0, width, width);
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
  paint(scratch, seen, SIDE, 1, colours.ink);
  context.imageSmoothingEnabled = false;
  context.drawImage(scratch, x, y, side, side);
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
  const likeliest = isEmpty() ? null : ranked(shares)[0];
  const start = points[0][0] + radius + text * 0.55;
  context.textBaseline = "middle";
  points.forEach(([, y], digit) => {
    context.fillStyle = colours.field;
    context.fillRect(start + text, y - text * 0.4, bars, text * 0.8);
    context.fillStyle = colours.ink;
    context.font = `${digit === likeliest ? 700 : 400} ${text * 1.1}px ${FAMILY}`;
    context.textAlign = "left";
    context.fillText(answerOf(digit), start, y);
    if (isEmpty()) return;
    context.fillStyle = digit === likeliest ? colours.ink : colours.muted;
    context.fillRect(start + text, y - text * 0.4, bars * shares[digit], text * 0.8);
    context.fillStyle = colours.ink;
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
    const size = sizes[l + 1];
    title(middle, "center", ...(narrow ? [size, ""] : ["hidden layer", `${size} neurons`]));
  });
  if (narrow && columns.length > 1) {
    // The columns are too close for a word each.
    const across = columns.slice(0, -1).flatMap(({ points }) => points.map(([x]) => x));
    title((Math.min(...across) + Math.max(...across)) / 2, "center", "", "hidden");
  }
  const answers = sizes.at(-1);
  title(
    width - 1,
    "right",
    ...(narrow ? [answers, "answers"] : ["output layer", `${answers} answers`]),
  );
}

/** Draw the contributions to a layer: the strongest ones, or those of the neuron looked into. */
function drawLines(context, l) {
  if (isEmpty()) return;
  const { columns, picture } = layout;
  const [before, after] = [columns[l - 1]?.points.length ?? SIDE * SIDE, columns[l].points.length];
  const { selected } = state;
  const looked = selected && (selected.l === l || selected.l === l - 1);
  const wanted = (from, to) =>
    from < before && to < after && (!looked || (selected.l === l ? to : from) === selected.neuron);
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
