/** Cards carried with the keyboard: picked up with the space bar, taken along with the arrows, each step spoken. */

import { shown } from "./address.js";
import { __ } from "./boot.js";
import { isShut } from "./placing.js";
import { moveInto, refusalOf } from "./moves.js";
import { say, speak } from "./notices.js";
import { columnsShown, holds } from "./store.js";
import { signal } from "./vendor/preact.js";

/** The card that is carried and the `key` of the column that it would be put into; null if none. */
export const carried = signal(null);

const columnOf = (key) => columnsShown.value?.find((column) => column.key === key);

export function pickUp(card) {
	const column = columnsShown.value?.find((each) => holds(each, card));
	if (!column) return false;
	carried.value = { name: card.name, card, key: column.key };
	const how =
		shown.value.view === "forecast"
			? __("{0} picked up. Arrows choose a month, the space bar puts it down, Escape leaves it where it was.", [card.title])
			: __("{0} picked up. Arrows choose a stage, the space bar puts it down, Escape leaves it where it was.", [card.title]);
	return speak(how);
}

/** Go to the next or the previous column with what is carried. */
export function carryOn(across) {
	const keys = columnsShown.value.map((column) => column.key);
	const key = keys[Math.max(0, Math.min(keys.indexOf(carried.value.key) + across, keys.length - 1))];
	const column = columnOf(key);
	carried.value = { ...carried.value, key };
	speak(isShut(column) && !holds(column, carried.value.card) ? refusalOf(column) : column.name);
	document.querySelector(`[data-lane="${CSS.escape(key)}"]`)?.scrollIntoView({ inline: "nearest", block: "nearest" });
}

/** Put down what is carried; where nothing can be put it stays in hand. */
export function putDown() {
	const { card, key } = carried.value;
	const column = columnOf(key);
	if (!column || holds(column, card)) return leave();
	if (isShut(column)) return say(refusalOf(column));
	carried.value = null;
	return moveInto(card, column);
}

export function leave() {
	carried.value = null;
	speak(__("Left where it was"));
}
