// Says that something new was recorded, and moves nothing of what is being read.
// A stream takes one of the few connections that a browser has to a server, so a page listens only
// while it is looked at; it goes on where it was.

import { count, say } from "./texts.js";

const news = document.querySelector("[data-news]");
const updates = new Map();
let heard = null;
let after = null;

function listen() {
  const address = new URL(news.dataset.news, location.href);
  if (after !== null) {
    address.searchParams.delete("after");
    address.searchParams.set(address.pathname === "/v1/events" ? "after" : "after_version", after);
  }
  heard = new EventSource(address);
  heard.onmessage = (message) => {
    const event = JSON.parse(message.data);
    after = message.lastEventId;
    updates.set(event.update_id, event.incident);
    tell();
  };
}

function tell() {
  const link = document.createElement("a");
  link.href = location.pathname + location.search;
  link.textContent = say("Show");
  const told = count("%(num)s new update has been recorded.", "%(num)s new updates have been recorded.", updates.size);
  news.replaceChildren(told, " ", link);
  document.dispatchEvent(new CustomEvent("sitrep:news", { detail: { updates: updates.size } }));
}

function rest() {
  heard?.close();
  heard = null;
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) rest();
  else if (heard === null) listen();
});
addEventListener("pagehide", rest);
addEventListener("pageshow", (shown) => {
  if (shown.persisted && heard === null) listen();
});
if (!document.hidden) listen();
