// Pictures that stay as they are, drawn here so that their words are as large as a slide's.

/** Digits from a strip of ten in a row, 28 pixels each, with a word above every one. */
function drawDigits(svg, strip, words) {
  words.forEach((word, i) => {
    const [column, row] = [i % 10, Math.floor(i / 10)];
    const [x, y] = [115 * column, 128 * row];
    const wrong = word.includes("not");
    const colour = { fill: wrong ? "#a84800" : "#005a8f", "font-weight": wrong ? 600 : 400 };
    draw(svg, "text", { x: x + 57, y: y + 26, "text-anchor": "middle", ...colour }, word);
    const place = { x: x + 14, y: y + 34, width: 86, height: 86 };
    const cut = draw(svg, "svg", { ...place, viewBox: `${28 * column} ${28 * row} 28 28` });
    const rows = words.length / 10;
    draw(cut, "image", { href: strip, width: 280, height: 28 * rows, class: "pixels" });
  });
}

for (const svg of document.querySelectorAll("svg[data-strip]")) {
  drawDigits(svg, svg.dataset.strip, svg.dataset.words.split(", "));
}

// The network of the workshop: of its 784 inputs, eight.
{
  const svg = document.querySelector("#network svg");
  const spread = (count, step) =>
    Array.from({ length: count }, (_, i) => 275 + step * (i - (count - 1) / 2));
  const inputs = [...spread(4, 24).map((y) => y - 114), ...spread(4, 24).map((y) => y + 114)];
  const columns = [
    { x: 120, heights: inputs, colour: BLUE, title: ["input layer", "784 pixels"] },
    { x: 420, heights: spread(14, 24), colour: GREY, title: ["hidden layer", "14 neurons"] },
    { x: 720, heights: spread(14, 24), colour: GREY, title: ["hidden layer", "14 neurons"] },
    { x: 1020, heights: spread(10, 32), colour: ORANGE, title: ["output layer", "10 digits"] },
  ];
  columns.slice(1).forEach(({ x, heights }, i) => {
    const before = columns[i];
    const lines = heights.flatMap((to) =>
      before.heights.map((from) => `M${before.x} ${from} L${x} ${to}`),
    );
    draw(svg, "path", { d: lines.join(" "), stroke: "black", "stroke-width": 0.7, opacity: 0.25 });
  });
  for (const { x, heights, colour, title } of columns) {
    heights.forEach((y) => draw(svg, "circle", { cx: x, cy: y, r: 9, fill: colour }));
    title.forEach((line, i) =>
      draw(svg, "text", { x, y: 30 + 34 * i, "text-anchor": "middle" }, line),
    );
  }
  [-20, 0, 20].forEach((y) => draw(svg, "circle", { cx: 120, cy: 275 + y, r: 3, fill: BLUE }));
  columns[3].heights.forEach((y, digit) => draw(svg, "text", { x: 1048, y: y + 9 }, digit));
}

// The sigmoid. On the slide of the flat zones, flat.js adds a dot that one drags.
function drawSigmoid(svg, left, top) {
  for (const from of [-10, 6]) {
    const place = { x: left(from), y: top(1), width: left(4) - left(0), height: top(0) - top(1) };
    draw(svg, "rect", { ...place, fill: "#e4e4e4" });
    draw(svg, "text", { x: left(from + 2), y: top(0.5), "text-anchor": "middle" }, "flat");
  }
  draw(svg, "line", { x1: left(0), x2: left(0), y1: top(0), y2: top(1), stroke: "#999" });
  for (const x of [-10, -6, -3, 0, 3, 6, 10]) {
    draw(svg, "text", { x: left(x), y: top(0) + 30, "text-anchor": "middle" }, x);
  }
  for (const y of [0, 0.5, 1]) {
    draw(svg, "text", { x: left(-10) - 10, y: top(y) + 9, "text-anchor": "end" }, y);
  }
  const curve = [];
  for (let x = -10; x <= 10; x += 0.1) {
    curve.push([left(x), top(1 / (1 + Math.exp(-x)))]);
  }
  draw(svg, "polyline", { points: curve.join(" "), fill: "none", stroke: BLUE, "stroke-width": 5 });
}

{
  const svg = document.querySelector("#sigmoid svg");
  const left = (x) => 60 + (x + 10) * 30;
  const top = (y) => 50 + (1 - y) * 260;
  drawSigmoid(svg, left, top);
  draw(svg, "text", { x: left(0), y: 376, "text-anchor": "middle" }, "x: the weighted sum");
  draw(svg, "text", { x: left(-10), y: 30 }, "σ(x): what comes out");
}

// Three ways over the landscape of the cost, until they arrive or are far away.
for (const svg of document.querySelectorAll("#three-rates svg")) {
  const [across, down] = drawLandscape(svg);
  let [w, b] = [1, 1];
  const places = [[across(w), down(b)]];
  const [bestW, bestB] = bestLine();
  while (cost(w, b) > 1.01 * cost(bestW, bestB) && Math.abs(w) < 1000) {
    const [dw, db] = derivatives(w, b);
    [w, b] = [w - svg.dataset.mu * dw, b - svg.dataset.mu * db];
    places.push([across(w), down(b)]);
  }
  draw(svg, "polyline", { points: places.join(" "), fill: "none", stroke: "black" });
  places.forEach(([cx, cy]) => draw(svg, "circle", { cx, cy, r: 5 }));
  draw(svg, "rect", { x: across(1) - 9, y: down(1) - 9, width: 18, height: 18, fill: ORANGE });
}
