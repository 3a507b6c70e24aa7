"use strict";

/* The board for the projector: it asks for what is new again and again, whatever happens. */

const short = new Intl.NumberFormat("en", { notation: "compact" }); // 11,350 is 11K

function show(state) {
  byId("sentence").textContent = "";
  const [host, word] = state.address.split(/(?<=:\d+\/)/); // the line may only break between them
  byId("host").textContent = host;
  byId("word").textContent = word;
  byId("address").textContent = state.address;
  const { drawings, hands } = state;
  byId("counts").textContent =
    `${drawings} ${drawings === 1 ? "digit" : "digits"} by ` +
    `${hands} ${hands === 1 ? "hand" : "hands"} so far`;
  byId("none").hidden = state.networks.length > 0;
  byId("networks").replaceChildren(
    ...state.networks.map(({ place, name, validation, weights }) =>
      make(
        "li",
        {},
        make("span", { className: "place" }, `${place}.`),
        make("span", { className: "name" }, name),
        make("span", {}, validation.toFixed(4)),
        make("span", { className: "weights" }, short.format(weights)),
      ),
    ),
  );
  byId("last").textContent = state.last;
  byId("sheet").hidden = !state.leader;
  byId("exam").hidden = !state.exam;
}

function listen() {
  const events = new EventSource("events");
  events.onmessage = (event) => show(JSON.parse(event.data));
  let failed = 0;
  events.onopen = () => (failed = 0);
  events.onerror = () => {
    // An answer ends after each event, and the browser comes again; only a second error is one.
    failed += 1;
    if (failed > 1) byId("sentence").textContent = "The board does not answer. It is asked again.";
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 2000);
  };
}

listen();
