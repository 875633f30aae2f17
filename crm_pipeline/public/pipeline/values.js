/**
 * Money, days and moments as this reader sees them.
 *
 * Moments come in the site's time ("2025-03-31 14:00:00") and are shown in the reader's. "Overdue" means the same to
 * everybody; "today" is the reader's day, by the server's clock and not by that of the reader's machine.
 */

import { boot } from "./boot.js";
import { createNumbers } from "./numbers.js";
import { convert, timeOf } from "./time_zones.js";

const DAY = 86_400_000;
const WEEK = 7; // days

const locale = localeOf(boot.language, navigator.languages);
const numbers = createNumbers(boot.number_format, locale);
const decimals = {};
const formatters = new Map();
let serverNow = boot.now; // of the site
let learntAt = performance.now();

export const { number, percent, compact } = numbers;

/** Take over the site's time and the decimals of currencies from an answer of the server. */
export function learn(answer) {
	if (answer.now) {
		serverNow = answer.now;
		learntAt = performance.now();
	}
	Object.assign(decimals, answer.decimals);
}

/** The site's time as text, moved on since the server told it. */
export function now() {
	const moment = timeOf(serverNow) + (performance.now() - learntAt);
	return new Date(moment).toISOString().slice(0, 19).replace("T", " ");
}

export const money = (value, currency) => numbers.money(value, currency, decimals[currency] ?? 2);

const isMoment = (text) => text.length > 10;
const own = (text) => (isMoment(text) ? convert(text, boot.time_zones.site, boot.time_zones.own) : text);
const dayOf = (text) => timeOf(own(text).slice(0, 10));
const daysFromToday = (text) => (dayOf(text) - dayOf(now())) / DAY;

export const clock = (text) => own(text).slice(11, 16);

/** A day within a sentence: "yesterday", "today", "tomorrow", a weekday of the days to come; else the site's format. */
export function dayWithin(text) {
	const ahead = daysFromToday(text);
	if (Math.abs(ahead) < 2) return cached("relative", () => new Intl.RelativeTimeFormat(locale, { numeric: "auto" })).format(ahead, "day");
	return ahead > 0 && ahead < WEEK ? weekdays().format(dayOf(text)) : date(text);
}

/** A day that stands alone: "Today". */
export const day = (text) => capitalized(dayWithin(text));
/** A moment that stands alone, or within a sentence: "Today 14:00". */
export const moment = (text) => `${day(text)} ${clock(text)}`;
export const momentWithin = (text) => `${dayWithin(text)} ${clock(text)}`;

/** A date by the site's format, as Desk shows it. */
function date(text) {
	const [yyyy, mm, dd] = own(text).slice(0, 10).split("-");
	const parts = { yyyy, mm, dd };
	return boot.date_format.replace(/yyyy|mm|dd/g, (part) => parts[part]);
}

export const days = (count) =>
	cached("days", () => new Intl.NumberFormat(locale, { style: "unit", unit: "day", unitDisplay: "narrow" })).format(count);

export const isPastDay = (text) => daysFromToday(text) < 0;
export const isToday = (text) => daysFromToday(text) === 0;
export const isPastMoment = (text) => timeOf(text) < timeOf(now());

/** The name of the zone that moments are shown in. */
export const zone = () => boot.time_zones.own;
/** A moment of the site's time in the reader's, and the other way round. */
export const toOwn = (text) => convert(text, boot.time_zones.site, boot.time_zones.own);
export const toSite = (text) => convert(text, boot.time_zones.own, boot.time_zones.site);

/** The reader's day as the server tells it. */
export const today = () => own(now()).slice(0, 10);

/** The name of a month; with its year if that is not the present one. */
export function monthOf(text) {
	const year = text.slice(0, 4) === today().slice(0, 4) ? undefined : "numeric";
	const format = cached(`month ${year}`, () => new Intl.DateTimeFormat(locale, { timeZone: "UTC", month: "long", year }));
	return capitalized(format.format(timeOf(text)));
}

/** The reader's day so many days or months from their today; at most the month's last. */
export function dayAhead({ days: count = 0, months = 0 }) {
	const [year, month, dayOfMonth] = today().split("-").map(Number);
	const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
	return new Date(Date.UTC(year, month - 1 + months, Math.min(dayOfMonth, last) + count)).toISOString().slice(0, 10);
}

/** A text as it is searched: whatever its accents and capitals. */
export const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** "Ada King Lovelace" becomes "AL". */
export function initials(name) {
	const words = name.split(/[\s.@_-]+/).filter(Boolean);
	return [words[0], words.length > 1 ? words.at(-1) : ""].map((part) => [...(part || "")][0] || "").join("").toUpperCase();
}

function cached(key, make) {
	if (!formatters.has(key)) formatters.set(key, make());
	return formatters.get(key);
}

const weekdays = () => cached("weekdays", () => new Intl.DateTimeFormat(locale, { timeZone: "UTC", weekday: "long" }));
const capitalized = (text) => text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);

/** The first of the reader's languages that is the page's, with its region; else the page's. */
function localeOf(page, languages) {
	const same = (one, other) => one.split(/[-_]/)[0].toLowerCase() === other.split(/[-_]/)[0].toLowerCase();
	const wanted = languages.find((language) => same(language, page)) || page.replace("_", "-");
	return Intl.NumberFormat.supportedLocalesOf([wanted])[0] || "en";
}
