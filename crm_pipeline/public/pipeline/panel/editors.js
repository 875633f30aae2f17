/** The control that a field's type asks for. It holds text (of a table names), as field_values.js makes it. */

import { __, boot, word } from "../boot.js";
import { RecordPicker } from "../dialogs/fields.js";
import { html, useId, useRef } from "../vendor/preact.js";
import { isListed, useOptions, withStored } from "./choices.js";
import { isLong, isNumber, isRich, partyIn, partyText } from "./field_values.js";

const INPUTS = { Date: "date", Datetime: "datetime-local" };
const LINKS = { "Competitor Detail": "Competitor", "Lost Reason Detail": "Lost Reason" }; // what rows of a table name
const KEYBOARDS = { Email: "email", Phone: "tel", URL: "url" };

/**
 * @param {object} props
 * @param {object} props.spec `type` and `options` of the field
 * @param {string|string[]} props.text what it holds
 * @param {(text: string|string[], isChosen: boolean) => void} props.onEntry `isChosen` when a choice was made that needs no *Save*
 * @param {object} props.attributes `id`, `aria-label`, `aria-invalid`, `aria-describedby` … of the control
 */
export function Editor({ spec, text, onEntry, attributes }) {
	const { type, options } = spec;
	if (type === "Check") return html`<${Check} text=${text} onEntry=${onEntry} attributes=${attributes} />`;
	if (type === "Table MultiSelect") return html`<${Many} spec=${spec} text=${text} onEntry=${onEntry} attributes=${attributes} />`;
	if (type === "Dynamic Link" || (type === "Link" && !isListed(options))) return html`<${Search} spec=${spec} text=${text} onEntry=${onEntry} attributes=${attributes} />`;
	if (type === "Link" || type === "Select") return html`<${Choice} spec=${spec} text=${text} onEntry=${onEntry} attributes=${attributes} />`;
	const write = (event) => onEntry(event.currentTarget.value, false);
	if (isLong(type)) return html`<textarea ...${attributes} dir="auto" rows=${isRich(type) ? 6 : 3} value=${text} onInput=${write} />`;
	const kind = INPUTS[type] || "text";
	const keyboard = isNumber(type) ? "decimal" : KEYBOARDS[options];
	return html`<input ...${attributes} type=${kind} inputmode=${keyboard} dir=${kind === "text" && !isNumber(type) ? "auto" : undefined}
		autocomplete="off" value=${text} onInput=${write} />`;
}

/** The control with the field's name above it, as forms have it. */
export function LabelledEditor({ spec, text, onEntry }) {
	const id = useId();
	return html`<div class="entry">
		<label for=${id} dir="auto">${spec.label}</label>
		<${Editor} spec=${spec} text=${text} attributes=${{ id, "aria-label": spec.label }} onEntry=${onEntry} />
	</div>`;
}

function Check({ text, onEntry, attributes }) {
	return html`<input ...${attributes} type="checkbox" checked=${Boolean(text)} onChange=${(event) => onEntry(event.currentTarget.checked ? "1" : "", true)} />`;
}

/** A select that saves what the pointer chooses; arrow keys go through the choices without saving each. */
function Choice({ spec, text, onEntry, attributes }) {
	const byPointer = useRef(false);
	const choices = useOptions(spec.options);
	const offered = spec.type === "Link" ? choices : wordsOf(spec);
	return html`<select ...${attributes} value=${text}
		onPointerDown=${() => (byPointer.current = true)}
		onKeyDown=${() => (byPointer.current = false)}
		onChange=${(event) => onEntry(event.currentTarget.value, byPointer.current)}>
		${withStored(offered, text).map(({ value, label }) => html`<option key=${value} value=${value} selected=${value === text}>${label}</option>`)}
	</select>`;
}

function wordsOf({ options }) {
	return options.split("\n").filter(Boolean).map((value) => ({ value, label: word(value) }));
}

/** A search for a record; a party is known by its DocType and its name. */
function Search({ spec, text, onEntry, attributes }) {
	const isParty = spec.type === "Dynamic Link";
	const [doctype, name] = isParty ? partyIn(text) : [spec.options, text];
	const value = name ? { doctype, name, label: name } : null;
	const choose = (record, isChosen = false) => onEntry(record && isParty ? partyText(record.doctype, record.name) : (record?.name || ""), isChosen);
	const { "aria-label": label, disabled } = attributes;
	return html`<${RecordPicker} label=${html`<span class="sr-only">${label}</span>`} disabled=${disabled} doctypes=${isParty ? Object.keys(boot.party_types) : [doctype]} value=${value} onChange=${(record) => choose(record)} onTake=${(record) => choose(record, true)} />`;
}

/** Several of the names that a table links to, as buttons. */
function Many({ spec, text, onEntry, attributes }) {
	const offered = useOptions(LINKS[spec.options]);
	const known = new Set(offered.map((each) => each.value));
	const all = [...text.filter((name) => !known.has(name)).map((name) => ({ value: name, label: word(name) })), ...offered];
	const toggle = (value) => onEntry(text.includes(value) ? text.filter((each) => each !== value) : [...text, value], false);
	return html`<div class="many" role="group" aria-label=${attributes["aria-label"]}>
		${all.map(
			({ value, label }) => html`<button key=${value} type="button" class="choice" dir="auto" aria-pressed=${text.includes(value)} onClick=${() => toggle(value)}>${label}</button>`,
		)}
		${!all.length && html`<p class="quiet">${__("There is nothing to choose.")}</p>`}
	</div>`;
}
