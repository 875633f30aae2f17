/** What can be done with the opportunity now, as the server says it. */

import { isInPlay, run } from "../actions.js";
import { __, boot } from "../boot.js";
import { ask, moving } from "../moves.js";
import { html } from "../vendor/preact.js";
import { goTo, stageBeside } from "./stages.js";
import { addTask } from "./tasks.js";

export function Actions({ record }) {
	const about = record.panel.value;
	const offered = buttonsOf(about).filter(({ action }) => about.actions.includes(action) || (action === "quote" && lacksParty(about.doc)));
	if (!offered.length) return null;
	return html`<div class="actions" role="group" aria-label=${__("Actions")}>
		${offered.map(
			(button) => html`<button key=${button.action} type="button" class="button small ${button.look || ""}" title=${button.hint} disabled=${moving.value.has(record.name)}
				onClick=${button.work || (() => run(button.action, about.card))}>${button.label}</button>`,
		)}
	</div>`;
}

/** A quotation is refused then, and its dialog asks for the party. */
const lacksParty = (doc) => boot.may_quote && isInPlay(doc) && doc.party_name === null;

/** A task to ask another day for what was lost: nothing of the opportunity changes until then. */
function askAgain(card) {
	const request = {};
	const postpone = (date) => addTask(card.name, { description: __("Ask Again"), date }, request);
	ask("postpone", card, { what: card.customer_name || card.title, postpone, verb: __("Ask Again"), choices: ["month", "quarter", "half", "other"] });
}

function buttonsOf(about) {
	const [next, previous] = [stageBeside(about, 1), stageBeside(about, -1)];
	return [
		{ action: "advance", label: __("Advance"), hint: next && __("Move to {0}", [next.label]), look: "primary", work: () => next && goTo(about, next) },
		{ action: "step_back", label: __("Back"), hint: previous && __("Move to {0}", [previous.label]), work: () => previous && goTo(about, previous) },
		{ action: "won", label: __("Won"), look: "good" },
		{ action: "lost", label: __("Lost"), look: "bad" },
		{ action: "resume", label: __("Resume"), look: "primary" },
		{ action: "pause", label: __("Pause") },
		{ action: "reopen", label: __("Reopen"), look: "primary" },
		{ action: "ask_again", label: __("Ask Again"), work: () => askAgain(about.card) },
		{ action: "quote", label: isInPlay(about.doc) ? __("Quotation") : __("New Quotation"), hint: __("Make a quotation from this opportunity") },
	].filter(({ action }) => (action === "advance" ? next : action === "step_back" ? previous : true));
}
