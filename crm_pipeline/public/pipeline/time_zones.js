/**
 * Moments as clocks in different time zones show them, as rules/zones.py has it on the server.
 *
 * A moment is text without zone ("2025-03-31 14:00:00"); zones go by name ("Europe/Berlin").
 */

const DAY = 86_400_000;
const clocks = new Map();

/** What a clock in the zone `to` shows at a moment of the zone `from`. */
export function convert(moment, from, to) {
	if (from === to) return moment;
	const shown = shownAt(instantOf(timeOf(moment), from), to);
	return new Date(shown).toISOString().slice(0, 19).replace("T", " ");
}

/** A moment or day as milliseconds, as if it were of UTC, to count and compare with. */
export const timeOf = (text) => Date.parse(`${text.slice(0, 10)}T${text.slice(11, 19) || "00:00:00"}Z`);

/** The instant at which a clock shows a time: of an hour that it passes twice the first, of a skipped one as if not. */
function instantOf(shown, zone) {
	const [before, after] = [shown - DAY, shown + DAY].map((near) => shown - (shownAt(near, zone) - near));
	return shownAt(before, zone) !== shown && shownAt(after, zone) === shown ? after : before;
}

function shownAt(instant, zone) {
	if (!clocks.has(zone)) {
		const parts = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" };
		clocks.set(zone, new Intl.DateTimeFormat("en-US", { timeZone: zone, hourCycle: "h23", ...parts }));
	}
	const { year, month, day, hour, minute, second } = Object.fromEntries(
		clocks.get(zone).formatToParts(instant).map(({ type, value }) => [type, Number(value)]),
	);
	return Date.UTC(year, month - 1, day, hour, minute, second);
}
