"use strict";

/*
 * Ten digits from a finger. All that is drawn is kept in this browser until the board has it, so a
 * page that is closed, and a Wi-Fi that is gone, lose nothing: it is sent later, and counts once.
 */

const DIGITS = 10; // of a round
const ROUNDS = 4;
const WAIT = 3000; // milliseconds, before the board is asked again that did not answer
const KEY = location.pathname.toLowerCase(); // another room has another word, and begins anew

const state = JSON.parse(localStorage.getItem(KEY)) ?? {
  name: "",
  token: randomToken(),
  order: [], // the digits still to draw in this round; the first is being drawn
  drawn: 0, // digits in all
  queue: [], // what the board does not have yet
};
let strokes = [];

function randomToken() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function save() {
  localStorage.setItem(KEY, JSON.stringify(state));
}

function newRound() {
  state.order = [...Array(DIGITS).keys()];
  for (let i = DIGITS - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [state.order[i], state.order[j]] = [state.order[j], state.order[i]];
  }
}

function show() {
  const [digit] = state.order;
  byId("start").hidden = state.name !== "";
  byId("draw").hidden = state.name === "" || digit === undefined;
  byId("thanks").hidden = state.name === "" || digit !== undefined;
  byId("article").textContent = digit === 8 ? "an" : "a";
  byId("digit").textContent = digit;
  byId("progress").textContent = `Digit ${DIGITS - state.order.length + 1} of ${DIGITS}.`;
  byId("drawn").textContent = `${state.drawn} digits by ${state.name}.`;
  byId("again").hidden = state.drawn >= DIGITS * ROUNDS;
  const { length } = state.queue;
  byId("waiting").textContent = length
    ? `${length} ${length === 1 ? "drawing waits" : "drawings wait"} here until the board has them.`
    : "";
  drawSquare();
}

function drawSquare() {
  const canvas = byId("square");
  const side = Math.round(canvas.clientWidth * (window.devicePixelRatio || 1));
  Object.assign(canvas, { width: side, height: side });
  const context = canvas.getContext("2d");
  context.lineCap = context.lineJoin = "round";
  context.lineWidth = (2 * PEN * side) / SIDE;
  for (const stroke of strokes) {
    context.beginPath();
    for (const [x, y] of [stroke[0], ...stroke])
      context.lineTo((x * side) / SIDE, (y * side) / SIDE);
    context.stroke();
  }
  for (const id of ["undo", "clear", "next"]) byId(id).disabled = strokes.length === 0;
}

/** Where a pointer is, in the network's pixels. */
function placeOf(event) {
  const box = byId("square").getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top].map((at) => (at * SIDE) / box.width);
}

function listenToTheSquare() {
  const square = byId("square");
  let pointer = null; // the one that draws; a second finger does not
  square.addEventListener("pointerdown", (event) => {
    if (pointer !== null || event.button !== 0) return;
    pointer = event.pointerId;
    square.setPointerCapture(pointer);
    strokes.push([placeOf(event)]);
    drawSquare();
  });
  square.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pointer) return;
    const events = event.getCoalescedEvents?.() ?? [];
    strokes.at(-1)?.push(...(events.length ? events : [event]).map(placeOf));
    drawSquare();
  });
  for (const end of ["pointerup", "pointercancel"]) {
    square.addEventListener(end, (event) => {
      if (event.pointerId === pointer) pointer = null;
    });
  }
}

/** What the network will see of the strokes, as step 09 makes it: 784 whole numbers, 0 to 255. */
function pixelsOf(strokes) {
  const drawing = { digit: null, strokes };
  return [...seenBy(drawing, inkOf(drawing), true)].map((value) => Math.round(value * 255));
}

function next() {
  const pixels = pixelsOf(strokes);
  strokes = [];
  if (!pixels.some(Boolean)) return show(); // drawn outside the square
  state.queue.push({ id: randomToken(), digit: state.order.shift(), pixels });
  state.drawn += 1;
  save();
  show();
  send();
}

let sending = false;

/** Send what waits, one after the other, and go on until the board has everything. */
async function send() {
  if (sending) return;
  sending = true;
  while (state.queue.length) {
    try {
      await ask("drawings", { name: state.name, token: state.token, ...state.queue[0] });
      byId("sentence").textContent = "";
      state.queue.shift();
    } catch (error) {
      byId("sentence").textContent = error.message;
      if (error.status >= 400 && error.status < 500 && error.status !== 404) state.queue.shift();
      else await new Promise((resolve) => setTimeout(resolve, WAIT));
    }
    save();
    show();
  }
  sending = false;
}

byId("start").addEventListener("submit", async (event) => {
  event.preventDefault();
  const name = byId("name").value.trim();
  try {
    await ask("hands", { name, token: state.token });
  } catch (error) {
    byId("sentence").textContent = error.message;
    return;
  }
  byId("sentence").textContent = "";
  state.name = name;
  newRound();
  save();
  show();
});
byId("undo").addEventListener("click", () => {
  strokes.pop();
  drawSquare();
});
byId("clear").addEventListener("click", () => {
  strokes = [];
  drawSquare();
});
byId("next").addEventListener("click", next);
byId("again").addEventListener("click", () => {
  newRound();
  save();
  show();
});
addEventListener("resize", drawSquare);
listenToTheSquare();
show();
send();
