"use strict";

/*
 * From the pen to the 28 x 28 pixels that the network knows.
 *
 * Places in the square are in the network's pixels, from 0 to 28. The ink itself is kept finer: as
 * 140 x 140 numbers from 0 (paper) to 1 (ink). We compute them ourselves and don't read them back
 * from a canvas, since each browser would draw a little differently.
 */

const SIDE = 28; // the network's pixels, in each direction
const FINE = 5; // pixels of ink for each of them
const INK_SIDE = SIDE * FINE;
const BOX = 20; // MNIST's digits fit into a box of 20 x 20 pixels
const THICKNESS = [1.9, 4.4]; // pixels, of most MNIST digits' strokes; others are changed
const PEN = 1.35; // the radius of the pen: strokes are about as thick as MNIST's

/**
 * What is in the square.
 * @typedef {object} Drawing
 * @property {?Float32Array} digit             (784,): an MNIST digit under the strokes, or null
 * @property {Array<Array<[number, number]>>} strokes  each the places [x, y] that the pen was at
 */

/**
 * @param {Drawing} drawing
 * @returns {Float32Array}  (140, 140), from 0 to 1
 */
function inkOf({ digit, strokes }) {
  const ink = digit
    ? resize({ pixels: digit, width: SIDE, height: SIDE }, INK_SIDE, INK_SIDE).pixels
    : new Float32Array(INK_SIDE * INK_SIDE);
  for (const stroke of strokes) {
    stroke.forEach((place, i) => addLine(ink, stroke[Math.max(0, i - 1)], place));
  }
  return ink;
}

/**
 * Draw a straight line of the pen's thickness into the ink, with round ends.
 * @param {Float32Array} ink  (140, 140)
 * @param {[number, number]} start
 * @param {[number, number]} end
 */
function addLine(ink, start, end) {
  const [x0, y0, x1, y1] = [...start, ...end].map((place) => place * FINE - 0.5);
  const radius = PEN * FINE;
  const reach = radius + 1;
  const [dx, dy] = [x1 - x0, y1 - y0];
  const square = dx * dx + dy * dy;
  const first = (a, b) => Math.max(0, Math.ceil(Math.min(a, b) - reach));
  const last = (a, b) => Math.min(INK_SIDE - 1, Math.floor(Math.max(a, b) + reach));
  for (let y = first(y0, y1); y <= last(y0, y1); y++) {
    for (let x = first(x0, x1); x <= last(x0, x1); x++) {
      // How far along the line this pixel lies, from 0 (its start) to 1 (its end).
      const along = square === 0 ? 0 : ((x - x0) * dx + (y - y0) * dy) / square;
      const t = Math.min(1, Math.max(0, along));
      const distance = Math.hypot(x - x0 - t * dx, y - y0 - t * dy);
      const covered = Math.min(1, Math.max(0, radius + 0.5 - distance));
      const i = y * INK_SIDE + x;
      ink[i] = Math.max(ink[i], covered);
    }
  }
}

/**
 * What the network sees of a drawing.
 * @param {Drawing} drawing
 * @param {Float32Array} ink  (140, 140), that of the drawing
 * @param {boolean} centred   cut out and centred, or as drawn, only made smaller
 * @returns {Float32Array}    (784,), from 0 (paper) to 1 (ink)
 */
function seenBy(drawing, ink, centred) {
  if (drawing.digit && drawing.strokes.length === 0) return drawing.digit; // it was prepared before
  return centred ? cutOutAndCentre(ink) : makeSmaller(ink);
}

/**
 * The average of each 5 x 5 pixels of ink.
 * @param {Float32Array} ink  (140, 140)
 * @returns {Float32Array}    (784,)
 */
function makeSmaller(ink) {
  const pixels = new Float32Array(SIDE * SIDE);
  ink.forEach((value, i) => {
    const row = Math.floor(i / INK_SIDE / FINE);
    const column = Math.floor((i % INK_SIDE) / FINE);
    pixels[row * SIDE + column] += value / (FINE * FINE);
  });
  return pixels;
}

/**
 * What MNIST's makers did with each digit: cut out the ink, make it fit into 20 x 20 pixels, and
 * put its centre of mass into the middle of 28 x 28. And what step 06 does besides: strokes that
 * would become far thicker or thinner than MNIST's are changed first.
 * @param {Float32Array} ink  (140, 140)
 * @returns {Float32Array}    (784,); all 0 where there is no ink
 */
function cutOutAndCentre(ink) {
  const all = { pixels: ink, width: INK_SIDE, height: INK_SIDE };
  const found = cutOut(all);
  if (!found) return new Float32Array(SIDE * SIDE);
  const fine = Math.max(found.width, found.height) / BOX;
  const digit = changeThickness(found, ...THICKNESS.map((limit) => limit * fine));
  const scale = BOX / Math.max(digit.width, digit.height);
  const size = (length) => Math.max(1, Math.round(length * scale));
  return centreByMass(resize(digit, size(digit.width), size(digit.height)));
}

/**
 * @typedef {{pixels: Float32Array, width: number, height: number}} Picture
 *   whose pixels are (height, width), from 0 to 1
 */

/**
 * @param {Picture} picture
 * @returns {?Picture}  the part with ink in it; null where there is none
 */
function cutOut({ pixels, width, height }) {
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (pixels[y * width + x] === 0) continue;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      bottom = y;
    }
  }
  if (right < 0) return null;
  return move({ pixels, width, height }, -left, -top, right - left + 1, bottom - top + 1);
}

/**
 * Lay a picture onto an empty page, from (left, top) on; what sticks out is cut off.
 * @param {Picture} picture
 * @returns {Picture}
 */
function move(picture, left, top, width, height) {
  const pixels = new Float32Array(width * height);
  for (let y = Math.max(0, -top); y < Math.min(picture.height, height - top); y++) {
    for (let x = Math.max(0, -left); x < Math.min(picture.width, width - left); x++) {
      pixels[(top + y) * width + left + x] = picture.pixels[y * picture.width + x];
    }
  }
  return { pixels, width, height };
}

/**
 * A digit with strokes of about `thinnest` to `thickest` pixels, as change_thickness() of step 06.
 * @param {Picture} picture
 * @param {number} thinnest
 * @param {number} thickest
 * @returns {Picture}
 */
function changeThickness(picture, thinnest, thickest) {
  const edge = 1 + Math.floor(thinnest);
  const [width, height] = [picture.width + 2 * edge, picture.height + 2 * edge];
  const page = move(picture, edge, edge, width, height);
  const inside = distances(page, (value) => value > 0.5);

  // In a stroke that is t pixels thick, a pixel of ink is t/4 deep on average.
  let [count, depth] = [0, 0];
  for (const distance of inside) {
    if (distance > 0) {
      count += 1;
      depth += distance - 0.5;
    }
  }
  const thickness = (4 * depth) / count;
  const change = Math.min(thickest, Math.max(thinnest, thickness)) - thickness;
  if (count === 0 || change === 0) return picture;
  const outside = distances(page, (value) => value <= 0.5);
  const pixels = inside.map((distance, i) => {
    const depth = distance > 0 ? distance - 0.5 : 0.5 - outside[i];
    return Math.min(1, Math.max(0, depth + change / 2 + 0.5));
  });
  return cutOut({ pixels, width, height });
}

/**
 * @param {Picture} picture
 * @param {(value: number) => boolean} marks
 * @returns {Float32Array}  (height, width): how far each marked pixel is from the nearest other one
 */
function distances({ pixels, width, height }, marks) {
  const along = new Float32Array(width * height); // to the nearest one in the same row
  for (let y = 0; y < height; y++) {
    for (const step of [1, -1]) {
      let distance = width + height;
      for (let x = step > 0 ? 0 : width - 1; x >= 0 && x < width; x += step) {
        const i = y * width + x;
        distance = marks(pixels[i]) ? distance + 1 : 0;
        along[i] = step > 0 ? distance : Math.min(along[i], distance);
      }
    }
  }
  const result = new Float32Array(width * height);
  for (let i = 0; i < result.length; i++) {
    let nearest = along[i] ** 2;
    for (let rows = 1; rows * rows < nearest; rows++) {
      const [above, below] = [i - rows * width, i + rows * width];
      if (above >= 0) nearest = Math.min(nearest, rows * rows + along[above] ** 2);
      if (below < along.length) nearest = Math.min(nearest, rows * rows + along[below] ** 2);
    }
    result[i] = Math.sqrt(nearest);
  }
  return result;
}

/**
 * A picture in another size, smooth: bicubic, as in step 06 Pillow does it.
 * @param {Picture} picture
 * @param {number} width
 * @param {number} height
 * @returns {Picture}
 */
function resize(picture, width, height) {
  const wide = resizeRows(picture.pixels, picture.height, picture.width, width);
  const turned = transpose(wide, picture.height, width);
  const high = resizeRows(turned, width, picture.height, height);
  const pixels = transpose(high, width, height).map((value) => Math.min(1, Math.max(0, value)));
  return { pixels, width, height };
}

/**
 * Make each row longer or shorter.
 * @param {Float32Array} pixels  (rows, length)
 * @returns {Float32Array}       (rows, newLength)
 */
function resizeRows(pixels, rows, length, newLength) {
  const scale = length / newLength;
  const stretch = Math.max(1, scale); // a new pixel looks at this many old ones, or at its nearest
  const result = new Float32Array(rows * newLength);
  for (let j = 0; j < newLength; j++) {
    const middle = (j + 0.5) * scale;
    const first = Math.max(0, Math.floor(middle - 2 * stretch + 0.5));
    const last = Math.min(length, Math.floor(middle + 2 * stretch + 0.5));
    const parts = [];
    for (let i = first; i < last; i++) parts.push(bicubic((i + 0.5 - middle) / stretch));
    const whole = parts.reduce((a, b) => a + b);
    for (let row = 0; row < rows; row++) {
      let sum = 0;
      for (let i = first; i < last; i++) sum += parts[i - first] * pixels[row * length + i];
      result[row * newLength + j] = sum / whole;
    }
  }
  return result;
}

/** How much a pixel counts that lies x away (R. Keys, 1981, with a = -0.5, as in Pillow). */
function bicubic(x) {
  const d = Math.abs(x);
  if (d < 1) return 1.5 * d ** 3 - 2.5 * d ** 2 + 1;
  if (d < 2) return -0.5 * d ** 3 + 2.5 * d ** 2 - 4 * d + 2;
  return 0;
}

/**
 * @param {Float32Array} pixels  (rows, columns)
 * @returns {Float32Array}       (columns, rows)
 */
function transpose(pixels, rows, columns) {
  return pixels.map((_, i) => pixels[(i % rows) * columns + Math.floor(i / rows)]);
}

/**
 * @param {Picture} digit   of at most 20 x 20 pixels
 * @returns {Float32Array}  (784,): the digit in 28 x 28 pixels, its centre of mass in the middle
 */
function centreByMass({ pixels, width, height }) {
  let [mass, x, y] = [0, 0, 0];
  pixels.forEach((ink, i) => {
    mass += ink;
    x += ink * (i % width);
    y += ink * Math.floor(i / width);
  });
  // A symmetrical digit has its middle between two pixels: no rounding error must choose.
  const [left, top] = [x, y].map((sum) => SIDE / 2 - Math.round(sum / mass - 1e-6));
  return move({ pixels, width, height }, left, top, SIDE, SIDE).pixels;
}
