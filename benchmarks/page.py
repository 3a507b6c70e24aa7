"""How fast step 09's page is, in Chromium: frames a second while one draws, and a forward pass.

    python benchmarks/page.py

It needs requirements-dev.txt, Chromium and chromedriver. A processor slowed down four times stands
in for a phone. The screen shows 60 frames a second, so that is the most that there can be.
"""

import sys
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP / "tests"))
from browser import browser  # noqa: E402

# Draw a spiral, a place further in each frame, and note when the frames come.
FRAMES = """
const done = arguments[arguments.length - 1];
const square = byId("square");
square.setPointerCapture = () => {};
const box = square.getBoundingClientRect();
const times = [];
const frame = (time) => {
  times.push(time);
  const [turn, radius] = [times.length / 12, 0.05 + times.length / 800];
  const clientX = box.left + box.width * (0.5 + radius * Math.cos(turn));
  const clientY = box.top + box.height * (0.5 + radius * Math.sin(turn));
  const happen = (type) =>
    square.dispatchEvent(new PointerEvent(type, { pointerId: 7, clientX, clientY }));
  happen(times.length === 1 ? "pointerdown" : "pointermove");
  if (times.length <= 240) {
    requestAnimationFrame(frame);
  } else {
    happen("pointerup");
    clear();
    const lengths = times.slice(1).map((t, i) => t - times[i]).sort((a, b) => a - b);
    done([240_000 / (times.at(-1) - times[0]), lengths[Math.floor(0.95 * 240)]]);
  }
};
requestAnimationFrame(frame);
"""
# The median of many forward passes, in milliseconds, a few at a time: the clock is coarse.
FORWARD = """
const layers = layersNow();
const { activation } = network();
const inputs = pictures[8].digit;
const times = [];
for (let i = 0; i < 100; i++) {
  const start = performance.now();
  for (let j = 0; j < 10; j++) think(layers, activation, inputs);
  times.push((performance.now() - start) / 10);
}
return times.sort((a, b) => a - b)[50];
"""

print("                        frames a second   95% of frames within   forward pass")
with browser() as driver:
    driver.get((TOP / "examples/09_watching_it_think/try_it.html").as_uri())
    for slowed in (1, 4):
        driver.execute_cdp_cmd("Emulation.setCPUThrottlingRate", {"rate": slowed})
        for radio in driver.find_elements("css selector", "#networks input"):
            radio.click()
            name = driver.execute_script("return network().sizes.slice(1, -1).join(' + ')")
            driver.execute_async_script(FRAMES)  # the browser compiles what runs often
            frames, length = driver.execute_async_script(FRAMES)
            forward = driver.execute_script(FORWARD)
            what = f"{name}, slowed 4 times" if slowed > 1 else name
            print(f"{what:26}{frames:13.0f}{length:20.0f} ms{forward:14.2f} ms", flush=True)
