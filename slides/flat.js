// The sigmoid with its flat zones, and a sum that one drags, before and after dividing by 255.

{
  const slide = document.querySelector("#flat");
  const svg = slide.querySelector("svg");
  const [slider, divided] = slide.querySelectorAll("input");
  const left = (x) => 64 + (x + 10) * 52;
  const top = (y) => 10 + (1 - y) * 270;
  const sigmoid = (x) => 1 / (1 + Math.exp(-x));

  drawSigmoid(svg, left, top);
  draw(svg, "text", { x: left(0), y: 344, "text-anchor": "middle" }, "sum");
  draw(svg, "text", { x: left(-9.8), y: top(1) + 30 }, "activation");
  const tangent = draw(svg, "line", { stroke: ORANGE, "stroke-width": 4 });
  const dot = draw(svg, "circle", { r: 14, fill: ORANGE });
  const beyond = draw(svg, "text", { fill: "#a84800", "text-anchor": "middle" });

  function update() {
    const z = Number(slider.value) / (divided.checked ? 255 : 1);
    const activation = sigmoid(z);
    const slope = activation * (1 - activation);
    const shown = Math.max(-10, Math.min(10, z)); // a sum beyond the drawing sits at its edge
    const [x, y] = [left(shown), top(activation)];
    setAll(dot, { cx: x, cy: y });
    setAll(tangent, { x1: x - 104, x2: x + 104, y1: y + 480 * slope, y2: y - 480 * slope });
    setAll(beyond, { x: left(z < 0 ? -8.4 : 8.4), y: top(z < 0 ? 0.15 : 0.8) });
    beyond.textContent = shown === z ? "" : z < 0 ? "← far out" : "far out →";
    slide.querySelector(".sum").textContent = twoDecimals(z);
    slide.querySelector(".activation").textContent = activation.toFixed(4);
    slide.querySelector(".slope").textContent = slope.toFixed(4);
  }

  /** Drag the dot itself: a place in the drawing is a sum. */
  function drag(event) {
    const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(
      svg.getScreenCTM().inverse(),
    );
    const z = (place.x - 64) / 52 - 10;
    slider.value = z * (divided.checked ? 255 : 1);
    update();
  }

  svg.addEventListener("pointerdown", (event) => {
    svg.setPointerCapture(event.pointerId);
    drag(event);
  });
  svg.addEventListener("pointermove", (event) => {
    if (svg.hasPointerCapture(event.pointerId)) {
      drag(event);
    }
  });
  slide.addEventListener("input", update);
  update();
}
