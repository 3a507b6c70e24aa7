"use strict";

/* The exam: the networks' scores side by side, and what they read of every drawing. */

let exam;

function cells(...entries) {
  return entries.map(([text, className = ""]) => make("td", { className }, text));
}

function score(value, decimals = 4) {
  return [value === null ? "" : value.toFixed(decimals), "number"];
}

function row(network) {
  const { name, validation, test, room, before, place } = network;
  const touch = make("button", { type: "button" }, name);
  touch.addEventListener("click", () => showOne(network));
  const moved = before - place;
  const change =
    before === undefined
      ? [""]
      : moved > 0
        ? [`${before} \u25b2`, "up"]
        : moved < 0
          ? [`${before} \u25bc`, "down"]
          : [`${before}`];
  return make(
    "tr",
    {},
    ...cells(
      [place ?? "", "number"],
      [network.read ? touch : name],
      score(validation),
      score(test),
      score(room, 3),
      change,
    ),
  );
}

/** A drawing, with what was read below it. */
function figure(drawing, caption, wrong) {
  const canvas = picture(drawing.pixels, `a ${drawing.digit}`);
  return make("figure", { className: wrong ? "wrong" : "" }, canvas, make("figcaption", {}, caption));
}

/** What one network reads, its mistakes first. */
function showOne({ name, read }) {
  const all = exam.drawings.map((drawing, i) => ({ drawing, digit: read[i] }));
  const wrong = all.filter(({ drawing, digit }) => digit !== drawing.digit);
  const right = all.filter(({ drawing, digit }) => digit === drawing.digit);
  byId("one").hidden = false;
  byId("one-title").textContent =
    `${name} reads ${right.length} of ${all.length}; below each drawing, what it reads`;
  byId("one-drawings").replaceChildren(
    ...wrong.map(({ drawing, digit }) => figure(drawing, `${digit}`, true)),
    ...right.map(({ drawing, digit }) => figure(drawing, `${digit}`, false)),
  );
  byId("one").scrollIntoView();
}

function show() {
  const { drawings, hands, networks, others } = exam;
  byId("counts").textContent = `${drawings.length} digits by ${hands} hands`;
  byId("table").replaceChildren(...networks.map(row), ...others.map(row));
  byId("why").replaceChildren(...exam.why.map((sentence) => make("p", {}, sentence)));
  const rows = [exam.digits.map((_, d) => `${d}`), exam.digits.map((s) => (s === null ? "" : percent(s)))];
  byId("digits").tBodies[0].replaceChildren(
    ...rows.map((texts, i) => make("tr", {}, ...texts.map((text) => make(i ? "td" : "th", {}, text)))),
  );
  byId("unread-part").hidden = exam.unread.length === 0;
  byId("unread").replaceChildren(
    ...exam.unread.map((i) => figure(drawings[i], `${drawings[i].digit}`, true)),
  );
  byId("divided-part").hidden = exam.divided === null || networks.length < 2;
  if (byId("divided-part").hidden) return;
  const drawing = drawings[exam.divided];
  byId("divided").replaceChildren(figure(drawing, `${drawing.digit}`));
  const readers = {};
  for (const { name, read } of networks) (readers[read[exam.divided]] ??= []).push(name);
  byId("votes").replaceChildren(
    ...Object.entries(readers).map(([digit, names]) =>
      make("p", {}, make("b", {}, `${digit}: `), names.join(", ")),
    ),
  );
}

async function load() {
  try {
    exam = await ask("exam.json");
    byId("sentence").textContent = "";
    show();
    if (!exam.complete) setTimeout(load, 2000); // some test scores are still to come
  } catch (error) {
    byId("sentence").textContent = error.message;
    setTimeout(load, 3000);
  }
}

load();
