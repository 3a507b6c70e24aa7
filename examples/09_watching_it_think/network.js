"use strict";

/*
 * What a network computes: from 784 pixels to ten probabilities, as predict_proba does in Python.
 *
 * An array (a, b) is kept row after row in one long Float32Array: its entry [i, j] is at i * b + j.
 */

/**
 * @typedef {object} Layer
 * @property {Float32Array} weights  (neurons before, neurons)
 * @property {Float32Array} biases   (neurons,)
 */

/**
 * What happens in a network that sees a picture.
 * @typedef {object} Thought
 * @property {Layer[]} layers
 * @property {Float32Array[]} activations  [0] are the inputs, (784,); [l + 1] those of layer l
 * @property {Float32Array[]} sums         [l] what the neurons of layer l add up, without the bias
 */

/**
 * One weight at work: what neuron `from` adds to the sum of neuron `to` in the next layer.
 * @typedef {{from: number, to: number, value: number}} Contribution
 */

const ACTIVATIONS = {
  identity: (z) => z,
  logistic: (z) => 1 / (1 + Math.exp(-z)),
  tanh: Math.tanh,
  relu: (z) => Math.max(0, z),
};

/**
 * Read the layers of a network: a layer's weights, its biases, the next, all little-endian.
 * @param {string} base64
 * @param {string} kind      of the numbers: "float16" or "float32"
 * @param {number[]} sizes   the neurons of each layer, from the 784 inputs to the 10 outputs
 * @returns {Layer[]}
 */
function decodeLayers(base64, kind, sizes) {
  const view = new DataView(decodeBytes(base64).buffer);
  const half = kind === "float16";
  let position = 0;
  const take = (count) => {
    const numbers = new Float32Array(count);
    for (let i = 0; i < count; i++, position += half ? 2 : 4) {
      numbers[i] = half ? float16(view.getUint16(position, true)) : view.getFloat32(position, true);
    }
    return numbers;
  };
  return sizes.slice(1).map((size, l) => ({ weights: take(sizes[l] * size), biases: take(size) }));
}

/** The number that 16 bits stand for (IEEE 754 binary16); none of ours is infinite. */
function float16(bits) {
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  const size = exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25);
  return bits >> 15 ? -size : size;
}

/**
 * @param {string} base64
 * @returns {Uint8Array}
 */
function decodeBytes(base64) {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/**
 * Let a network see a picture.
 * @param {Layer[]} layers
 * @param {string} activation    that of the hidden layers, a key of ACTIVATIONS
 * @param {Float32Array} inputs  (784,), divided as the network learned them
 * @returns {Thought}            whose last activations are the ten probabilities
 */
function think(layers, activation, inputs) {
  const activations = [inputs];
  const sums = [];
  layers.forEach((layer, l) => {
    const sum = weightedSums(layer, activations[l]);
    const withBias = sum.map((value, j) => value + layer.biases[j]);
    sums.push(sum);
    activations.push(
      l < layers.length - 1 ? withBias.map(ACTIVATIONS[activation]) : softmax(withBias),
    );
  });
  return { layers, activations, sums };
}

/**
 * @param {Layer} layer
 * @param {Float32Array} inputs    (neurons before,)
 * @returns {Float32Array}         (neurons,): for each, its weights times the inputs, added up
 */
function weightedSums({ weights, biases }, inputs) {
  const size = biases.length;
  const sums = new Float64Array(size);
  for (let i = 0; i < inputs.length; i++) {
    const input = inputs[i];
    if (input !== 0) {
      // most pixels are paper
      const row = i * size;
      for (let j = 0; j < size; j++) sums[j] += input * weights[row + j];
    }
  }
  return Float32Array.from(sums);
}

/**
 * Turn sums into probabilities, whose own sum is 1.
 * @param {Float32Array} sums
 * @returns {Float32Array}
 */
function softmax(sums) {
  const highest = Math.max(...sums); // without it, a large sum would be too much for exp
  const powers = sums.map((sum) => Math.exp(sum - highest));
  const total = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / total);
}

/**
 * What each neuron before adds to the sum of one neuron.
 * @param {Thought} thought
 * @param {number} l       the neuron's layer, from 0 for the first hidden one
 * @param {number} neuron
 * @returns {Float32Array}  (neurons before,)
 */
function contributionsTo(thought, l, neuron) {
  const { weights, biases } = thought.layers[l];
  return thought.activations[l].map((a, i) => a * weights[i * biases.length + neuron]);
}

/**
 * The contributions to a layer that weigh most, the strongest first.
 * @param {Thought} thought
 * @param {number} l      the layer
 * @param {number} count  at most so many
 * @param {(from: number, to: number) => boolean} [wanted]  leaves the others out
 * @returns {Contribution[]}
 */
function strongest(thought, l, count, wanted = () => true) {
  const { weights, biases } = thought.layers[l];
  const inputs = thought.activations[l];
  const size = biases.length;
  let best = [];
  let least = 0; // what a contribution must exceed to be among the best
  const keepBest = () => {
    best.sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
    best.length = Math.min(best.length, count);
    if (best.length === count) least = Math.abs(best[count - 1].value);
  };
  for (let from = 0; from < inputs.length; from++) {
    if (inputs[from] === 0) continue;
    for (let to = 0; to < size; to++) {
      const value = inputs[from] * weights[from * size + to];
      if (Math.abs(value) > least && wanted(from, to)) {
        best.push({ from, to, value });
        if (best.length > 4 * count) keepBest();
      }
    }
  }
  keepBest();
  return best;
}

/**
 * The places of the largest numbers, the largest first.
 * @param {Float32Array} numbers
 * @returns {number[]}
 */
function ranked(numbers) {
  return Array.from(numbers.keys()).sort((a, b) => numbers[b] - numbers[a]);
}
