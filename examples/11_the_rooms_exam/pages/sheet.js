"use strict";

/* The leader's page: read some drawings, take some out, open the exam. */

let drawings = [];
let toRead = [];

/** Do what a click asks for, and show a sentence if the board says no. */
async function attempt(action) {
  try {
    byId("sentence").textContent = "";
    await action();
  } catch (error) {
    byId("sentence").textContent = error.message;
    scrollTo(0, 0);
  }
}

function showSheet() {
  const sorted = [...drawings].sort((a, b) => a.digit - b.digit || a.number - b.number);
  byId("drawings").replaceChildren(
    ...sorted.map((drawing) => {
      const canvas = picture(drawing.pixels, `a ${drawing.digit}`);
      const button = make("button", { type: "button" }, canvas);
      const mark = () => {
        button.classList.toggle("out", drawing.taken_out);
        button.setAttribute("aria-pressed", Boolean(drawing.taken_out));
      };
      mark();
      button.addEventListener("click", () =>
        attempt(async () => {
          const taken_out = 1 - drawing.taken_out;
          await ask("mark", { number: drawing.number, taken_out });
          drawing.taken_out = taken_out;
          mark();
        }),
      );
      return make("figure", {}, button, make("figcaption", {}, `${drawing.digit}`));
    }),
  );
}

function showOne() {
  byId("left").textContent = toRead.length
    ? `Which digit is this? ${toRead.length} to go.`
    : "Thank you. A person is on the list.";
  const drawing = drawings.find(({ number }) => number === toRead[0]);
  byId("one").replaceChildren();
  byId("answers").hidden = !drawing;
  if (!drawing) return;
  const canvas = picture(drawing.pixels, "a drawing");
  canvas.id = "large";
  byId("one").append(canvas);
}

function answer(digit) {
  attempt(async () => {
    await ask("mark", { number: toRead[0], read_by_leader: digit });
    toRead.shift();
    showOne();
  });
}

for (let digit = 0; digit < 10; digit++) {
  const button = make("button", { type: "button" }, `${digit}`);
  button.addEventListener("click", () => answer(digit));
  byId("answers").append(button);
}
document.addEventListener("keydown", ({ key }) => {
  if (!byId("reading").hidden && toRead.length && /^\d$/.test(key)) answer(Number(key));
});
byId("read").addEventListener("click", () => {
  byId("read").hidden = true;
  byId("reading").hidden = false;
  showOne();
});
byId("look").addEventListener("click", () => {
  byId("look").hidden = true;
  byId("all").hidden = false;
  showSheet();
});
byId("open").addEventListener("click", () =>
  attempt(async () => {
    await ask("open", {});
    location.href = "exam";
  }),
);
attempt(async () => {
  const sheet = await ask("sheet.json");
  drawings = sheet.drawings;
  toRead = sheet.to_read;
  byId("opened").hidden = !sheet.exam;
});
