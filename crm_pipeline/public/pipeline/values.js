/**
 * Numbers, money and days in the reader's locale.
 *
 * Moments come in the site's time ("2025-03-31 14:00:00") and are shown in the reader's. "Overdue" means the same to
 * everybody; "today" is the reader's day.
 */

const DAY = 86_400_000;
const NEAR_DAYS = 13;
const DAYS_WITHOUT_YEAR = 300;

/** @param {object} zones `convert`, `timeOf` of zones.js */
export function createValues(locale, { convert, timeOf }) {
	const decimals = {};
	const formatters = new Map();
	let now = ""; // of the site
	let zones = {};

	const cached = (key, make) => {
		if (!formatters.has(key)) formatters.set(key, make());
		return formatters.get(key);
	};
	const isMoment = (text) => text.length > 10;
	const own = (text) => (isMoment(text) ? convert(text, zones.site, zones.own) : text);
	const dayOf = (text) => timeOf(own(text).slice(0, 10));
	const daysFromToday = (text) => (dayOf(text) - dayOf(now)) / DAY;
	const dateFormat = (options) =>
		cached(JSON.stringify(options), () => new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options }));

	const values = {
		/** Take over the site's time, the time zones and the decimals of currencies from an answer of the server. */
		learn(answer) {
			now = answer.now || now;
			zones = answer.time_zones || zones;
			Object.assign(decimals, answer.decimals);
		},

		number: (value, digits = 2) =>
			cached(`number ${digits}`, () => new Intl.NumberFormat(locale, { maximumFractionDigits: digits })).format(value),

		percent: (value) =>
			cached("percent", () =>
				new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 }),
			).format(value / 100),

		/**
		 * An amount, a dash if the reader may not see it; a code that is no currency to the browser is put behind
		 * the number.
		 */
		money(value, currency) {
			if (value === null || value === undefined) return "–";
			const digits = decimals[currency] ?? 2;
			const limits = { minimumFractionDigits: digits, maximumFractionDigits: digits };
			if (!/^[A-Z]{3}$/.test(currency || "")) {
				const plain = cached(`plain ${digits}`, () => new Intl.NumberFormat(locale, limits));
				return [plain.format(value), currency].filter(Boolean).join(" ");
			}
			const options = { style: "currency", currency, currencyDisplay: "narrowSymbol", ...limits };
			return cached(`money ${currency} ${digits}`, () => new Intl.NumberFormat(locale, options)).format(value);
		},

		/** "12 Dec", with the year where it is not clear which. */
		date(text) {
			const year = Math.abs(daysFromToday(text)) < DAYS_WITHOUT_YEAR ? {} : { year: "numeric" };
			return dateFormat({ day: "numeric", month: "short", ...year }).format(dayOf(text));
		},

		fullDate: (text) => dateFormat({ dateStyle: "long" }).format(dayOf(text)),

		fullMoment: (text) => dateFormat({ dateStyle: "medium", timeStyle: "short" }).format(timeOf(own(text))),

		/** The name of the zone that moments are shown in. */
		zone: () => zones.own,

		/** A moment of the reader's time in the site's. */
		toSite: (text) => convert(text, zones.own, zones.site),

		/** The reader's time so many days or months from their today, at the hour of a moment; at most the month's last day. */
		ahead({ days = 0, months = 0 }, like) {
			const [year, month, day] = own(now).slice(0, 10).split("-").map(Number);
			const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
			const then = new Date(Date.UTC(year, month - 1 + months, Math.min(day, last) + days));
			return `${then.toISOString().slice(0, 10)} ${own(like).slice(11, 19)}`;
		},

		/** "today", "3d ago"; further away the date. */
		day(text) {
			const days = daysFromToday(text);
			if (Math.abs(days) > NEAR_DAYS) return values.date(text);
			const options = { numeric: days ? "always" : "auto", style: "narrow" };
			return cached(`relative ${options.numeric}`, () => new Intl.RelativeTimeFormat(locale, options)).format(
				days,
				"day",
			);
		},

		days: (count) =>
			cached("days", () =>
				new Intl.NumberFormat(locale, { style: "unit", unit: "day", unitDisplay: "narrow" }),
			).format(count),

		isPastDay: (text) => daysFromToday(text) < 0,

		isToday: (text) => daysFromToday(text) === 0,

		isPastMoment: (text) => timeOf(text) < timeOf(now),
	};
	return values;
}

/** The first of the reader's languages that is the page's, with its region; else the page's. */
export function localeOf(page, languages) {
	const same = (one, other) => one.split(/[-_]/)[0].toLowerCase() === other.split(/[-_]/)[0].toLowerCase();
	const wanted = languages.find((language) => same(language, page)) || page.replace("_", "-");
	return Intl.NumberFormat.supportedLocalesOf([wanted])[0] || "en";
}

/** "Ada King Lovelace" becomes "AL". */
export function initials(name) {
	const words = name.split(/[\s.@_-]+/).filter(Boolean);
	return [words[0], words.length > 1 ? words.at(-1) : ""].map((word) => [...(word || "")][0] || "").join("").toUpperCase();
}

/** Text without case and accents, to search in. */
export const plain = (text) => text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase();

/** The text of rich text, paragraphs and list items on lines of their own. */
export function textOf(html) {
	const body = new DOMParser().parseFromString(html, "text/html").body;
	for (const block of body.querySelectorAll("br, p, div, li, h1, h2, h3, tr")) block.append("\n");
	for (const line of body.querySelectorAll("br")) line.replaceWith("\n");
	return body.textContent.replace(/\n{3,}/g, "\n\n").trim();
}
