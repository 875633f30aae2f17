/** Where a card stands, and what its column counts then. */

import { boot } from "./boot.js";
import * as forecast from "./months.js";

/** Whether a card stands in a column of the board or the forecast. */
export const holds = (column, card) => (column.stage ? column.stage === card.sales_stage : forecast.holds(column, card));

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
