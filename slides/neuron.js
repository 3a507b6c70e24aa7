// A neuron with three inputs: every slider changes its sum, and the sum its activation.

{
  const slide = document.querySelector("#neuron");
  const svg = slide.querySelector("svg");
  const value = (name) => Number(slide.querySelector(`[name=${name}]`).value);

  function sigmoid(x) {
    return 1 / (1 + Math.exp(-x));
  }

  // Drawn once: three inputs, their connections, the neuron. The numbers come in update().
  const heights = [70, 220, 370];
  const connections = heights.map((y) => draw(svg, "line", { x1: 60, y1: y, x2: 330, y2: 220 }));
  const inputs = heights.map((y) => draw(svg, "circle", { cx: 60, cy: y, r: 45, stroke: GREY }));
  const inputTexts = heights.map((y) => draw(svg, "text", { x: 60, y: y + 9 }));
  const weightTexts = heights.map((y) =>
    draw(svg, "text", { x: 180, y: 146 + 0.5 * y - 24, class: "weight" }),
  );
  const neuron = draw(svg, "circle", { cx: 330, cy: 220, r: 75, stroke: GREY });
  const neuronText = draw(svg, "text", { x: 330, y: 229 });

  /** Fill a circle the darker, the larger its activation is, and keep its text readable. */
  function shade(circle, text, activation) {
    const light = Math.round(255 * (1 - activation));
    circle.setAttribute("fill", `rgb(${light}, ${light}, ${light})`);
    text.setAttribute("fill", activation > 0.5 ? "white" : "black");
    text.textContent = twoDecimals(activation);
  }

  /** A number that is added, or taken away: + 2.00, − 1.00. */
  function signed(number) {
    return (number < 0 ? "− " : "+ ") + twoDecimals(Math.abs(number));
  }

  function update() {
    const x = [1, 2, 3].map((k) => value(`x${k}`));
    const w = [1, 2, 3].map((k) => value(`w${k}`));
    const b = value("b");
    const z = sum(x.map((input, k) => w[k] * input)) + b;

    for (const slider of slide.querySelectorAll("input")) {
      slide.querySelector(`output[for=${slider.id}]`).textContent = twoDecimals(slider.value);
    }
    x.forEach((input, k) => {
      shade(inputs[k], inputTexts[k], input);
      setAll(connections[k], {
        stroke: w[k] < 0 ? ORANGE : BLUE,
        "stroke-width": 1 + 4 * Math.abs(w[k]),
      });
      weightTexts[k].textContent = twoDecimals(w[k]);
    });
    shade(neuron, neuronText, sigmoid(z));

    const products = x.map((input, k) => `${signed(w[k])} × ${twoDecimals(input)}`);
    slide.querySelector(".sum").textContent =
      `z = ${products.join(" ")} ${signed(b)} = ${twoDecimals(z)}`.replace("= + ", "= ");
    slide.querySelector(".activation").textContent =
      `a = σ(${twoDecimals(z)}) = ${twoDecimals(sigmoid(z))}`;
  }

  slide.addEventListener("input", update);
  update();
}
