// What is wrong with the slide that is open: a list of sentences. For test_slides_moving.py.

const slide = Reveal.getCurrentSlide(), frame = slide.getBoundingClientRect(), bad = [];
const say = (what, e) => bad.push(`${what}: ${e.tagName} ${e.textContent.trim().slice(0, 40)}`);
const boxes = [...slide.querySelectorAll("h1,h2,p,li,pre,th,td,img,svg,button,input,output,iframe")]
  .filter((e) => !e.closest("aside") && e.getBoundingClientRect().width);
for (const e of boxes) {
  const box = e.getBoundingClientRect();
  if (box.left < frame.left + 30 || box.right > frame.right - 30 || box.top < frame.top + 50
      || box.bottom > frame.top + 710) say("outside", e);
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
for (const e of slide.querySelectorAll("*")) {
  const own = [...e.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  if (own && !e.closest("aside,svg,sub,sup,math") && parseFloat(getComputedStyle(e).fontSize) < 24)
    say("small", e);
}
return bad;
