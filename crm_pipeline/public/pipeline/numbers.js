/** Numbers as the site writes them: Desk's number format decides, not the reader's browser. */

const SEPARATORS = {
	"#,###.##": [".", ","],
	"#.###,##": [",", "."],
	"# ###.##": [".", "\u00a0"],
	"# ###,##": [",", "\u00a0"],
	"#'###.##": [".", "'"],
	"#, ###.##": [".", ",\u00a0"],
	"#,##,###.##": [".", ","],
	"#,###.###": [".", ","],
	"#.###": [",", "."],
	"#,###": [".", ","],
};
const INDIAN = "#,##,###.##";

/**
 * @param {string} format one of Frappe's number formats
 * @param {string} locale for symbols of currencies and for the words of short figures
 */
export function createNumbers(format, locale) {
	const [point, comma] = SEPARATORS[format] || SEPARATORS["#,###.##"];
	const groups = format === INDIAN ? /(\d)(?=(\d\d)+\d$)/g : /(\d)(?=(\d{3})+$)/g;
	const region = format === INDIAN ? "en-IN" : locale;
	const symbols = new Map();
	const formatters = new Map();

	/** A number with at most, or with exactly, so many decimals. */
	function number(value, digits = 2, exact = false) {
		const [whole, fraction = ""] = Math.abs(value).toFixed(digits).split(".");
		const rest = exact ? fraction : fraction.replace(/0+$/, "");
		const sign = value < 0 && Number(`${whole}${fraction}`) ? "-" : "";
		return sign + whole.replace(groups, `$1${comma}`) + (rest && point + rest);
	}

	function symbol(currency) {
		if (!symbols.has(currency)) symbols.set(currency, symbolOf(currency, locale));
		return symbols.get(currency);
	}

	/** An amount with the decimals of its currency; a dash if the reader may not see it. */
	function money(value, currency, digits) {
		if (value === null || value === undefined) return "–";
		return withSymbol(number(value, digits, true), currency);
	}

	/** An amount in few characters: $1.2M, ₹3.4Cr. */
	function compact(value, currency) {
		if (value === null || value === undefined) return "–";
		if (!formatters.has("compact")) {
			const options = { notation: "compact", maximumFractionDigits: 1, numberingSystem: "latn" };
			formatters.set("compact", new Intl.NumberFormat(region, options));
		}
		const parts = formatters.get("compact").formatToParts(value);
		// Some languages have no short word for thousands: 17.492,7 is German's way to shorten them.
		if (!parts.some(({ type }) => type === "compact")) return withSymbol(number(value, Math.abs(value) < 1000 ? 1 : 0), currency);
		const marks = { decimal: point, group: comma };
		return withSymbol(parts.map((part) => marks[part.type] ?? part.value).join(""), currency);
	}

	function withSymbol(text, currency) {
		const sign = symbol(currency);
		if (!sign) return text;
		return sign.length > 1 ? `${sign}\u00a0${text}` : text.startsWith("-") ? `-${sign}${text.slice(1)}` : sign + text;
	}

	const percent = (value) => `${number(value, 1)}%`;

	return { number, money, compact, percent };
}

/** The narrow symbol of a currency; its code where the browser knows no symbol. */
function symbolOf(currency, locale) {
	if (!/^[A-Z]{3}$/.test(currency || "")) return currency || "";
	const options = { style: "currency", currency, currencyDisplay: "narrowSymbol" };
	return new Intl.NumberFormat(locale, options).formatToParts(0).find((part) => part.type === "currency").value;
}
