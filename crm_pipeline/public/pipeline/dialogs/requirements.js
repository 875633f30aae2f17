/** What a stage asks for, filled in on the way there; or why a manager passes over it. */

import { read } from "../api.js";
import { __, word } from "../boot.js";
import { move } from "../moves.js";
import { LabelledEditor } from "../panel/editors.js";
import { emptyText, valuesOf } from "../panel/field_values.js";
import { html } from "../vendor/preact.js";
import { Entry } from "./fields.js";
import { Dialog, useAnswer, useDraft } from "./frame.js";

export function Requirements({ card, column, message }) {
	const { values, set, drop } = useDraft(`requirements ${card.name} ${column.stage}`, { entries: {}, reason: "" });
	const [panel, trouble] = useAnswer(() => read("crm_pipeline.api.panel.get_panel", { opportunity: card.name }), card.name);
	const missing = panel ? missingFor(panel, ({ stage }) => stage === column.stage) : [];
	const send = async () => {
		const args = { sales_stage: column.stage, from_stage: card.sales_stage, ...given(missing, values) };
		const saying = __("{0} moved to {1}", [card.title, word(column.stage)]);
		await move(card, "move_to_stage", args, { saying, change: { sales_stage: column.stage, probability: column.probability }, throws: true });
		drop();
	};
	return html`<${Dialog} title=${__("{0} asks for more", [word(column.stage)])} about=${card.title} submit=${__("Move")} onSubmit=${send} isReady=${Boolean(panel)} trouble=${trouble}>
		${message && html`<p class="reason" dir="auto">${message}</p>`}
		<${Missing} missing=${missing} values=${values} set=${set} />
		${panel?.may_override > 0 &&
		html`<details open=${Boolean(values.reason)}>
			<summary>${__("Move it without that")}</summary>
			<${Entry} label=${__("Why this may be passed over")} value=${values.reason} onInput=${(reason) => set({ reason })} />
		</details>`}
	<//>`;
}

/** Whether a field meets it; the others are items, contacts, quotations. */
export const isField = ({ fieldname, type }) => Boolean(fieldname && type && type !== "Table");

/** What an opportunity lacks for a stage, by the answer of `get_panel`. */
export const missingFor = ({ stages }, isStage) => stages.find(isStage)?.requirements.filter((each) => !each.met) || [];

/** What is missing, to be filled in; into `entries` of the draft. */
export function Missing({ missing, values, set }) {
	const { entries } = values;
	const enter = (name, value) => set({ entries: { ...entries, [name]: value } });
	const others = missing.filter((each) => !isField(each));
	return html`
		${missing.filter(isField).map((field) => html`<${LabelledEditor} key=${field.fieldname} spec=${field} text=${entries[field.fieldname] || emptyText(field)} onEntry=${(text) => enter(field.fieldname, text)} />`)}
		${others.length > 0 && html`<${Elsewhere} missing=${others} />`}
	`;
}

/** What is met elsewhere: items, a contact, a quotation of a supplier. */
function Elsewhere({ missing }) {
	return html`<div class="reason">
		<p>${__("What cannot be filled in here:")}</p>
		<ul>${missing.map((each) => html`<li key=${each.label} dir="auto">${each.label}</li>`)}</ul>
	</div>`;
}

/** What was entered, as the server takes it; a reason to pass over it goes instead. */
function given(missing, { entries, reason }) {
	return reason.trim() ? { override_reason: reason } : { values: enteredOf(missing, entries) };
}

/** What was entered, by field. */
export function enteredOf(missing, entries) {
	const fields = missing.filter((field) => entries[field.fieldname]?.length);
	return Object.assign({}, ...fields.map((field) => valuesOf(field.fieldname, entries[field.fieldname], field)));
}
