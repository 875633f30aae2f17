/** Cards dragged with the pointer, by the browser's own drag and drop. */

import { __ } from "./boot.js";
import { moveInto } from "./moves.js";
import { isShut } from "./placing.js";
import { speak } from "./notices.js";
import { holds } from "./store.js";
import { signal } from "./vendor/preact.js";

/** The card on its way and the column that it is over. */
const dragged = signal(null);
const over = signal("");

/** What an element needs so that it can be dragged as a card. */
export const draggable = (card) => ({
	draggable: true,
	onDragStart: (event) => start(event, card),
	onDragEnd: end,
});

/** What an element needs so that cards can be dropped on it. */
export const dropTarget = (column) => ({
	"data-over": over.value === column.key || undefined,
	"data-shut": isShut(column) || undefined,
	"data-dragging": dragged.value ? "" : undefined,
	onDragOver: (event) => enter(event, column),
	onDragLeave: (event) => leave(event, column),
	onDrop: (event) => drop(event, column),
});

function start(event, card) {
	dragged.value = card;
	event.dataTransfer.effectAllowed = "move";
	event.dataTransfer.setData("text/plain", card.name);
}

function enter(event, column) {
	if (!dragged.value) return;
	event.preventDefault();
	event.dataTransfer.dropEffect = "move";
	over.value = column.key;
}

function leave(event, column) {
	if (over.value === column.key && !event.currentTarget.contains(event.relatedTarget)) over.value = "";
}

function drop(event, column) {
	event.preventDefault();
	const card = dragged.value;
	end();
	if (!card || holds(column, card)) return;
	speak(__("{0} dropped on {1}", [card.title, column.name]));
	moveInto(card, column);
}

function end() {
	dragged.value = null;
	over.value = "";
}
