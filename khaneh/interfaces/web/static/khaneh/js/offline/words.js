// The page's words, days and numbers, in the language of its address. The words stand in the page (a template), so that they are translated with it.
const LOCALES = { fa: "fa-IR-u-ca-persian", vi: "vi-VN", en: "en-GB" };
const language = document.documentElement.lang;
const locale = LOCALES[language] ?? "en-GB";
const words = new Map();

for (const one of document.getElementById("words").content.querySelectorAll("[data-key]")) words.set(one.dataset.key, one.textContent);

export const say = (key, values = {}) =>
  (words.get(key) ?? key).replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
export const has = (key) => words.has(key);
export const named = (names) => (names ? names[language] || names.en || Object.values(names)[0] : "");
export const number = (value) => new Intl.NumberFormat(locale).format(value);
export const day = (instant, zone) => new Intl.DateTimeFormat(locale, { timeZone: zone, weekday: "short", day: "numeric", month: "long" }).format(new Date(instant));
export const wholeDay = (instant, zone) => new Intl.DateTimeFormat(locale, { timeZone: zone, day: "numeric", month: "long", year: "numeric" }).format(new Date(instant));
export const hour = (instant, zone) => new Intl.DateTimeFormat(locale, { timeZone: zone, hour: "2-digit", minute: "2-digit", hour12: false }).format(new Date(instant));
export const moment = (instant, zone) => `${day(instant, zone)}${language === "fa" ? "، " : ", "}${hour(instant, zone)}`;
