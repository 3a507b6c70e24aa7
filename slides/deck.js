// Start the deck: how long it lasts, the minutes in the notes, and keys that do what one expects.

// 1. Each slide has its seconds: data-timing in the two hours, data-90 and data-60 where they differ
// in 90 and in 60 minutes. What has a 0 there, a slide or a part of one, is left out.
// index.html?minutes=90 chooses.
{
  const minutes = new URLSearchParams(location.search).get("minutes") ?? "120";
  document.querySelectorAll(`[data-${CSS.escape(minutes)}="0"]`).forEach((part) => part.remove());
  let begin = 0; // in seconds
  for (const slide of document.querySelectorAll(".slides > section")) {
    const seconds = Number(slide.getAttribute(`data-${minutes}`) ?? slide.dataset.timing);
    slide.dataset.timing = seconds; // what the speaker view reads
    const time = document.createElement("p");
    time.textContent = `Minutes ${clock(begin)} to ${clock(begin + seconds)}`;
    slide.querySelector("aside.notes").prepend(time);
    begin += seconds;
  }
  if (!["120", "90", "60"].includes(minutes)) {
    const sorry = document.createElement("p");
    sorry.className = "ask";
    sorry.textContent = `There is no plan for ${minutes} minutes. This is the one for 120; write 90 or 60.`;
    document.querySelector(".slides h1").after(sorry);
  }
}

/** Seconds as minutes and seconds: 90 is 1:30. */
function clock(seconds) {
  return Math.floor(seconds / 60) + ":" + String(seconds % 60).padStart(2, "0");
}

Reveal.initialize({
  width: 1280,
  height: 720,
  margin: 0,
  center: false,
  hash: true,
  slideNumber: "c/t",
  transition: "none",
  defaultTiming: 60, // switches the pacing of the speaker view on; every slide has its own
  pdfSeparateFragments: false,
  scrollActivationWidth: 0,
  plugins: [RevealNotes],
});

// 2. A slider or button that was used by mouse or finger gives the keys back to the deck; one that
// was reached with Tab keeps them, but for those of a clicker. A field keeps them to be typed into.
// (A slider that was dragged may get no click, and a button that was tapped has no focus before.)
for (const kind of ["pointerup", "click"]) {
  addEventListener(kind, (event) => {
    const byKey = kind === "click" && event.detail === 0;
    if (!byKey && document.activeElement.matches("input:not([type=number]), button")) {
      document.activeElement.blur();
    }
  });
}

addEventListener(
  "keydown",
  (event) => {
    const clicker = ["PageUp", "PageDown"].includes(event.key);
    if (!event.target.matches("input, button")) {
      return;
    }
    const typed = event.key === "Enter" && event.target.type === "number";
    if (clicker || typed || event.key === "Escape") {
      event.target.blur();
      event.preventDefault();
    }
    if (clicker) {
      event.key === "PageUp" ? Reveal.prev() : Reveal.next();
    }
    event.stopPropagation(); // reveal would turn the page at an arrow key or a space
  },
  { capture: true },
);
