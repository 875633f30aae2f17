/** What can be done with an opportunity: one list for its card, the sheet of a phone and the keys. */

import { open, shown } from "./address.js";
import { read } from "./api.js";
import { __, boot } from "./boot.js";
import { ask, move, moveToStage, refused } from "./moves.js";
import { say } from "./notices.js";
import { columns } from "./store.js";

export const isInPlay = (card) => boot.in_play.includes(card.status);
export const isPaused = (card) => card.status === "Paused";

const inPlay = (card) => boot.may_write && isInPlay(card);
const isDue = (card) => inPlay(card) && Boolean(card.next_contact_date);
const dialog = (kind) => (card) => ask(kind, card);

/**
 * Every action as `{ id, label, key, icon, isOffered(card), run(card) }`; `key` is what `event.key` says.
 *
 * Two that share a key are never offered for the same card.
 */
export const actions = [
	{ id: "open", label: __("Show Details"), key: "Enter", icon: "panel", isOffered: () => true, run: (card) => open(card.name) },
	{ id: "advance", label: __("Next Stage"), key: "a", icon: "forward", isOffered: (card) => leads(card, 1), run: (card) => step(card, 1) },
	{ id: "back", label: __("Previous Stage"), key: "b", icon: "back", isOffered: (card) => leads(card, -1), run: (card) => step(card, -1) },
	{ id: "move", label: __("Move to a Stage"), key: "m", icon: "columns", isOffered: inPlay, run: dialog("move") },
	{ id: "month", label: __("Move to a Month"), key: "e", icon: "calendar", isOffered: (card) => inPlay(card) && shown.value.view === "forecast", run: dialog("month") },
	{ id: "done", label: __("Follow-up Done"), key: "d", icon: "check", isOffered: isDue, run: dialog("done") },
	{ id: "snooze", label: __("Snooze"), key: "s", icon: "clock", isOffered: isDue, run: dialog("snooze") },
	{ id: "note", label: __("Note"), key: "n", icon: "note", isOffered: () => boot.may_write, run: dialog("note") },
	{ id: "call", label: __("Call"), key: "c", icon: "phone", isOffered: () => boot.may_write, run: dialog("call") },
	{ id: "won", label: __("Won"), key: "w", icon: "won", isOffered: inPlay, run: dialog("won") },
	{ id: "lost", label: __("Lost"), key: "l", icon: "lost", isOffered: inPlay, run: dialog("lost") },
	{ id: "pause", label: __("Pause"), key: "p", icon: "pause", isOffered: (card) => inPlay(card) && !isPaused(card), run: dialog("pause") },
	{ id: "resume", label: __("Resume"), key: "p", icon: "play", isOffered: (card) => inPlay(card) && isPaused(card), run: resume },
	{ id: "reopen", label: __("Reopen"), key: "r", icon: "play", isOffered: (card) => boot.may_write && !isInPlay(card), run: reopen },
	{ id: "assign", label: __("Assign"), key: "o", icon: "person", isOffered: () => boot.may_write, run: dialog("assign") },
	{ id: "quote", label: __("Make Quotation"), key: "q", icon: "quote", isOffered: (card) => boot.may_quote && isInPlay(card), run: dialog("quote") },
];

/** The actions that are offered for a card, in order. */
export const actionsFor = (card) => actions.filter((action) => action.isOffered(card));

/** Do one action by its id. */
export const run = (id, card) => actions.find((action) => action.id === id).run(card);

/** The stages of a card's process: of the board, or asked for where the board shows another process. */
export async function stagesOf(card) {
	return stagesShown(card) || (await read("crm_pipeline.api.panel.get_panel", { opportunity: card.name })).stages;
}

/** Whether a step leads somewhere; of a process that the board does not show this is found out when it is taken. */
function leads(card, direction) {
	const stages = stagesShown(card);
	return inPlay(card) && (!stages || Boolean(neighbour(stages, card, direction)));
}

async function step(card, direction) {
	try {
		const column = neighbour(await stagesOf(card), card, direction);
		if (!column) say(__("There is no further stage on this side"));
		else await moveToStage(card, column);
	} catch (error) {
		refused(error, card);
	}
}

const stagesShown = (card) => (columns.value?.some((column) => column.stage === card.sales_stage) ? columns.value : null);

/** The stage before, or after it, where the last one leads to won. */
function neighbour(stages, card, direction) {
	const here = stages.findIndex((each) => each.stage === card.sales_stage);
	const others = direction > 0 ? stages.slice(here + 1) : stages.slice(0, Math.max(here, 0)).reverse();
	return others.find((each) => each.type === "Open" || (direction > 0 && each.type === "Won"));
}

function resume(card) {
	return move(card, "resume", {}, { saying: __("{0} goes on", [card.title]) });
}

function reopen(card) {
	return move(card, "reopen", { from_status: card.status }, { saying: __("{0} is open again", [card.title]) });
}
