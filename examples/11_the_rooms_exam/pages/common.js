"use strict";

/* What all pages of the board share. Names and sentences only ever become text, never HTML. */

function byId(id) {
  return document.getElementById(id);
}

/** Make an element, with some of its properties set, and with children, which may be text. */
function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** Ask the board; with data, send it. Throws an Error with a sentence and, if it answered, status. */
async function ask(path, data) {
  const options = data ? { method: "POST", body: JSON.stringify(data) } : {};
  const response = await fetch(path, options).catch(() => {
    throw new Error("The board does not answer. Is the Wi-Fi on?");
  });
  if (response.ok) return response.json();
  const { sentence } = await response.json().catch(() => ({}));
  const error = new Error(sentence ?? "The board has a problem. Tell whoever leads.");
  throw Object.assign(error, { status: response.status });
}

/** Return a canvas with a drawing; pixels are 784 bytes in base64, 255 is ink. */
function picture(pixels, label) {
  const canvas = make("canvas", { width: 28, height: 28, role: "img", ariaLabel: label });
  const image = new ImageData(28, 28);
  [...atob(pixels)].forEach((byte, i) => {
    image.data.fill(255 - byte.charCodeAt(0), 4 * i, 4 * i + 3);
    image.data[4 * i + 3] = 255;
  });
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}

function percent(share) {
  return `${Math.round(share * 100)}%`;
}
