// Moves the page along the story. Each moment is a piece of page that the server renders, under an
// address that never changes; those to come are fetched ahead, so that a step only puts one in place.

import { LANGUAGE, count, isolated, say } from "./texts.js";

const section = document.querySelector("section.time");
const range = section.querySelector("input[type=range]");
const said = section.querySelector("output");
const play = section.querySelector("[data-play]");
const compare = section.querySelector("[data-compare]");
const link = section.querySelector("[data-link]");
const marks = section.querySelector(".marks");

const ACTS = { correction: say("correction"), retraction: say("retraction"), adjudication: say("adjudication") };
const AHEAD = 6;
const KEPT = 120;
const BEAT_MS = 1100;

const here = new URL(location.href);
const kept = new URLSearchParams(here.search);
for (const name of ["version", "as_of", "published_until", "since"]) kept.delete(name);
let since = here.searchParams.get("since");

const pieces = new Map();
let stops = [];
let clock = "published" in section.dataset ? "published" : "recorded";
let timeline = null;
let names = {};
let head = 0;
let wanted = 0;
let playing = false;

function stopsOf(told) {
  if (clock === "recorded") {
    return told.map((one) => ({ at: one.recorded_at, version: one.version, told: [one] }));
  }
  const moments = new Map();
  for (const one of told) {
    if (!moments.has(one.published_at)) moments.set(one.published_at, []);
    moments.get(one.published_at).push(one);
  }
  return [...moments.keys()].sort().map((at) => ({ at, version: head, told: moments.get(at) }));
}

function parametersOf(stop) {
  const asked = new URLSearchParams(kept);
  asked.set("version", stop.version);
  if (clock === "published") asked.set("published_until", stop.at);
  if (since !== null) asked.set("since", since);
  return asked;
}

function piece(stop) {
  const address = `${section.dataset.situation}?${parametersOf(stop)}`;
  if (!pieces.has(address)) {
    const coming = fetch(address).then((answer) => {
      if (!answer.ok) throw new Error(`${answer.status}`);
      return answer.text();
    });
    coming.catch(() => pieces.delete(address));
    pieces.set(address, coming);
    if (pieces.size > KEPT) pieces.delete(pieces.keys().next().value);
  }
  return pieces.get(address);
}

const day = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: "long", timeZone: "UTC" });
const minute = new Intl.DateTimeFormat(LANGUAGE, { timeStyle: "short", hourCycle: "h23", timeZone: "UTC" });
const second = new Intl.DateTimeFormat(LANGUAGE, { timeStyle: "medium", hourCycle: "h23", timeZone: "UTC" });

function moment(at) {
  const date = new Date(at);
  const time = (date.getUTCSeconds() ? second : minute).format(date);
  return say("%(day)s, %(time)s UTC", { day: day.format(date), time });
}

function who(stop) {
  const told = [...new Set(stop.told.map((one) => isolated(names[one.publisher])))];
  const more = told.length - 3;
  const first = told.slice(0, 3).join(say(", "));
  const some = more > 0 ? count("%(first)s and %(num)s more", "%(first)s and %(num)s more", more, { first }) : first;
  const acts = [...new Set(stop.told.flatMap((one) => one.acts))].map((act) => ACTS[act] ?? act);
  if (acts.length === 0) return some;
  const done = acts.join(say(", "));
  return `${some} (${done})`;
}

function point(index) {
  wanted = Math.max(0, Math.min(index, stops.length - 1));
  const stop = stops[wanted];
  const at = document.createElement("time");
  at.dateTime = stop.at;
  at.dataset.instant = "";
  at.textContent = moment(stop.at);
  range.value = wanted;
  range.setAttribute("aria-valuetext", `${at.textContent}: ${who(stop)}`);
  const place = say("%(number)s of %(all)s.", { number: wanted + 1, all: stops.length });
  said.replaceChildren(`${place} `, at, `: ${who(stop)}`);
  link.href = `${here.pathname}?${parametersOf(stop)}`;
}

async function show(index) {
  point(index);
  const stop = stops[wanted];
  const began = performance.now();
  const text = await piece(stop);
  if (stop !== stops[wanted]) return;
  put(text);
  history.replaceState(null, "", link.href);
  const detail = { at: stop.at, clock, milliseconds: performance.now() - began };
  document.dispatchEvent(new CustomEvent("sitrep:moment", { detail }));
  ahead();
}

function put(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  document.title = page.title;
  for (const part of page.querySelectorAll("[data-part]")) {
    document.querySelector(`main > [data-part=${part.dataset.part}]`)?.replaceChildren(...part.childNodes);
  }
}

function ahead() {
  for (let step = 1; step <= AHEAD; step++) {
    for (const near of [stops[wanted + step], stops[wanted - step]]) if (near) piece(near);
  }
}

function draw() {
  marks.replaceChildren();
  const last = Math.max(1, stops.length - 1);
  const shown = stops.length > 1000 ? stops.filter((stop) => stop.told.some((one) => one.acts.length)) : stops;
  for (const stop of shown) {
    const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
    const x = (1000 * stops.indexOf(stop)) / last;
    const acts = stop.told.some((one) => one.acts.length);
    line.setAttribute("x1", x);
    line.setAttribute("x2", x);
    line.setAttribute("y1", acts ? 0 : 5);
    line.setAttribute("y2", 10);
    line.setAttribute("class", acts ? "act" : "told");
    marks.append(line);
  }
  range.max = stops.length - 1;
}

function indexOf(at, version) {
  const found = clock === "recorded" ? stops.findIndex((stop) => stop.version >= version) : stops.findLastIndex((stop) => stop.at <= at);
  return found === -1 ? (clock === "recorded" ? stops.length - 1 : 0) : found;
}

function changeClock(to) {
  const before = stops[wanted];
  clock = to;
  if (since !== null) compareWith(null);
  stops = stopsOf(timeline.stops);
  draw();
  const latest = before.told.reduce((one, other) => (one.version > other.version ? one : other));
  show(indexOf(latest.published_at, latest.version));
}

async function run() {
  setPlaying(true);
  if (wanted === stops.length - 1) await show(0);
  while (playing && wanted < stops.length - 1) {
    await new Promise((resolve) => setTimeout(resolve, BEAT_MS));
    if (playing) await show(wanted + 1);
  }
  setPlaying(false);
}

function setPlaying(now) {
  playing = now;
  play.setAttribute("aria-pressed", now);
  play.textContent = now ? say("Pause") : say("Play");
}

function compareWith(anchor, words) {
  since = anchor;
  compare.setAttribute("aria-pressed", anchor !== null);
  compare.textContent = anchor === null ? say("Compare from here") : say("Compared with %(moment)s", { moment: words });
}

// What was last looked at is known to this browser alone. While a tab stays open it stays the same.
function tellSinceLast() {
  const key = `sitrep:looked:${timeline.incident}`;
  const before = sessionStorage.getItem(key) ?? localStorage.getItem(key);
  localStorage.setItem(key, JSON.stringify({ version: head, at: new Date().toISOString() }));
  if (before === null) return;
  sessionStorage.setItem(key, before);
  const last = JSON.parse(before);
  const since_then = timeline.stops.filter((stop) => stop.version > last.version).length;
  if (since_then === 0) return;
  const told = section.querySelector(".looked");
  const change = document.createElement("a");
  change.href = `${here.pathname}?${new URLSearchParams([...kept, ["since", last.version]])}`;
  change.textContent = say("What changed since");
  const words = count(
    "%(num)s update since you last looked, %(moment)s.",
    "%(num)s updates since you last looked, %(moment)s.",
    since_then,
    { moment: moment(last.at) },
  );
  told.replaceChildren(`${words} `, change);
  told.hidden = false;
}

range.addEventListener("input", () => show(range.valueAsNumber));
play.addEventListener("click", () => (playing ? setPlaying(false) : run()));
compare.addEventListener("click", () => {
  const stop = stops[wanted];
  if (since !== null) compareWith(null);
  else compareWith(clock === "recorded" ? String(stop.version) : stop.at, moment(stop.at));
  show(wanted);
});
section.addEventListener("click", (click) => {
  const step = click.target.closest("[data-step]")?.dataset.step;
  if (step === undefined) return;
  setPlaying(false);
  show({ first: 0, last: stops.length - 1 }[step] ?? wanted + Number(step));
});
section.addEventListener("change", (change) => {
  if (change.target.name === "clock" && change.target.value !== clock) changeClock(change.target.value);
});

const answer = await fetch(section.dataset.timeline);
if (answer.ok) {
  ({ timeline, names } = await answer.json());
  head = timeline.version;
  stops = stopsOf(timeline.stops);
  wanted = indexOf(section.dataset.published, Number(section.dataset.version));
  section.querySelector(`input[value=${clock}]`).checked = true;
  if (since !== null) compareWith(since, /^\d+$/.test(since) ? say("version %(version)s", { version: since }) : moment(since));
  draw();
  point(wanted);
  section.hidden = false;
  performance.mark("sitrep:usable");
  ahead();
  if ("now" in section.dataset) tellSinceLast();
}
