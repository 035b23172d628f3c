// Maps: where incidents lie, on the front page; the places of one incident with their precision.
// The borders come with the pages. There is no tile server: nobody learns where somebody looks.

import { LANGUAGE, say } from "./texts.js";

const FINE_FROM = 6.5;
const RADIUS = { facility: 1_500, vicinity: 5_000, locality: 3_000, city: 12_000, adm2: 35_000, adm1: 120_000 };
const SIGN = { target: "●", launch: "▲", impact: "✕", response_site: "■" };

const loaded = new Map();
function load(address) {
  if (!loaded.has(address)) {
    loaded.set(address, new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    }));
  }
  return loaded.get(address);
}

async function borders(place, name) {
  const atlas = await (await fetch(place.dataset[name])).json();
  return window.topojson.feature(atlas, atlas.objects.countries);
}

// What countries are called in the language of the page, by the ids that the borders know them by.
// The borders bring their names in English.
async function namesOfCountries(place) {
  if (document.documentElement.lang === "en") return new Map();
  const ids = await (await fetch(place.dataset.countries)).json();
  const names = new Intl.DisplayNames(LANGUAGE, { type: "region" });
  return new Map(Object.entries(ids).map(([code, id]) => [id, names.of(code)]));
}

const NAMED_FROM = 4;
const WIDE_ENOUGH = 60;

function nameCountries(map, lines, names) {
  const near = map.getZoom() >= NAMED_FROM;
  const seen = map.getBounds();
  lines.eachLayer((country) => {
    const bounds = country.getBounds();
    const width = map.latLngToLayerPoint(bounds.getNorthEast()).x - map.latLngToLayerPoint(bounds.getSouthWest()).x;
    if (near && width > WIDE_ENOUGH && seen.intersects(bounds)) {
      const name = document.createElement("span");
      const known = names.get(country.feature.id);
      if (known === undefined) name.lang = "en";
      name.textContent = known ?? country.feature.properties.name;
      if (!country.getTooltip()) country.bindTooltip(name, { permanent: true, direction: "center", className: "country" });
    } else {
      country.unbindTooltip();
    }
  });
}

async function begin(place) {
  await Promise.all([load(place.dataset.leaflet), load(place.dataset.topojson)]);
  const map = window.L.map(place, {
    attributionControl: false,
    maxBounds: [[-90, -200], [90, 200]],
    maxZoom: 12,
    minZoom: 1,
    worldCopyJump: false,
    zoomControl: false,
    zoomSnap: 0.5,
  });
  // Nothing has a place on a map that looks nowhere: a circle could not say how far it reaches.
  map.setView([25, 20], 1.5);
  window.L.control.zoom({ zoomInTitle: say("Zoom in"), zoomOutTitle: say("Zoom out") }).addTo(map);
  const lines = window.L.geoJSON(await borders(place, "world"), {
    interactive: false,
    style: () => ({ className: "border" }),
  }).addTo(map);
  const names = await namesOfCountries(place);
  map.on("moveend", () => nameCountries(map, lines, names));
  map.on("popupopen", ({ popup }) => {
    popup.getElement().querySelector(".leaflet-popup-close-button").setAttribute("aria-label", say("Close"));
  });
  map.on("zoomend", async function sharpen() {
    if (map.getZoom() < FINE_FROM) return;
    map.off("zoomend", sharpen);
    const fine = await borders(place, "fine");
    lines.clearLayers();
    lines.addData(fine);
    nameCountries(map, lines, names);
  });
  return { map, lines };
}

// --- the front page

async function incidents(place) {
  const { map } = await begin(place);
  const here = window.L.layerGroup().addTo(map);
  const asked = new URLSearchParams(location.search);
  for (const name of ["cursor", "limit", "sort"]) asked.delete(name);
  let turn = 0;

  async function show() {
    const mine = ++turn;
    const seen = map.getBounds();
    const view = [
      Math.max(-180, seen.getWest()), Math.max(-90, seen.getSouth()),
      Math.min(180, seen.getEast()), Math.min(90, seen.getNorth()),
    ].map((side) => side.toFixed(5));
    const parameters = new URLSearchParams(asked);
    parameters.set("view", view);
    parameters.set("zoom", Math.max(0, Math.round(map.getZoom())));
    const answer = await fetch(`${place.dataset.incidents}?${parameters}`);
    if (!answer.ok || mine !== turn) return;
    const { cells } = await answer.json();
    here.clearLayers();
    for (const cell of cells) here.addLayer(marker(cell, map));
    place.dataset.shown = cells.length;
    const link = place.parentElement.querySelector("[data-here]");
    const only = new URLSearchParams(asked);
    only.set("bbox", view);
    link.href = `/?${only}`;
    link.hidden = false;
  }

  map.on("moveend", show);
  const whole = new URLSearchParams([...asked, ["zoom", 4]]);
  const all = await (await fetch(`${place.dataset.incidents}?${whole}`)).json();
  if (all.cells.length) {
    const around = window.L.latLngBounds(all.cells.map((cell) => [cell.latitude, cell.longitude]));
    map.fitBounds(around, { animate: false, maxZoom: 6, padding: [30, 30] });
  } else {
    await show();
  }
}

function marker(cell, map) {
  const at = [cell.latitude, cell.longitude];
  const radius = 5 + 1.6 * Math.log2(cell.count);
  const drawn = window.L.circleMarker(at, { radius, className: "incidents-here" });
  if (cell.count === 1) {
    const link = document.createElement("a");
    link.href = `/incidents/${cell.incident}`;
    link.dir = "auto";
    link.textContent = cell.title;
    return drawn.bindPopup(link);
  }
  const number = window.L.marker(at, {
    icon: window.L.divIcon({ className: "how-many", html: String(cell.count), iconSize: [2 * radius, 2 * radius] }),
    interactive: false,
    keyboard: false,
  });
  drawn.on("click", () => map.setView(at, Math.min(12, map.getZoom() + 2)));
  return window.L.layerGroup([drawn, number]);
}

// --- one incident

let placed = null;

async function places(place) {
  const told = JSON.parse(place.dataset.places);
  const isFirst = placed === null;
  if (isFirst) {
    placed = { ...(await begin(place)), element: place, here: window.L.layerGroup() };
    placed.here.addTo(placed.map);
  } else if (placed.element !== place) {
    place.replaceWith(placed.element);
  }
  const { map, here, lines } = placed;
  here.clearLayers();
  const around = window.L.latLngBounds([]);
  for (const one of told.places) {
    if (one.geometry === null) continue;
    const drawn = window.L.geoJSON(one.geometry, {
      className: one.leads ? "place leading" : "place",
      pointToLayer: (_, at) => point(one, at),
    }).bindPopup(said(one.words));
    here.addLayer(drawn);
    around.extend(drawn.getBounds());
  }
  const known = around.isValid();
  lines.eachLayer((country) => {
    const told_here = !known && told.countries.includes(country.feature.id);
    country.getElement()?.classList.toggle("told", told_here);
    if (told_here) around.extend(country.getBounds());
  });
  if (!around.isValid()) return;
  map.invalidateSize();
  map.fitBounds(around, { animate: !isFirst, maxZoom: 6, padding: [20, 20] });
}

function said(words) {
  const told = document.createElement("span");
  told.dir = document.documentElement.dir;
  told.textContent = words;
  return told;
}

function point(place, at) {
  const sign = window.L.marker(at, {
    icon: window.L.divIcon({ className: `sign sign-${place.role}`, html: SIGN[place.role] ?? "●", iconSize: [20, 20] }),
    keyboard: false,
  });
  const radius = RADIUS[place.precision];
  if (radius === undefined) return sign;
  return window.L.featureGroup([window.L.circle(at, { radius, className: "about" }), sign]);
}

// ---

const seen = new IntersectionObserver((all) => {
  for (const one of all) {
    if (!one.isIntersecting) continue;
    seen.unobserve(one.target);
    if (one.target.dataset.places) places(one.target);
    else incidents(one.target);
  }
});

function watch() {
  for (const place of document.querySelectorAll("[data-leaflet]")) {
    if (placed !== null && place.dataset.places) places(place);
    else seen.observe(place);
  }
}

document.addEventListener("sitrep:moment", watch);
watch();
