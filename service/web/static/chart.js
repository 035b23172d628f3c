// Puts the chart into the page of an incident, keeps its cursor at the moment shown, and makes a PNG.

const place = document.querySelector("[data-chart]");
const SCALE = 2;
let moment = null;

async function draw(address) {
  const answer = await fetch(address);
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const part = page.querySelector("[data-part=chart]");
  part.removeAttribute("data-part");
  place.replaceChildren(part);
  begin(place);
}

function begin(within) {
  const button = within.querySelector("[data-png] button");
  if (button) {
    button.parentElement.hidden = false;
    button.addEventListener("click", () => keep(within));
  }
  point();
}

function point() {
  const chart = document.querySelector("svg.chart");
  const cursor = chart?.querySelector(".cursor");
  if (!cursor) return;
  const { axis, first, last } = chart.dataset;
  const at = moment === null || moment.clock !== axis ? null : Date.parse(moment.at) / 1000;
  cursor.setAttribute("visibility", at === null ? "hidden" : "visible");
  if (at === null) return;
  const share = last === first ? 0 : (at - first) / (last - first);
  const x = 48 + 698 * Math.max(0, Math.min(1, share));
  cursor.setAttribute("d", `M${x} 24V264`);
}

async function keep(within) {
  const drawn = within.querySelector("a[download]");
  const image = new Image();
  image.src = drawn.href;
  await image.decode();
  const { width, height } = within.querySelector("svg.chart").viewBox.baseVal;
  const canvas = document.createElement("canvas");
  canvas.width = width * SCALE;
  canvas.height = height * SCALE;
  const ink = canvas.getContext("2d");
  ink.fillStyle = "#ffffff";
  ink.fillRect(0, 0, canvas.width, canvas.height);
  ink.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${location.pathname.split("/")[2]}.png`;
  link.click();
  URL.revokeObjectURL(link.href);
}

document.addEventListener("sitrep:moment", (shown) => {
  const before = moment?.clock;
  moment = shown.detail;
  const drawn = document.querySelector("svg.chart")?.dataset.axis;
  if (place && drawn && moment.clock !== before && moment.clock !== drawn) {
    const address = new URL(place.dataset.chart, location.href);
    address.searchParams.set("axis", moment.clock);
    draw(address);
  } else {
    point();
  }
});

if (place) {
  place.addEventListener("submit", (submit) => {
    submit.preventDefault();
    const address = new URL(submit.target.action);
    address.search = new URLSearchParams(new FormData(submit.target));
    draw(address);
  });
  draw(place.dataset.chart);
} else {
  begin(document);
}
