// What scripts say, in the language of the page: its own words where it brings some, else English.

const page = document.documentElement;
const known = JSON.parse(document.getElementById("texts")?.textContent ?? "{}");
const forms = new Intl.PluralRules(page.lang);

export const LANGUAGE = page.lang === "en" ? "en-GB" : `${page.lang}-u-nu-latn`;

function filled(text, values) {
  return text.replace(/%\((\w+)\)s/g, (_, name) => values[name]);
}

export function say(text, values = {}) {
  return filled(known[text] ?? text, values);
}

export function count(one, many, number, values = {}) {
  const told = known[many]?.[forms.select(number)] ?? (number === 1 ? one : many);
  return filled(told, { num: number, ...values });
}

// What somebody wrote, as a part of a text of ours: of its own direction.
export function isolated(text) {
  return page.lang === "en" ? text : `\u2068${text}\u2069`;
}
