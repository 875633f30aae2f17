/** Where a card stands on the board or in the forecast, which day puts it into a month, and what its column counts then. */

import { __, boot } from "./boot.js";
import { monthOf, today } from "./values.js";

/** Whether a card stands in a column of the board or the forecast. */
export const holds = (column, card) => (column.stage ? column.stage === card.sales_stage : holdsClosing(column, card));

/** A column with a card as it is now, in it or not. */
export function placed(column, card) {
	const index = column.cards.findIndex((each) => each.name === card.name);
	const belongs = holds(column, card) && boot.in_play.includes(card.status) && (column.type || "Open") === "Open";
	if (index < 0 && !belongs) return column;
	const before = column.cards[index];
	if (belongs && before) return { ...column, cards: swap(column.cards, index, { ...before, ...card }) };
	const { base_opportunity_amount: worth, probability } = before || card;
	const sign = belongs ? 1 : -1;
	const add = (sum, part) => (sum === null || part === undefined ? sum : sum + sign * part);
	const cards = belongs ? [card, ...column.cards] : column.cards.filter((each) => each.name !== card.name);
	const weighted = add(column.weighted, worth === undefined || probability === undefined ? undefined : (worth * probability) / 100);
	return { ...column, cards, count: column.count + sign, amount: add(column.amount, worth), weighted };
}

function swap(list, index, value) {
	const copy = [...list];
	copy[index] = value;
	return copy;
}

/** A column of the server's answer with its `name`. */
export const named = (column) => ({ ...column, name: nameOf(column) });

/** Whether nothing can be put into a column: no day stands for what has passed, or for later. */
export const isShut = ({ first_day: first, last_day: last }) => !first !== !last;

/** Whether a card stands in a month, or without any. */
function holdsClosing({ key, first_day: first, last_day: last }, { expected_closing: closing }) {
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
