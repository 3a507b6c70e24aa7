"use strict";

/*
 * What is said: the answer, which neurons changed their mind, how a neuron adds up, how it learned.
 */

function showAnswer() {
  const shares = thought.activations.at(-1);
  const [first, second] = ranked(shares);
  byId("answer").replaceChildren(
    ...(isEmpty()
      ? ["The square is empty. Draw, and here you see what the network sees and reads."]
      : [
          make("strong", {}, answerOf(first)),
          make("br"),
          `It is ${percent(shares[first])} sure of that. Its second guess: ${answerOf(second)}, `,
          `${percent(shares[second])}.`,
        ]),
  );
  // A button that is disabled would lose the focus.
  byId("undo").setAttribute("aria-disabled", state.earlier.length === 0);
  byId("clear").setAttribute("aria-disabled", isEmpty());
}

function showChanged() {
  const box = byId("changed");
  const children = before && !isEmpty()
    ? whatChanged()
    : [
        make("h2", {}, "Who changed their mind?"),
        make(
          "p",
          { className: "hint" },
          "Draw a stroke, and then one more. Here you see which ",
          "neurons the last one has turned round, and why.",
        ),
      ];
  const text = children.map((child) => child.textContent).join("\n");
  if (text === shownChange) return; // a button that has the focus keeps it
  shownChange = text;
  box.replaceChildren(...children);
}

let shownChange = "";

function whatChanged() {
  const [then, now] = [before.thought, thought].map(({ activations }) => activations.at(-1));
  const [was, is] = [then, now].map((shares) => ranked(shares)[0]);
  const changed = changedNeurons().filter(({ l }) => l < thought.layers.length - 1);
  const listed = [...changed].sort((a, b) => b.by - a.by).slice(0, 5);
  const count = `${changed.length} hidden neuron${changed.length > 1 ? "s have" : " has"} changed`;
  const list = listed.map(({ l, neuron }) => {
    const [from, to] = [before.thought, thought].map((t) => plain(t.activations[l + 1][neuron]));
    const by = thought.sums[l][neuron] - before.thought.sums[l][neuron];
    const text =
      `${capital(nameOf(l, neuron))}: ${from} \u2192 ${to}, since its sum ` +
      `${by > 0 ? "rose" : "fell"} by ${Math.abs(by).toFixed(1)}`;
    const onclick = () => select({ l, neuron });
    return make("li", {}, make("button", { type: "button", onclick }, text));
  });
  return [
    make("h2", {}, `Since ${before.since}`),
    make(
      "p",
      {},
      `It read ${answerOf(was)} (${percent(then[was])}), and now it reads `,
      `${answerOf(is)} (${percent(now[is])}). `,
      changed.length ? `${count} ` : "No hidden neuron has changed ",
      changed.length > 1 ? "their mind" : "its mind",
      changed.length > listed.length ? "; these the most:" : changed.length ? ":" : ".",
    ),
    make("ul", {}, ...list),
  ];
}

function showNeuron() {
  const box = byId("neuron");
  showTheWay();
  if (!state.selected) {
    box.replaceChildren(
      make("h2", {}, "Look inside a neuron"),
      make(
        "p",
        { className: "hint" },
        "Touch one of the network's circles. You see what it looks ",
        "for, what it finds in your digit, and how that adds up.",
      ),
    );
    return;
  }
  const { l, neuron } = state.selected;
  const { weights, biases } = thought.layers[l];
  const column = thought.activations[l].map((_, i) => weights[i * biases.length + neuron]);
  if (isEmpty()) {
    box.replaceChildren(
      make("h2", {}, capital(nameOf(l, neuron))),
      picturesOf(l, column),
      make("p", { className: "hint" }, "Draw something, and you see what it makes of that."),
    );
    return;
  }
  const adds = contributionsTo(thought, l, neuron);
  const [sum, bias] = [thought.sums[l][neuron], biases[neuron]];
  const a = thought.activations[l + 1][neuron];
  const output = l === thought.layers.length - 1;
  const addsBefore = before && contributionsTo(before.thought, l, neuron);
  const difference = addsBefore && adds.map((value, i) => value - addsBefore[i]);
  box.replaceChildren(
    make("h2", {}, capital(nameOf(l, neuron))),
    picturesOf(l, column, adds, difference),
    make(
      "p",
      {},
      "It adds up to ",
      make("b", {}, plain(sum)),
      ". With its bias, ",
      make("b", {}, signed(bias)),
      ", that is ",
      make("b", {}, plain(sum + bias)),
      "; ",
      output
        ? "and beside the other nine, softmax makes "
        : `${FUNCTIONS[network().activation]} makes `,
      make("b", {}, output ? `${(a * 100).toFixed(1)}%` : plain(a)),
      " of it.",
    ),
    ...(difference ? [whyOf(l, neuron, difference)] : []),
    ...(l > 0 ? [tableOf(l, column, adds)] : []),
  );
}

/** Where what is said of the neuron lies below the window, say so, and lead there. */
function showTheWay() {
  const link = byId("look");
  link.hidden = !state.selected || byId("neuron").getBoundingClientRect().top < innerHeight - 60;
  if (link.hidden) return;
  link.textContent = `${capital(nameOf(state.selected.l, state.selected.neuron))}: look inside \u2193`;
}

/** The neuron's weights, what they make of what comes in, and what that has changed by. */
function picturesOf(l, column, adds, difference) {
  const columns =
    l === 0 ? SIDE : column.length <= 20 ? column.length : Math.ceil(Math.sqrt(column.length));
  const largest = (numbers) => Math.max(...numbers.map(Math.abs));
  const figure = (numbers, top, caption) => {
    const canvas = make("canvas", { role: "img" });
    canvas.setAttribute("aria-label", caption);
    paint(canvas, numbers, columns, top);
    return make("figure", {}, canvas, make("figcaption", {}, caption));
  };
  const figures = [
    figure(column, largest(column), l === 0 ? "its weights, a pixel each" : "its weights"),
  ];
  const most = Math.max(...[adds, difference].filter(Boolean).map(largest));
  if (adds) {
    const caption = l === 0 ? "on your digit: weight times ink" : "times what comes in";
    figures.push(figure(adds, most, caption));
  }
  if (difference) figures.push(figure(difference, most, "what has changed since"));
  return make("div", { className: "pictures" }, ...figures);
}

/** In words: why the neuron's sum is another one than before. */
function whyOf(l, neuron, difference) {
  const [then, now] = [before.thought, thought].map(({ sums }) => sums[l][neuron]);
  const start = `Since ${before.since}, its sum went from ${plain(then)} to ${plain(now)}`;
  if (l === 0) {
    const [up, down] = [1, -1].map((sign) =>
      difference.reduce((total, value) => total + (value * sign > 0 ? value : 0), 0),
    );
    return make("p", {}, `${start}: ink added ${signed(up)}, and took ${signed(down)}.`);
  }
  const strongestTwo = ranked(difference.map(Math.abs)).slice(0, 2);
  const named = strongestTwo.map((i) => `${nameOf(l - 1, i)} (${signed(difference[i])})`);
  return make("p", {}, `${start}, most of it by ${named.join(" and ")}.`);
}

function tableOf(l, column, adds) {
  const inputs = thought.activations[l];
  const shown = ranked(adds.map(Math.abs)).slice(0, 5);
  const rest = thought.sums[l][state.selected.neuron] - shown.reduce((sum, i) => sum + adds[i], 0);
  const cells = (tag, ...texts) => make("tr", {}, ...texts.map((text) => make(tag, {}, text)));
  return make(
    "table",
    {},
    make("thead", {}, cells("th", "from neuron", "active", "weight", "adds")),
    make(
      "tbody",
      {},
      ...shown.map((i) =>
        cells("td", `${i + 1}`, plain(inputs[i]), signed(column[i]), signed(adds[i])),
      ),
      ...(adds.length > shown.length
        ? [cells("td", `other ${adds.length - shown.length}`, "", "", signed(rest))]
        : []),
    ),
  );
}

function showMoment() {
  const { moments, losses, sizes } = network();
  const count = sizes.slice(1).reduce((sum, size, l) => sum + size * (sizes[l] + 1), 0);
  byId("about").textContent =
    `It has ${count.toLocaleString("en")} weights and biases, and reads ` +
    `${(moments.at(-1).score * 100).toFixed(1)}% of MNIST's test digits.`;
  byId("learning").hidden = moments.length < 2;
  byId("not-shown").textContent = notShown();
  if (moments.length < 2) return;
  const { epoch, score } = moments[state.moment];
  const time = epoch === 0 ? "Before it learned" : `After ${epoch} epoch${epoch > 1 ? "s" : ""}`;
  const text =
    `${time}: loss ${losses[epoch].toFixed(2)}, and it reads ${(score * 100).toFixed(1)}%` +
    " of the test digits.";
  byId("moment").textContent = text;
  Object.assign(byId("epoch"), { max: moments.length - 1, value: state.moment });
  byId("epoch").setAttribute("aria-valuetext", text);
  const point = (i) => [
    4 + (292 * i) / (losses.length - 1),
    66 - (60 * losses[i]) / Math.max(...losses),
  ];
  const line = losses.map((_, i) => point(i).join(",")).join(" ");
  const [x, y] = point(epoch);
  const thin = 'fill="none" vector-effect="non-scaling-stroke"';
  byId("losses").innerHTML =
    `<path d="M4 66H296" stroke="var(--line)" ${thin}/>` +
    `<polyline points="${line}" stroke="var(--for)" stroke-width="2" ${thin}/>` +
    `<path d="M${x} ${y}h0" stroke="var(--ink)" stroke-width="11" stroke-linecap="round" ${thin}/>`;
  byId("losses").setAttribute(
    "aria-label",
    `The loss over the epochs, from ${losses[0].toFixed(2)} to ${losses.at(-1).toFixed(2)}`,
  );
}

function notShown() {
  const parts = layout.columns.flatMap(({ points }, l) => {
    const size = network().sizes[l + 1];
    return points.length < size
      ? [`${points.length} of the ${size} neurons of ${nameOfLayer(l)}`]
      : [];
  });
  return parts.length ? `There is room for ${parts.join(", and ")}.` : "";
}
