/** The columns of the forecast: what they are called, what they hold, and which day puts an opportunity into one. */

import { __ } from "./boot.js";
import { monthOf, today } from "./values.js";

/** A column of the server's answer with its `name`. */
export const named = (column) => ({ ...column, name: nameOf(column) });

/** Whether nothing can be put into a column: no day stands for what has passed, or for later. */
export const isShut = ({ first_day: first, last_day: last }) => !first !== !last;

/** Whether a card stands in a column. */
export function holds({ key, first_day: first, last_day: last }, { expected_closing: closing }) {
	if (!closing) return key === "none";
	return key !== "none" && (!first || closing >= first) && (!last || closing <= last);
}

/**
 * The day that puts a card into a column: that of its month, at most the month's last, and none before today.
 *
 * What had no day gets the last of the month; null without date.
 */
export function closingIn({ first_day: first, last_day: last }, { expected_closing: closing }) {
	if (!first) return null;
	const same = closing ? last.slice(0, 8) + closing.slice(8) : last;
	const possible = same > last ? last : same;
	return possible < today() ? today() : possible;
}

function nameOf({ key, first_day: first }) {
	return { overdue: __("Closing Passed"), later: __("Later"), none: __("Without Date") }[key] || monthOf(first);
}
