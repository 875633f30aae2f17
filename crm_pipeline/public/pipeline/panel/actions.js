/** What can be done with the opportunity now, as the server says it. */

import { create, read } from "../api.js";
import { __ } from "../boot.js";
import { ask, move, refused } from "../moves.js";
import { say } from "../notices.js";
import { tellChanged } from "../store.js";
import { html, useState } from "../vendor/preact.js";
import { stageBeside } from "./stage_move.js";

const MAKE_QUOTATION = "crm_pipeline.crm_pipeline.doctype.opportunity.opportunity.make_quotation";

export function Actions({ record, stageMove, onQuoted }) {
	const [busy, setBusy] = useState("");
	const about = record.panel.value;
	const offered = buttonsOf(about, stageMove, onQuoted).filter(({ action }) => about.actions.includes(action));
	const run = async ({ action, work }) => {
		setBusy(action);
		try {
			await work();
		} finally {
			setBusy("");
		}
	};
	if (!offered.length) return null;
	return html`<div class="actions" role="group" aria-label=${__("Actions")}>
		${offered.map(
			(button) => html`<button key=${button.action} type="button" class="button small ${button.look ?? ""}" title=${button.hint} disabled=${busy === button.action || stageMove.busy}
				onClick=${() => run(button)}>${button.label}</button>`,
		)}
	</div>`;
}

function buttonsOf(about, stageMove, onQuoted) {
	const { card, doc } = about;
	const [next, previous] = [stageBeside(about, 1), stageBeside(about, -1)];
	return [
		{ action: "advance", label: __("Advance"), hint: next && __("Move to {0}", [next.label]), look: "primary", work: () => next && stageMove.goTo(next) },
		{ action: "step_back", label: __("Back"), hint: previous && __("Move to {0}", [previous.label]), work: () => previous && stageMove.goTo(previous) },
		{ action: "won", label: __("Won"), look: "good", work: () => ask("won", card) },
		{ action: "lost", label: __("Lost"), look: "bad", work: () => ask("lost", card) },
		{ action: "resume", label: __("Resume"), look: "primary", work: () => move(card, "resume", {}, { saying: __("{0} resumed", [doc.title]) }) },
		{ action: "pause", label: __("Pause"), work: () => ask("pause", card) },
		{ action: "reopen", label: __("Reopen"), look: "primary", work: () => move(card, "reopen", { from_status: doc.status }, { saying: __("{0} reopened", [doc.title]) }) },
		{ action: "quote", label: __("Quotation"), hint: __("Make a quotation from this opportunity"), work: () => quote(card, onQuoted) },
	];
}

/** Make a draft of a quotation; it is filled in where quotations are. */
async function quote(card, onQuoted) {
	try {
		const draft = await read(MAKE_QUOTATION, { source_name: card.name });
		const { name } = await create("Quotation", draft);
		say(__("Quotation {0} is made as a draft", [name]));
		tellChanged(card.name);
		onQuoted();
	} catch (error) {
		refused(error, card);
	}
}
