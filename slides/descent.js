// Gradient descent on the ten points, as step 00 does it: the line, and its way over the landscape.

{
  const slide = document.querySelector("#descent");
  const [pointsSvg, landscape] = slide.querySelectorAll("svg");
  const buttons = Object.fromEntries([...slide.querySelectorAll("button")].map((b) => [b.name, b]));
  const other = slide.querySelector("input"); // a learning rate that somebody calls out
  const bestCost = cost(...bestLine());
  const tooLarge = 1e100; // where step 00 stops, too
  const lastStep = 400;
  let mu = 0.01;
  let path; // for each step: w, b and cost
  let timer = null;

  // On the left, the points and the line.
  const [left, top, layer] = drawPoints(pointsSvg, 35);
  const line = draw(layer, "line", { stroke: ORANGE, "stroke-width": 4 });

  // On the right, the landscape, with the way so far.
  const [across, down] = drawLandscape(landscape);
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

  /** What step 00 says of this path: when it has arrived, or that it blows up. */
  function verdict() {
    if (path.at(-1)[2] > path[0][2]) {
      return "higher than at the start: it blows up";
    }
    if (path.at(-1)[2] > 1.01 * bestCost) {
      return "on its way";
    }
    return `arrived at step ${path.findIndex((place) => place[2] <= 1.01 * bestCost)}`;
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
    other.value = mu;
    start();
  }

  for (const button of slide.querySelectorAll("[data-mu]")) {
    button.addEventListener("click", () => choose(Number(button.dataset.mu)));
  }
  other.addEventListener("change", () => {
    const rate = other.value === "" ? NaN : Number(other.value);
    if (Math.abs(rate) <= 1000) {
      choose(rate);
    } else {
      other.value = mu;
      slide.querySelector(".verdict").textContent = "Please type a number from -1000 to 1000.";
    }
  });
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
  Reveal.on("slidechanged", stop);
  choose(0.01);
}
