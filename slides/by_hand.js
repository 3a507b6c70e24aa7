// The ten points and a line that people turn by hand; the cost as squares, and the room's best.

{
  const slide = document.querySelector("#by-hand");
  const svg = slide.querySelector("svg");
  const [w, b] = slide.querySelectorAll("input");
  const [left, top, layer] = drawPoints(svg, 54);
  const squares = draw(layer, "g", {});
  const line = draw(layer, "line", { stroke: ORANGE, "stroke-width": 4 });
  let lowest = null; // the lowest cost that the room has found, with its w and b

  function show(name, text) {
    slide.querySelector(`.${name}`).textContent = text;
  }

  function update() {
    const [slope, height] = [Number(w.value), Number(b.value)];
    setAll(line, { x1: left(-5), y1: top(height - 5 * slope) });
    setAll(line, { x2: left(6), y2: top(height + 6 * slope) });
    squares.replaceChildren();
    errors(slope, height).forEach((error, i) => {
      const side = Math.abs(left(error) - left(0));
      const y = Math.min(top(Y[i]), top(Y[i] + error));
      const place = { x: left(X[i]), y, width: side, height: side };
      draw(squares, "rect", { ...place, fill: ORANGE, "fill-opacity": 0.2, stroke: ORANGE });
    });
    show("w", twoDecimals(slope));
    show("b", twoDecimals(height));
    show("cost", cost(slope, height).toFixed(2));
  }

  /** A try counts when the slider is let go, so that sweeping over the best place finds nothing. */
  function keepBest() {
    const now = cost(Number(w.value), Number(b.value));
    if (lowest === null || now < lowest) {
      lowest = now;
      show("lowest", now.toFixed(2));
    }
  }

  function showBestLine() {
    const [slope, height] = bestLine();
    w.value = slope;
    b.value = height;
    update();
    show("best", cost(slope, height).toFixed(2));
  }

  slide.addEventListener("input", update);
  slide.addEventListener("change", keepBest);
  slide.querySelector("button").addEventListener("click", showBestLine);
  update();
}
