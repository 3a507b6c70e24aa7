// Gradient descent on the ten points, as step 00 does it: the line, and its way over the landscape.

{
  const slide = document.querySelector("#descent");
  const [pointsSvg, landscape] = slide.querySelectorAll("svg");
  const buttons = Object.fromEntries([...slide.querySelectorAll("button")].map((b) => [b.name, b]));
  const [bestW, bestB] = bestLine();
  const bestCost = cost(bestW, bestB);
  const tooLarge = 1e100; // where step 00 stops, too
  const lastStep = 400;
  let mu = 0.01;
  let path; // for each step: w, b and cost
  let timer = null;

  // On the left, the points and the line.
  const [left, top, layer] = drawPoints(pointsSvg, 35);
  const line = draw(layer, "line", { stroke: ORANGE, "stroke-width": 4 });

  // On the right, the landscape: w from -2.7 to 3, b from -1 to 4.75, as in step 00's picture. All
  // places of the same cost lie on an ellipse around the best line; the lighter, the lower.
  const [size, lowW, highW, lowB, highB] = [400, bestW - 2, 3, -1, bestB + 2];
  const across = (w) => ((w - lowW) / (highW - lowW)) * size;
  const down = (b) => (1 - (b - lowB) / (highB - lowB)) * size;
  const [xx, x1, ones] = [sum(X.map((x) => x * x)), sum(X), X.length];
  for (let level = 20; level >= 1; level -= 1) {
    const above = bestCost * (10 ** (level / 6) - 1); // six contours in each ten times the cost
    const places = [];
    for (let angle = 0; angle < 2 * Math.PI; angle += 0.05) {
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      const radius = Math.sqrt(above / (xx * c * c + 2 * x1 * c * s + ones * s * s));
      places.push([across(bestW + radius * c), down(bestB + radius * s)]);
    }
    const fill = `hsl(205, 65%, ${96 - 3 * level}%)`;
    draw(landscape, "polygon", { points: places.join(" "), fill });
  }
  draw(landscape, "text", { x: size - 50, y: size - 12, fill: "white" }, "w →");
  draw(landscape, "text", { x: 10, y: 28, fill: "white" }, "b ↑");
  draw(landscape, "text", { x: across(bestW), y: down(bestB) + 11, class: "star" }, "★");
  const way = draw(landscape, "polyline", { fill: "none", stroke: "black", "stroke-width": 2 });
  const dots = draw(landscape, "g", {});
  draw(landscape, "rect", {
    x: across(1) - 9,
    y: down(1) - 9,
    width: 18,
    height: 18,
    fill: ORANGE,
  });

  function start() {
    stop();
    path = [[1, 1, cost(1, 1)]];
    dots.replaceChildren();
    update();
  }

  /** One step of gradient descent: against the derivatives, mu times as far. */
  function step() {
    const [w, b] = path.at(-1);
    if (ended()) {
      return;
    }
    const [dw, db] = derivatives(w, b);
    const [newW, newB] = [w - mu * dw, b - mu * db];
    path.push([newW, newB, cost(newW, newB)]);
    update();
  }

  function ended() {
    const [w, b] = path.at(-1);
    return path.length > lastStep || Math.abs(w) > tooLarge || Math.abs(b) > tooLarge;
  }

  /** Step after step, slowly at first, until it ends or somebody stops it. */
  function run(pause) {
    step();
    if (ended()) {
      stop();
    } else {
      timer = setTimeout(run, pause, Math.max(25, 0.93 * pause));
    }
    label();
  }

  function stop() {
    clearTimeout(timer);
    timer = null;
    label();
  }

  function label() {
    buttons.run.textContent = timer === null ? "Run" : "Stop";
  }

  /** What step 00 says of this path: from which step on it is there, or that it blows up. */
  function verdict() {
    if (path.at(-1)[2] > path[0][2]) {
      return "higher than at the start: it blows up";
    }
    if (path.at(-1)[2] > 1.01 * bestCost) {
      return "on its way";
    }
    return `there at step ${path.findIndex((place) => place[2] <= 1.01 * bestCost)}`;
  }

  function update() {
    const [w, b, costNow] = path.at(-1);
    const within = (number) => Math.max(-1e5, Math.min(1e5, number)); // SVG draws no larger numbers
    setAll(line, { x1: left(-5), y1: within(top(b - 5 * w)) });
    setAll(line, { x2: left(6), y2: within(top(b + 6 * w)) });
    const places = path.map(([pw, pb]) => [within(across(pw)), within(down(pb))]);
    way.setAttribute("points", places.join(" "));
    const [x, y] = places.at(-1);
    draw(dots, "circle", { cx: x, cy: y, r: 4 });
    const numbers = { step: path.length - 1, w: fourDigits(w), b: fourDigits(b) };
    for (const [name, text] of Object.entries({ ...numbers, cost: fourDigits(costNow) })) {
      slide.querySelector(`td.${name}`).textContent = text;
    }
    slide.querySelector(".verdict").textContent = verdict();
  }

  function choose(rate) {
    mu = rate;
    for (const button of slide.querySelectorAll("[data-mu]")) {
      button.setAttribute("aria-pressed", Number(button.dataset.mu) === mu);
    }
    start();
  }

  for (const button of slide.querySelectorAll("[data-mu]")) {
    button.addEventListener("click", () => choose(Number(button.dataset.mu)));
  }
  buttons.step.addEventListener("click", () => {
    stop();
    step();
  });
  buttons.run.addEventListener("click", () => {
    if (timer === null) {
      run(400);
    } else {
      stop();
    }
  });
  buttons.start.addEventListener("click", start);
  choose(0.01);
}
