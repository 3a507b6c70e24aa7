// The 5 of five.js, wherever a slide has an <svg data-digit>: as it is, with its numbers, or in
// characters, as stage 2 prints it.

for (const svg of document.querySelectorAll("svg[data-digit]")) {
  const kind = svg.dataset.digit;
  FIVE.forEach((row, y) => {
    row.forEach((pixel, x) => {
      if (kind === "characters") {
        if (pixel > 127) {
          draw(svg, "text", { x: 10 * x, y: 10 * y + 8.5, textLength: 10 }, "##");
        }
      } else if (pixel > 0) {
        const light = 255 - pixel;
        draw(svg, "rect", { x, y, width: 1, height: 1, fill: `rgb(${light}, ${light}, ${light})` });
      }
    });
  });
}

// A few of its pixels, large, with the numbers that they are.
{
  const svg = document.querySelector("#numbers svg.patch");
  const [firstRow, firstColumn, rows, columns] = [5, 12, 6, 7];
  for (let y = 0; y < rows; y += 1) {
    for (let x = 0; x < columns; x += 1) {
      const pixel = FIVE[firstRow + y][firstColumn + x];
      const light = 255 - pixel;
      draw(svg, "rect", {
        x: 80 * x,
        y: 64 * y,
        width: 80,
        height: 64,
        stroke: "#bbb",
        fill: `rgb(${light}, ${light}, ${light})`,
      });
      const colour = pixel > 127 ? "white" : "black";
      draw(svg, "text", { x: 80 * x + 40, y: 64 * y + 41, fill: colour }, pixel);
    }
  }
}
