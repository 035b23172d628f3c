// Makes the form of an update quicker: it says what a quantity comes to while it is typed, keeps a
// draft by itself, and hides what is asked for only of something else. Nothing here is needed.

import { isolated, say } from "./texts.js";

const READ_AFTER = 250;
const KEEP_AFTER = 1500;
const form = document.querySelector("form[data-draft]");

function later(wait, act) {
  let timer = 0;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(...given), wait);
  };
}

// Quantities

async function understand(field) {
  const told = document.getElementById(`${field.id}-read`);
  const words = field.value.trim();
  if (words === "") {
    told.textContent = "";
    return;
  }
  const address = new URL(field.dataset.quantity, location.href);
  address.searchParams.set("words", words);
  let answer = null;
  try {
    const response = await fetch(address, { headers: { Accept: "application/json" } });
    if (response.ok) answer = await response.json();
  } catch {
    // Out of reach: the preview will tell.
  }
  if (answer === null || field.value.trim() !== words) return;
  told.classList.toggle("unread", answer.understood === null);
  if (answer.understood === words) told.textContent = "";
  else told.textContent =
    answer.understood === null
      ? say("Not understood. Known are: %(words)s.", { words: isolated(answer.near.join(", ")) })
      : say("That is %(quantity)s.", { quantity: isolated(answer.understood) });
}

for (const field of document.querySelectorAll("[data-quantity]")) {
  const soon = later(READ_AFTER, () => understand(field));
  field.addEventListener("input", soon);
  if (field.value) understand(field);
}

// What goes only with `other`

for (const field of document.querySelectorAll("[name$='_other']")) {
  const choice = document.getElementsByName(field.name.replace(/_other$/, ""))[0];
  if (!choice) continue;
  const show = () => {
    field.closest(".field").hidden = choice.value !== "other" && field.value === "";
  };
  choice.addEventListener("change", show);
  show();
}

// Drafts

const said = form?.querySelector(".kept");
let pending = false;
let sending = null;
let touched = false;
let gone = false;

async function keep() {
  if (gone) return;
  if (sending) {
    pending = true;
    return;
  }
  pending = false;
  sending = new AbortController();
  const body = new URLSearchParams(new FormData(form));
  body.set("do", "keep");
  body.set("script", "1");
  try {
    const response = await fetch(form.action, { method: "POST", body, signal: sending.signal, keepalive: body.toString().length < 60000 });
    if (response.ok) {
      said.textContent = say("Kept at %(time)s UTC", { time: new Date().toISOString().slice(11, 16) });
      if (location.pathname.endsWith("/update") || location.pathname.endsWith("/new")) history.replaceState(null, "", form.dataset.draft);
    } else {
      said.textContent = response.status === 401 || response.status === 403
        ? say("Not kept: you are signed out. Sign in again in another window.")
        : say("Not kept yet; it will be tried again.");
    }
  } catch (failure) {
    if (failure.name !== "AbortError") said.textContent = say("Not kept yet: the server does not answer.");
  }
  sending = null;
  if (pending) keep();
}

if (form) {
  const soon = later(KEEP_AFTER, keep);
  form.addEventListener("input", () => {
    touched = true;
    soon();
  });
  form.addEventListener("submit", () => {
    gone = true;
    pending = false;
    sending?.abort();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && touched && !gone) keep();
  });
  addEventListener("pageshow", () => {
    gone = false;
  });
}
