// What is wrong with the slide that is open: a list of sentences. For test_slides_moving.py.

const slide = Reveal.getCurrentSlide(), frame = slide.getBoundingClientRect(), bad = [];
const scale = frame.width / 1280; // a slide is 1280 x 720 pixels of its own, whatever the window is
const say = (what, e) => bad.push(`${what}: ${e.tagName} ${e.textContent.trim().slice(0, 40)}`);
const shown = (e) => !e.closest("aside") && e.getBoundingClientRect().width > 0;
const boxes = [...slide.querySelectorAll("h1,h2,p,li,pre,th,td,img,svg,button,input,output,iframe")]
  .filter((e) => shown(e) && !e.parentElement.closest("svg"));
for (const e of boxes) {
  const box = e.getBoundingClientRect();
  if (box.left < frame.left + 30 * scale || box.right > frame.right - 30 * scale
      || box.top < frame.top + 50 * scale || box.bottom > frame.top + 710 * scale) say("outside", e);
  if (e.scrollWidth > e.clientWidth + 1 && e.clientWidth) say("too wide", e);
  if (e.tagName === "IMG" && !(e.complete && e.naturalWidth)) say("not loaded", e);
  if (e.tagName === "IMG" && e.alt.split(" ").length < 5) say("alt", e);
  for (const other of boxes) {
    const b = other.getBoundingClientRect();
    const apart = e === other || e.contains(other) || other.contains(e)
      || box.right <= b.left + 1 || b.right <= box.left + 1
      || box.bottom <= b.top + 1 || b.bottom <= box.top + 1;
    if (!apart) say("overlaps with " + other.tagName, e);
  }
}
// Words, those inside drawings too, have 24 pixels of the slide, and code no less than the text.
const size = (e) => parseFloat(getComputedStyle(e).fontSize)
  * (e.closest("svg") ? e.getScreenCTM().a / scale : 1);
for (const e of slide.querySelectorAll("*")) {
  const own = [...e.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  if (own && !e.closest("aside,sub,sup,math,[data-digit=characters]") && size(e) < 23.9)
    say("small", e);
}
const text = Math.max(0, ...[...slide.querySelectorAll("p,li,td")].filter(shown).map(size));
for (const e of slide.querySelectorAll("pre")) if (size(e) < text) say("code below text", e);
for (const picture of slide.querySelectorAll("svg")) {
  const words = [...picture.querySelectorAll("text")].filter((e) => e.textContent.trim());
  const outer = picture.getBoundingClientRect();
  for (const e of words) {
    const box = e.getBoundingClientRect();
    if (box.left < outer.left - 2 || box.right > outer.right + 2
        || box.top < outer.top - 6 * scale || box.bottom > outer.bottom + 8 * scale) say("cut off", e);
  }
}
return bad;
