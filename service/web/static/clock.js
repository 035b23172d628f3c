// Shows moments in UTC, in the reader's zone or in that of the place, as the reader chooses.

import { LANGUAGE, isolated, say } from "./texts.js";

const CHOICE = "sitrep:zone";
const mine = Intl.DateTimeFormat().resolvedOptions().timeZone;
const field = document.querySelector(".zone");
const choice = field.querySelector("select");
const there = document.querySelector("[data-zone]")?.dataset.zone;
let shown = "UTC";

function write(time) {
  time.dataset.utc ??= time.textContent;
  if (shown === "UTC") {
    time.textContent = time.dataset.utc;
    return;
  }
  const at = new Date(time.dateTime);
  const timeStyle = at.getUTCSeconds() ? "medium" : "short";
  const day = at.toLocaleDateString(LANGUAGE, { dateStyle: "long", timeZone: shown });
  const hour = at.toLocaleTimeString(LANGUAGE, { timeStyle, hourCycle: "h23", timeZone: shown });
  const zone = new Intl.DateTimeFormat(LANGUAGE, { timeZone: shown, timeZoneName: "shortOffset" });
  const offset = zone.formatToParts(at).find((part) => part.type === "timeZoneName").value;
  time.textContent = say("%(day)s, %(time)s %(offset)s", { day, time: hour, offset: isolated(offset) });
}

function writeAll(within) {
  if (within.matches?.("time[data-instant]")) write(within);
  for (const time of within.querySelectorAll?.("time[data-instant]") ?? []) write(time);
}

function choose(zone) {
  shown = zone;
  choice.value = zone;
  writeAll(document.body);
}

const zones = new Map([["UTC", say("in UTC")], [mine, say("in your zone")]]);
if (there && there !== mine) zones.set(there, say("in %(city)s", { city: isolated(there.split("/").pop().replaceAll("_", " ")) }));
for (const [zone, words] of zones) choice.add(new Option(words, zone));
if (zones.size > 1 && document.querySelector("time[data-instant], .time")) {
  field.hidden = false;
  const kept = localStorage.getItem(CHOICE);
  choose(kept === "there" ? (there ?? "UTC") : kept === "mine" ? mine : "UTC");
  choice.addEventListener("change", () => {
    localStorage.setItem(CHOICE, choice.value === "UTC" ? "UTC" : choice.value === mine ? "mine" : "there");
    choose(choice.value);
  });
  new MutationObserver((changes) => {
    if (shown === "UTC") return;
    for (const change of changes) change.addedNodes.forEach(writeAll);
  }).observe(document.body, { childList: true, subtree: true });
}
