/** One key per action, wherever the focus is, unless something is being typed. */

import { actionsFor } from "./actions.js";
import { VIEWS, close, hasColumns, open, show, shown } from "./address.js";
import { boot } from "./boot.js";
import * as carry from "./carry.js";
import { carried } from "./carry.js";
import { aboutWhich, focused, focusOn, goToEnd, reveal, rowActions, rowOf, step, toggle } from "./focus.js";
import { ask, dialog } from "./moves.js";
import { undoLast } from "./notices.js";
import { focusSearch } from "./search.js";
import { cardOf } from "./store.js";

const isRightToLeft = () => document.documentElement.dir === "rtl";
const ahead = () => (isRightToLeft() ? -1 : 1);

function here() {
	const name = aboutWhich(focused.value.name);
	return cardOf(shown.value.open || name) || cardOf(name);
}

const MOVING = {
	j: () => step(0, 1),
	k: () => step(0, -1),
	ArrowDown: () => step(0, 1),
	ArrowUp: () => step(0, -1),
	ArrowRight: () => step(ahead(), 0),
	ArrowLeft: () => step(-ahead(), 0),
	Home: () => goToEnd(false),
	End: () => goToEnd(true),
};

const CARRYING = {
	ArrowRight: () => carry.carryOn(ahead()),
	ArrowLeft: () => carry.carryOn(-ahead()),
	" ": carry.putDown,
	Enter: carry.putDown,
	Escape: carry.leave,
};

const COMMANDS = {
	"/": focusSearch,
	"?": () => ask("keys"),
	N: () => boot.may_create && ask("new"),
	z: undoLast,
	f: () => ask("filters"),
	".": () => Boolean(here()) && ask("actions", here()),
	v: () => ask("views"),
	...Object.fromEntries(VIEWS.map((view, index) => [index + 1, () => show({ view })])),
	Escape: leavePanel,
};

export function listen() {
	document.addEventListener("keydown", onKeyDown);
}

function onKeyDown(event) {
	if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || dialog.value) return;
	if (event.target.closest("input:not([type=checkbox]), select, textarea, [contenteditable], dialog, details[open]")) return;
	const command = carried.value ? CARRYING[event.key] : commandOf(event);
	if (!command) return;
	if (command(event) !== false) event.preventDefault();
}

function commandOf(event) {
	const isOnCard = Boolean(event.target.closest("[data-name]"));
	const isInPanel = Boolean(event.target.closest(".panel"));
	const isOnButton = Boolean(event.target.closest("button, summary"));
	if (event.key in MOVING && !isInPanel) return MOVING[event.key];
	if (event.key in COMMANDS) return COMMANDS[event.key];
	const row = event.target.closest("[data-name]")?.dataset.name;
	const toRow = row && rowActions.get(focused.value.lane)?.(row, event.key);
	if (toRow) return toRow;
	if (event.key === "Enter" && (isOnButton || (isInPanel && event.target.closest("a")))) return undefined; // which they do themselves
	const card = here();
	if (!card) return undefined;
	if (event.key === "Enter" && isOnCard && !isOnButton) return () => open(card.name);
	if (event.key === " " && isOnCard && !isOnButton) return () => pickUp(card);
	if (event.key === "x" && shown.value.view === "list") return () => toggle(card.name);
	const action = actionsFor(card).find((each) => each.key === event.key);
	return action && (() => action.run(card));
}

function pickUp(card) {
	if (!hasColumns.value || !boot.may_write) return false;
	return carry.pickUp(card);
}

/** Close the panel and go back to the opportunity that it showed. */
export function leavePanel() {
	const { open: name } = shown.value;
	if (!name) return false;
	close();
	const row = (focused.value.name !== name && rowOf(name)) || { lane: focused.value.lane, name };
	focusOn(row.lane, row.name);
	requestAnimationFrame(() => reveal(name)); // the panel may have filled the window
	return true;
}
