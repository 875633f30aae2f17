/**
 * Numbers, money and days in the reader's locale.
 *
 * Dates come as site time without zone ("2025-03-31 14:00:00") and are compared with the site's now, so that
 * "overdue" means the same to everybody.
 */

const DAY = 86_400_000;
const NEAR_DAYS = 13;
const DAYS_WITHOUT_YEAR = 300;

export function createValues(locale) {
	const decimals = {};
	const formatters = new Map();
	let now = "";

	const cached = (key, make) => {
		if (!formatters.has(key)) formatters.set(key, make());
		return formatters.get(key);
	};
	const time = (text) => Date.parse(`${text.slice(0, 10)}T${text.slice(11, 19) || "00:00:00"}Z`);
	const daysFromToday = (text) => (time(text.slice(0, 10)) - time(now.slice(0, 10))) / DAY;
	const dateFormat = (options) =>
		cached(JSON.stringify(options), () => new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options }));

	const values = {
		/** Take over the site's time and the decimals of currencies from an answer of the server. */
		learn(answer) {
			now = answer.now || now;
			Object.assign(decimals, answer.decimals);
		},

		number: (value, digits = 2) =>
			cached(`number ${digits}`, () => new Intl.NumberFormat(locale, { maximumFractionDigits: digits })).format(value),

		percent: (value) =>
			cached("percent", () =>
				new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 }),
			).format(value / 100),

		/** An amount; a code that is no currency to the browser is put behind the number. */
		money(value, currency) {
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
			return dateFormat({ day: "numeric", month: "short", ...year }).format(time(text));
		},

		fullDate: (text) => dateFormat({ dateStyle: "long" }).format(time(text)),

		fullMoment: (text) => dateFormat({ dateStyle: "medium", timeStyle: "short" }).format(time(text)),

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

		isPastMoment: (text) => time(text) < time(now),
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
