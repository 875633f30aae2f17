/** How a quotation ends: ordered, as a whole or some rows of it, or lost. */

import { write } from "../api.js";
import { __ } from "../boot.js";
import { settle } from "../moves.js";
import { confirm } from "../notices.js";
import { dayAhead, money } from "../values.js";
import { html } from "../vendor/preact.js";
import { useChoices } from "./choices.js";
import { LostReasons, reasonArgs } from "./closing.js";
import { Chips, Entry } from "./fields.js";
import { Dialog, useDraft } from "./frame.js";

export function LoseQuotation({ card, quotation }) {
	const { values, set, drop } = useDraft(`lose ${quotation.name}`, { reasons: [], competitors: [], details: "" });
	const send = async () => {
		await decide(card, quotation, "declare_lost", reasonArgs(values), __("{0} is lost", [quotation.name]));
		drop();
	};
	return html`<${Dialog} title=${__("Declare Lost: {0}", [quotation.name])} about=${card.title} submit=${__("Declare Lost")} onSubmit=${send} isDangerous isReady=${values.reasons.length > 0} trouble=${useChoices().trouble}>
		<${LostReasons} values=${values} set=${set} />
		<p>${__("Once all of its quotations are lost, the opportunity is lost too, for the same reasons.")}</p>
	<//>`;
}

/** Of several rows those are ordered that are chosen. */
export function OrderQuotation({ card, quotation }) {
	const rows = quotation.open_rows;
	const { values, set, drop } = useDraft(`order ${quotation.name}`, { on: dayAhead({}), rows: rows.map(({ name }) => name) });
	const chosen = rows.map(({ name }) => name).filter((name) => values.rows.includes(name));
	const isAll = chosen.length === rows.length;
	const send = async () => {
		const args = { ordered_on: values.on, items: isAll ? undefined : chosen };
		await decide(card, quotation, "mark_ordered", args, __("{0} is ordered", [quotation.name]));
		drop();
	};
	const options = rows.map((row) => ({ value: row.name, label: labelOf(row, quotation) }));
	return html`<${Dialog} title=${__("Ordered: {0}", [quotation.name])} about=${card.title} submit=${__("Mark as Ordered")} onSubmit=${send} isReady=${isAll || chosen.length > 0}>
		${rows.length > 1 && html`<${Chips} legend=${__("What is ordered")} options=${options} value=${chosen} onChange=${(names) => set({ rows: names })} />`}
		<${Entry} label=${__("Ordered On")} type="date" max=${dayAhead({})} required value=${values.on} onInput=${(on) => set({ on })} />
	<//>`;
}

function labelOf({ item_name: name, item_code: code, amount }, { currency }) {
	return [name || code, amount === undefined ? "" : money(amount, currency)].filter(Boolean).join(" · ");
}

/** Ask the quotation's own method, from the status that the user saw; what follows for the opportunity comes with what is read anew. */
async function decide(card, { name, status }, method, args, saying) {
	await write("run_doc_method", { dt: "Quotation", dn: name, method, args: JSON.stringify({ ...args, from_status: status }) });
	settle(card.name, {});
	confirm(saying);
}
