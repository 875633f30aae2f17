/** Why the opportunity is not among what the board, the list or the forecast shows, and what would show it. */

import { isInPlay } from "../actions.js";
import { filters, isEnded, show, shown } from "../address.js";
import { read } from "../api.js";
import { __, word } from "../boot.js";
import { useAnswer } from "../dialogs/frame.js";
import { NO_FILTERS } from "../filter_chips.js";
import { reveal, rowOf } from "../focus.js";
import { readNew } from "../store.js";
import { dayAhead } from "../values.js";
import { html } from "../vendor/preact.js";

const LISTED_DAYS = 30; // for so long what was won or lost is listed

export function OutOfView({ card }) {
	const { process, text } = shown.value;
	const narrowed = { filters: { ...filters.value, text: `${text} ${card.name}`.trim() }, sales_process: process, limit: 1 };
	const [found] = useAnswer(() => read("crm_pipeline.api.pipeline.get_list", narrowed), JSON.stringify(narrowed));
	const [why, label, work] = reasonOf(card, found);
	if (!why) return null;
	const act = () => {
		document.getElementById("panel").focus(); // since this goes away
		work();
	};
	return html`<p class="out-of-view">${why} ${label && html`<button type="button" class="button small" onClick=${act}>${label}</button>`}</p>`;
}

/** What is told, what the button says, and what it does; nothing before the server has `found` what filters leave. */
function reasonOf({ name, status, sales_process: process, sales_stage: stage, closed_on: on }, found) {
	const state = { Converted: "won", Lost: "lost" }[status];
	if (!isInPlay({ status }) && !isEnded.value) {
		const isListed = state && on >= dayAhead({ days: -LISTED_DAYS });
		return [__("Not in view: it has ended."), isListed && __("Show in the List"), () => show({ view: "list", state, process })];
	}
	if (process && process !== shown.value.process) return [__("Not in view: its sales process is {0}.", [word(process)]), __("Show {0}", [word(process)]), () => show({ process })];
	if (!found) return [];
	if (found.count) return [__("Not in view yet: it is further down."), __("Go There"), () => goDown(name, stage)];
	const all = { ...NO_FILTERS, text: "", scope: "all", state: isEnded.value ? shown.value.state : "" };
	return [__("Not in view: scope, search or filters leave it out."), __("Clear Filters"), () => show(all)];
}

/** Read on until it has come; what is too far down for that is shown alone. */
async function goDown(name, stage) {
	if (shown.value.view === "board") await readNew(name, stage);
	if (rowOf(name)) requestAnimationFrame(() => reveal(name));
	else show({ text: name });
}
