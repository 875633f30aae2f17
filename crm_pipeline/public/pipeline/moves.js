/**
 * Every write of the page: shown at once, taken back with the server's words if it is refused, undone on request.
 *
 * A move says what it starts from, so that one which somebody else was faster with is refused instead of repeated.
 */

import { shown } from "./address.js";
import { requestId, write } from "./api.js";
import { __, word } from "./boot.js";
import { closingIn, isShut } from "./placing.js";
import { confirm, say, sayProblem } from "./notices.js";
import { cardOf, condition, place, placeAhead, refreshSoon, take, takeAway, tellChanged } from "./store.js";
import { day } from "./values.js";
import { signal } from "./vendor/preact.js";

const MOVES = "crm_pipeline.api.moves";

/** The dialog that is open: `kind`, the `card` it is about, and what else it needs; null if none. */
export const dialog = signal(null);
/** Names of opportunities with a write on its way. */
export const moving = signal(new Set());

/**
 * Write a move of one opportunity.
 *
 * @param {object} card
 * @param {string} method of api/moves.py
 * @param {object} args
 * @param {{saying: string, change?: object}} how what is told when it is done, and how the card looks at once
 * @returns {Promise<boolean>} whether it was done; throws the refusal if `how.throws`
 */
export async function move(card, method, args, { saying, change, throws = false } = {}) {
	const back = change && placeAhead(card, change);
	mark(card.name, true);
	try {
		settle(card.name, await write(`${MOVES}.${method}`, { opportunity: card.name, ...args }), saying);
		return true;
	} catch (error) {
		back?.();
		if (throws) throw error;
		refused(error, card);
		return false;
	} finally {
		mark(card.name, false);
	}
}

/** Take back the last move, as the server recorded it. */
async function takeBack(name, { version }) {
	const card = cardOf(name) || { name };
	try {
		settle(name, await write(`${MOVES}.undo`, { opportunity: name, version }), __("Undone"));
	} catch (error) {
		refused(error, card);
	}
}

/** Put a card into a column of the board or the forecast. */
export const moveInto = (card, column) => (column.stage ? moveToStage(card, column) : moveToMonth(card, column));

/** Why nothing can be put into a column. */
export const refusalOf = (column) => __("Nothing can be put into {0}. Choose a month, or Without Date.", [column.name]);

function moveToMonth(card, column) {
	if (isShut(column)) return say(refusalOf(column));
	const closing = closingIn(column, card);
	const saying = closing ? __("{0}: Expected Closing {1}", [card.title, day(closing)]) : __("{0}: no Expected Closing any more", [card.title]);
	const change = { expected_closing: closing };
	return move(card, "set_values", { values: change, from_values: { expected_closing: card.expected_closing || null } }, { saying, change });
}

export async function moveToStage(card, column) {
	if (column.type === "Won") return ask("won", card);
	if (column.type === "Lost") return ask("lost", card);
	if (column.stage === card.sales_stage) return undefined;
	const saying = __("{0} moved to {1}", [card.title, word(column.stage)]);
	const change = { sales_stage: column.stage, probability: column.probability };
	try {
		const args = { sales_stage: column.stage, from_stage: card.sales_stage };
		return await move(card, "move_to_stage", args, { saying, change, throws: true });
	} catch (error) {
		if (error.kind !== "StageRequirementsMissing") return refused(error, card);
		return ask("requirements", card, { column, message: error.message });
	}
}

/** Write new values of fields, from what the reader saw; `change` is how the card looks at once. */
export function setValues(card, values, fromValues, saying = __("Saved"), change = values) {
	return move(card, "set_values", { values, from_values: fromValues }, { saying, change, throws: true });
}

/** Do one thing with many; tells which were refused and why. A request that is sent again has the same `id`. */
export async function actOnMany(names, action, args, saying, { id = requestId(), throws = false } = {}) {
	try {
		const answer = await write("crm_pipeline.api.opportunities.act_on_many", { opportunities: names, action, args, request_id: id });
		if (answer.queued) say(__("{0} are worked on in the background", [answer.queued]));
		else tellOfMany(answer, saying);
		refreshSoon();
		return answer;
	} catch (error) {
		if (throws) throw error;
		refused(error);
		return null;
	}
}

async function takeBackMany(versions) {
	try {
		tellOfMany(await write("crm_pipeline.api.opportunities.undo_many", { versions }), __("Undone"));
		refreshSoon();
	} catch (error) {
		refused(error);
	}
}

/** Say how many of several were changed, and which refused and why; what can be taken back is offered to be. */
function tellOfMany({ done, refused: why, undo = {} }, saying) {
	const lines = Object.entries(why).map(([name, words]) => `${cardOf(name)?.title || name}: ${words}`);
	const back = Object.keys(undo).length > 0 && (() => takeBackMany(undo));
	if (!lines.length) return confirm(`${saying}: ${done.length}`, back);
	const refusals = __("{0} refused", [lines.length]);
	return sayProblem(done.length ? `${saying}: ${done.length}. ${refusals}` : refusals, lines, back);
}

/** Open a dialog about an opportunity. */
export function ask(kind, card, more = {}) {
	dialog.value = { kind, card, ...more };
}

/** What is to be begun in the panel's composer: `name` of the opportunity and the `draft` to begin with. */
export const draftWanted = signal(null);

/** Begin a "Note", "Call", "Meeting" or "Email" in the panel that is open or opening. */
export const compose = (name, kind, more = {}) => (draftWanted.value = { name, draft: { kind, ...more } });

/** Take over what a write answered; with `saying`, say that it is done, and offer to undo it if it can be. */
export function settle(name, answer, saying) {
	take(answer);
	if (answer.card) place(answer.card);
	else if (answer.card === null) takeAway(name);
	tellChanged(name);
	refreshSoon();
	const { undo, messages = [] } = answer;
	if (saying) confirm([saying, ...messages].join(" "), undo && (() => takeBack(name, undo)));
}

/** Tell why something was not done, in the server's words. */
export function refused(error, card) {
	if (!("status" in error)) throw error;
	if (error.isSignedOut) condition.value = "signed-out";
	else if (error.isOffline) condition.value = "stale";
	const why = error.message || __("The server cannot be reached. Nothing was changed.");
	sayProblem(card?.title ? `${card.title}: ${why}` : why);
	if (error.kind === "StateGone" || error.kind?.startsWith("FollowUp")) refreshSoon();
	if (card && shown.value.open === card.name) tellChanged(card.name);
}

function mark(name, isMoving) {
	const names = new Set(moving.value);
	names[isMoving ? "add" : "delete"](name);
	moving.value = names;
}
