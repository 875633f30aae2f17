/** What a stage asks for, filled in on the way there; or why a manager passes over it. */

import { read } from "../api.js";
import { __, boot, word } from "../boot.js";
import { move } from "../moves.js";
import { toSite } from "../values.js";
import { html } from "../vendor/preact.js";
import { Check, Chips, Entry, NumberEntry, RecordPicker } from "./fields.js";
import { Dialog, useAnswer, useDraft } from "./frame.js";

const NUMBERS = ["Int", "Float", "Currency", "Percent"];
const TEXTS = ["Data", "Small Text", "Text", "Long Text", "Text Editor"];
const FILLED_HERE = [...NUMBERS, ...TEXTS, "Date", "Datetime", "Select", "Check", "Link", "Dynamic Link"];

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
		<p class="reason" dir="auto">${message}</p>
		<${Missing} card=${card} missing=${missing} values=${values} set=${set} />
		${panel?.may_override > 0 &&
		html`<details open=${Boolean(values.reason)}>
			<summary>${__("Move it without that")}</summary>
			<${Entry} label=${__("Why this may be passed over")} value=${values.reason} onInput=${(reason) => set({ reason })} />
		</details>`}
	<//>`;
}

const isFilledHere = ({ type }) => FILLED_HERE.includes(type);

/** What an opportunity lacks for a stage, by the answer of `get_panel`. */
export const missingFor = ({ stages }, isStage) => stages.find(isStage)?.requirements.filter((each) => !each.met) ?? [];

/** What is missing, to be filled in; into `entries` of the draft. */
export function Missing({ card, missing, values, set }) {
	const { entries } = values;
	const enter = (name, value) => set({ entries: { ...entries, [name]: value } });
	const others = missing.filter((each) => !isFilledHere(each));
	return html`
		${missing.filter(isFilledHere).map((field) => html`<${Field} key=${field.fieldname} field=${field} card=${card} value=${entries[field.fieldname]} onChange=${(value) => enter(field.fieldname, value)} />`)}
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

function Field({ field, card, value, onChange }) {
	const { label, type, options } = field;
	if (NUMBERS.includes(type)) return html`<${NumberEntry} label=${label} currency=${type === "Currency" && card.currency} value=${value} onInput=${onChange} />`;
	if (type === "Date") return html`<${Entry} label=${label} type="date" value=${value} onInput=${onChange} />`;
	if (type === "Datetime") return html`<${Entry} label=${label} type="datetime-local" value=${value} onInput=${onChange} />`;
	if (type === "Check") return html`<${Check} label=${label} checked=${Boolean(value)} onChange=${(isSet) => onChange(Number(isSet))} />`;
	if (type === "Select") return html`<${Chips} legend=${label} options=${words(options)} value=${value} onChange=${onChange} />`;
	if (type === "Link") return html`<${RecordPicker} label=${label} doctypes=${[options]} value=${value} onChange=${onChange} />`;
	if (type === "Dynamic Link") return html`<${RecordPicker} label=${label} doctypes=${Object.keys(boot.party_types)} value=${value} onChange=${onChange} />`;
	return html`<${Entry} label=${label} type=${type === "Data" ? "text" : "textarea"} value=${value} onInput=${onChange} />`;
}

const words = (options) => options.split("\n").filter(Boolean).map((each) => ({ value: each, label: word(each) }));

/** What was entered, as the server takes it; a reason to pass over it goes instead. */
function given(missing, { entries, reason }) {
	return reason.trim() ? { override_reason: reason } : { values: enteredOf(missing, entries) };
}

/** What was entered, by field. */
export function enteredOf(missing, entries) {
	const fields = missing.filter((field) => ![undefined, null, ""].includes(entries[field.fieldname]));
	return Object.assign({}, ...fields.map((field) => stored(field, entries[field.fieldname])));
}

function stored({ fieldname, type, options }, value) {
	if (NUMBERS.includes(type)) return { [fieldname]: Number(value) };
	if (type === "Datetime") return { [fieldname]: toSite(`${value.replace("T", " ")}:00`) };
	if (type === "Text Editor") return { [fieldname]: markupOf(value) };
	if (type === "Link") return { [fieldname]: value.name };
	if (type === "Dynamic Link") return { [options]: value.doctype, [fieldname]: value.name };
	return { [fieldname]: value };
}

/** Lines of plain text as paragraphs of a field that holds markup. */
function markupOf(text) {
	const paragraphs = text.split("\n").map((line) => Object.assign(document.createElement("p"), { textContent: line }));
	return paragraphs.map((paragraph) => paragraph.outerHTML).join("");
}
