/** Cards carried with the keyboard: picked up with the space bar, taken along with the arrows, each step spoken. */

import { __, word } from "./boot.js";
import { moveToStage } from "./moves.js";
import { speak } from "./notices.js";
import { columns } from "./store.js";
import { signal } from "./vendor/preact.js";

/** The card that is carried and the stage that it would be put into; null if none. */
export const carried = signal(null);

export function pickUp(card) {
	carried.value = { name: card.name, card, stage: card.sales_stage };
	speak(__("{0} picked up. Arrows choose a stage, the space bar puts it down, Escape leaves it where it was.", [card.title]));
}

/** Go to the next or the previous stage with what is carried. */
export function carryOn(across) {
	const stages = columns.value.map((column) => column.stage);
	const to = stages[Math.max(0, Math.min(stages.indexOf(carried.value.stage) + across, stages.length - 1))];
	carried.value = { ...carried.value, stage: to };
	speak(word(to));
	document.querySelector(`[data-stage="${CSS.escape(to)}"]`)?.scrollIntoView({ inline: "nearest", block: "nearest" });
}

export function putDown() {
	const { card, stage } = carried.value;
	carried.value = null;
	if (stage === card.sales_stage) return speak(__("Left where it was"));
	return moveToStage(card, columns.value.find((column) => column.stage === stage));
}

export function leave() {
	carried.value = null;
	speak(__("Left where it was"));
}
