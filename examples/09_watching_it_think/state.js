"use strict";

/*
 * What the page knows: its networks, what is in the square, what is chosen, what the network makes
 * of that now, and what it made of it before. And small helpers.
 */

/**
 * A network, as make_page.py puts it into the page.
 * @typedef {object} Network
 * @property {string} name
 * @property {number[]} sizes           the neurons of each layer, from 784 to 10
 * @property {string} activation        that of the hidden layers
 * @property {number} divide_pixels_by  what pixels of 0 to 255 are divided by
 * @property {Moment[]} moments         its weights while it learned; one, if only the last are kept
 * @property {number[]} losses          the loss before it learned, and after each epoch
 */

/**
 * @typedef {{epoch: number, score: number, kind: string, numbers: string, layers?: Layer[]}} Moment
 */

/** @type {{networks: Network[], digits: Array<{label: number, pixels: string}>}} */
const page = JSON.parse(byId("data").textContent);

const state = {
  network: 0, // its place in page.networks
  moment: page.networks[0].moments.length - 1,
  centred: true,
  /** @type {?{l: number, neuron: number}} the neuron looked into; l: 0 in the first hidden layer */
  selected: null,
  /** @type {Drawing} */
  drawing: { digit: null, strokes: [] },
  /** @type {Drawing[]} what was in the square before, for Undo */
  earlier: [],
  pen: { x: 14, y: 14, down: false, shown: false }, // moved by the keys
};
let ink = inkOf(state.drawing); // that of the drawing, kept up with it
/** @type {Thought} */
let thought; // what the network computes now ...
let seen; // ... of these pixels, (784,)
/** @type {?{thought: Thought, since: string}} */
let before = null; // the same before the last thing that was done
let colours; // of the theme, light or dark

const FAMILY = "system-ui, sans-serif";
const FUNCTIONS = { identity: "nothing", logistic: "the sigmoid", tanh: "tanh", relu: "relu" };

// Small helpers.

function byId(id) {
  return document.getElementById(id);
}

/** Make an element, with some of its properties set, and with children, which may be text. */
function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

function signed(number, digits = 2) {
  const text = Math.abs(number).toFixed(digits);
  return (number < 0 && Number(text) !== 0 ? "\u2212" : "+") + text;
}

function plain(number, digits = 2) {
  return signed(number, digits).replace("+", "");
}

function percent(share) {
  if (share > 0.995) return "over 99%";
  return share < 0.005 ? "under 1%" : `${Math.round(share * 100)}%`;
}

function network() {
  return page.networks[state.network];
}

function isEmpty() {
  return !state.drawing.digit && state.drawing.strokes.length === 0;
}

function nameOfLayer(l) {
  const hidden = network().sizes.length - 2;
  if (l === hidden) return "the output layer";
  const which = ["first ", "second ", "third ", "fourth "][l] ?? `${l + 1}th `;
  return `the ${hidden > 1 ? which : ""}hidden layer`;
}

function nameOf(l, neuron) {
  if (l < 0) return `pixel ${neuron}`;
  return l === network().sizes.length - 2
    ? `the output for ${answerOf(neuron)}`
    : `neuron ${neuron + 1} of ${nameOfLayer(l)}`;
}

/** What an output stands for; an eleventh one, as in the last exercise, for no digit at all. */
function answerOf(output) {
  return output < 10 ? `${output}` : "none";
}

function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}

// Computing.

function layersNow() {
  const { moments, sizes } = network();
  const moment = moments[state.moment];
  moment.layers ??= decodeLayers(moment.numbers, moment.kind, sizes);
  return moment.layers;
}

/** Let a network of the page think about pixels, (784,), from 0 to 1. */
function thinkOf(pixels) {
  const { activation, divide_pixels_by: divisor } = network();
  return think(
    layersNow(),
    activation,
    pixels.map((value) => (value * 255) / divisor),
  );
}

/** Keep what the network reads now, to say afterwards what has changed since. */
function remember(since) {
  before = isEmpty() ? null : { thought, since };
}

/**
 * How active each neuron of a layer is: from 0 to 1, or from -1 where activations go below 0.
 * Without ink none is shown as active: what a network makes of empty paper is no answer.
 */
function shades(aThought, l) {
  if (isEmpty()) return aThought.activations[l + 1].map(() => 0);
  const activations = aThought.activations[l + 1];
  const last = l === aThought.layers.length - 1;
  const bounded = last || ["logistic", "tanh"].includes(network().activation);
  const largest = bounded ? 1 : Math.max(1e-9, ...activations.map(Math.abs));
  return activations.map((a) => a / largest);
}

/** The neurons whose shade has moved by a half of all there is: those that changed their mind. */
function changedNeurons() {
  const changed = [];
  if (!before) return changed;
  thought.layers.forEach((_, l) => {
    const [then, now] = [shades(before.thought, l), shades(thought, l)];
    now.forEach((shade, neuron) => {
      const by = Math.abs(shade - then[neuron]);
      if (by >= 0.5) changed.push({ l, neuron, by });
    });
  });
  return changed;
}
