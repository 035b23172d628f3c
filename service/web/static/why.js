// Opens the reports behind a figure over the page, where they would otherwise be a page of their own.

import { say } from "./texts.js";

const dialog = document.createElement("dialog");
dialog.className = "reasons";
dialog.setAttribute("aria-label", say("The reports behind it"));
const close = document.createElement("button");
close.type = "button";
close.textContent = say("Close");
close.addEventListener("click", () => dialog.close());
const told = document.createElement("div");
dialog.append(close, told);
document.body.append(dialog);
let asked = 0;

async function open(address) {
  const turn = ++asked;
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (turn !== asked) return;
  told.replaceChildren(...page.querySelector("[data-part=why]").childNodes);
  const whole = document.createElement("a");
  whole.href = address;
  whole.className = "more";
  whole.textContent = say("As a page of its own");
  told.append(whole);
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
  close.focus();
}

document.addEventListener("click", (click) => {
  const link = click.target.closest("a.why, .because a, a.because");
  if (link === null || click.button !== 0 || click.metaKey || click.ctrlKey || click.shiftKey) return;
  click.preventDefault();
  open(link.href).catch(() => location.assign(link.href));
});
dialog.addEventListener("click", (click) => {
  if (click.target === dialog) dialog.close();
});
