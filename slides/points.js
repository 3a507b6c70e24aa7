// The ten points of step 00, what a line through them costs, and helpers for the drawings.

const X = [-2.0, 3.7, 4.7, 1.0, 3.4, 1.9, 0.5, 3.7, -3.7, -1.4];
const Y = [
  4.416856407182695, 0.47057967159614744, -0.29887819819469424, 1.4013832483099857,
  0.4316035832132115, 1.4101057523285265, 2.0118609471559328, 0.5242922714864773, 5.620627159141899,
  3.494602189431038,
];

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}

/** How far the line b + w x is above each of the ten points. */
function errors(w, b) {
  return X.map((x, i) => b + w * x - Y[i]);
}

/** The cost of the line b + w x: its squared errors, added up. */
function cost(w, b) {
  return sum(errors(w, b).map((error) => error ** 2));
}

/** The derivatives of the cost, with respect to w and to b. */
function derivatives(w, b) {
  const error = errors(w, b);
  return [sum(error.map((e, i) => 2 * X[i] * e)), sum(error.map((e) => 2 * e))];
}

/** The w and b of the best line, by the method of least squares. */
function bestLine() {
  const meanX = sum(X) / X.length;
  const meanY = sum(Y) / Y.length;
  const slope =
    sum(X.map((x, i) => (x - meanX) * (Y[i] - meanY))) / sum(X.map((x) => (x - meanX) ** 2));
  return [slope, meanY - slope * meanX];
}

/** A number with four digits, as Python's f"{number:.4g}" prints it. */
function fourDigits(number) {
  const [digits, power] = number.toExponential(3).split("e");
  if (power >= -4 && power < 4) {
    return String(Number(number.toFixed(3 - power)));
  }
  return Number(digits) + "e" + power[0] + power.slice(1).padStart(2, "0");
}

/** The text of a slider's number: two decimals, and a real minus sign. */
function twoDecimals(number) {
  const text = Number(number).toFixed(2);
  return text === "-0.00" ? "0.00" : text.replace("-", "\u2212");
}

// Drawing

const BLUE = "#0072b2";
const ORANGE = "#d55e00";
const GREY = "#777777";

/** Add an SVG element of this name to another one, and return it. */
function draw(parent, name, attributes, text = "") {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  setAll(element, attributes);
  element.textContent = text;
  parent.append(element);
  return element;
}

function setAll(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, value);
  }
}

/**
 * Draw the ten points, and axes with numbers and names.
 *
 * Return the functions that turn an x or a y into a place in the drawing, and a layer below the
 * points, to draw on: what runs over its edge is not seen. One step of x is as long as one step
 * of y, so that a square is one.
 */
function drawPoints(svg, unit) {
  const left = (x) => (x + 5) * unit + 40;
  const top = (y) => (7 - y) * unit;
  const ends = { x1: left(-5), x2: left(6) };
  for (let y = -1; y <= 6; y += 1) {
    draw(svg, "line", { ...ends, y1: top(y), y2: top(y), stroke: y === 0 ? "#999" : "#e5e5e5" });
    draw(svg, "text", { x: left(-5) - 10, y: top(y) + 8, "text-anchor": "end" }, y);
  }
  for (let x = -4; x <= 5; x += 1) {
    const upright = { x1: left(x), x2: left(x), y1: top(7), y2: top(-1.5) };
    draw(svg, "line", { ...upright, stroke: x === 0 ? "#999" : "#e5e5e5" });
    draw(svg, "text", { x: left(x), y: top(-1.5) + 28, "text-anchor": "middle" }, x);
  }
  draw(svg, "text", { x: left(6) - 4, y: top(-1.5) + 28, "text-anchor": "end", class: "name" }, "x");
  draw(svg, "text", { x: left(-5) + 8, y: 20, class: "name" }, "y");
  const place = { x: left(-5), y: 0, width: 11 * unit, height: 8.5 * unit };
  const layer = draw(svg, "svg", { ...place, viewBox: Object.values(place).join(" ") });
  X.forEach((x, i) => draw(svg, "circle", { cx: left(x), cy: top(Y[i]), r: 8, fill: BLUE }));
  return [left, top, layer];
}

/**
 * Draw the landscape of the cost, seen from above, into an svg of 400 x 400: the lighter, the lower.
 *
 * It shows w from -2.7 to 3 and b from -1 to 4.75, as step 00's picture does. Return the functions
 * that turn a w or a b into a place in the drawing.
 */
function drawLandscape(svg) {
  const [bestW, bestB] = bestLine();
  const bestCost = cost(bestW, bestB);
  const [size, lowW, highW, lowB, highB] = [400, bestW - 2, 3, -1, bestB + 2];
  const across = (w) => ((w - lowW) / (highW - lowW)) * size;
  const down = (b) => (1 - (b - lowB) / (highB - lowB)) * size;
  const [xx, x1, ones] = [sum(X.map((x) => x * x)), sum(X), X.length];
  for (let level = 20; level >= 1; level -= 1) {
    const above = bestCost * (10 ** (level / 6) - 1); // six contours in each ten times the cost
    const places = []; // all places of the same cost lie on an ellipse around the best line
    for (let angle = 0; angle < 2 * Math.PI; angle += 0.05) {
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      const radius = Math.sqrt(above / (xx * c * c + 2 * x1 * c * s + ones * s * s));
      places.push([across(bestW + radius * c), down(bestB + radius * s)]);
    }
    const fill = `hsl(205, 65%, ${96 - 3 * level}%)`;
    draw(svg, "polygon", { points: places.join(" "), fill });
  }
  draw(svg, "text", { x: size - 12, y: size - 14, fill: "white", "text-anchor": "end" }, "w →");
  draw(svg, "text", { x: 10, y: 30, fill: "white" }, "b ↑");
  draw(svg, "text", { x: across(bestW), y: down(bestB) + 11, class: "star" }, "★");
  return [across, down];
}
