/** A field of the opportunity: its label, its value, and the value edited in place. */

import { __ } from "../boot.js";
import { move } from "../moves.js";
import { html, useEffect, useId, useRef, useState } from "../vendor/preact.js";
import { fieldDraft } from "./drafts.js";
import { Editor } from "./editors.js";
import { isFormatted, isLong, isNumber, isRich, shownValue, textOf, valuesOf } from "./field_values.js";
import { useSending } from "../dialogs/sending.js";

/**
 * A field that shows nothing if the reader may not read it.
 *
 * @param {object} props
 * @param {object} props.record as createRecord makes it
 * @param {string} props.name of the field
 * @param {string} [props.empty] what stands there when it has no value
 * @param {boolean} [props.isBare] whether the label is for screen readers alone; then it belongs in no list of terms
 * @param {boolean} [props.isLate] whether its day has passed
 * @param {() => void} [props.onEdit] opens what edits it, where that is more than its control
 * @param {object} [props.children] how the value is shown, where that is not its text
 */
export function Field({ record, name, empty = "–", isBare, isLate, onEdit, children }) {
	const { fields, doc } = record.panel.value;
	const [isEdited, setEdited] = useState(false);
	const [pending, setPending] = useState(null);
	const spec = fields[name];
	const value = useRef(null);
	const wasEdited = useRef(false);
	useEffect(() => {
		if (wasEdited.current && !isEdited) value.current?.focus();
		wasEdited.current = isEdited;
	}, [isEdited]);
	if (!spec || doc[name] === undefined) return null;
	const stored = shownValue(doc[name], spec, doc);
	const shown = pending?.about === record.panel.value ? pending.shown : stored;
	const done = (text) => {
		const about = record.panel.value; // until it is read anew, what was typed is shown
		setEdited(false);
		if (text !== undefined) setPending({ about, shown: isNumber(spec.type) ? text : shownValue(valuesOf(name, text, spec)[name], spec, about.doc) });
	};
	const content = isEdited
		? html`<${FieldEditor} record=${record} name=${name} spec=${spec} onDone=${done} />`
		: html`<${FieldValue} node=${value} spec=${spec} shown=${shown} empty=${empty} isDraft=${fieldDraft.get(record.name, name) !== undefined}
				isEditable=${Boolean(spec.editable)} onEdit=${onEdit || (() => setEdited(true))}>${shown === stored && children}<//>`;
	const look = `field ${isLate ? "late" : ""} ${isEdited ? "edited" : ""}`;
	if (isBare) return html`<div class="${look} bare" data-field=${name} data-type=${spec.type}><span class="sr-only">${spec.label} </span>${content}</div>`;
	return html`<div class=${look} data-field=${name} data-type=${spec.type}><dt>${spec.label}</dt><dd>${content}</dd></div>`;
}

function FieldValue({ node, spec, shown, empty, isDraft, isEditable, onEdit, children }) {
	const text = children || shown || empty;
	if (!isEditable) return html`<span class="shown"><span class="text" dir="auto">${text}</span></span>`;
	const hint = isDraft ? __("{0}: {1}. Edit, there is a draft", [spec.label, shown || "–"]) : __("{0}: {1}. Edit", [spec.label, shown || "–"]);
	return html`<button ref=${node} type="button" class="shown editable ${shown ? "" : "none"} ${isDraft ? "draft" : ""}" aria-label=${hint} onClick=${onEdit}>
		<span class="text" dir="auto">${text}</span>
	</button>`;
}

function FieldEditor({ record, name, spec, onDone }) {
	const id = useId();
	const form = useRef(null);
	const saving = useSaving(record, name, spec, onDone);
	const { text, before, problem, isBusy } = saving;
	useEffect(() => begin(form.current), []);
	const byKey = (event) => {
		event.stopPropagation(); // the keys of the page do not mean what is typed here
		if (event.key === "Escape") saving.leave(event);
		else if (event.key === "Enter" && !event.isComposing && isMeant(event, spec.type)) saving.save(event);
	};
	const attributes = { "aria-label": spec.label, "aria-invalid": Boolean(problem), "aria-describedby": id, disabled: isBusy };
	return html`<form class="editor" ref=${form} onSubmit=${saving.save} onKeyDown=${byKey} aria-busy=${isBusy}>
		<${Editor} spec=${spec} text=${text} attributes=${attributes} onEntry=${saving.write} />
		<div class="editor-buttons">
			<button type="submit" class="icon-button save" aria-label=${__("Save")} title=${__("Save")} disabled=${isBusy}><svg aria-hidden="true"><use href="#icon-check" /></svg></button>
			<button type="button" class="icon-button" aria-label=${__("Cancel")} title=${__("Cancel")} onClick=${saving.leave}><svg aria-hidden="true"><use href="#icon-close" /></svg></button>
		</div>
		<div class="editor-notes" id=${id}>
			<div role="alert">${problem && html`<p class="field-problem" dir="auto">${problem}</p>`}</div>
			${saving.news && html`<p class="quiet" dir="auto">${__("Now it says: {0}", [saving.news])}</p>`}
			${saving.wasDraft && html`<p class="quiet">${__("Your draft.")} <button type="button" class="link" onClick=${saving.discard}>${__("Discard it")}</button></p>`}
			${isLong(spec.type) && html`<p class="quiet">${isRich(spec.type) ? __("Ctrl+Enter saves.") : __("Enter saves, Shift+Enter begins a line.")}</p>`}
			${isRich(spec.type) && isFormatted(before) && html`<p class="quiet warning">${__("Saving keeps the text and drops its formatting.")}</p>`}
		</div>
	</form>`;
}

/** What an editor holds, and its way to the server; what is left unsaved stays as a draft. */
function useSaving(record, name, spec, onDone) {
	const before = useRef(record.panel.value.doc); // what the reader saw
	const stored = () => textOf(before.current[name], spec, before.current);
	const draft = useRef(fieldDraft.get(record.name, name));
	const [text, setText] = useState(draft.current ?? stored());
	const [news, setNews] = useState("");
	const { isBusy, problem, send } = useSending();
	const isSame = (given) => String(given) === String(stored());

	async function store(given) {
		if (!isSame(given)) await saveField(record, name, spec, valuesOf(name, given, spec), before.current);
		fieldDraft.drop(record.name, name);
		onDone(given);
	}

	/** The refusal has told what is stored now: the next try starts from that. */
	async function refresh(error) {
		if (error.kind !== "StateGone") return;
		await record.load();
		before.current = record.panel.value.doc;
		setNews(shownValue(before.current[name], spec, before.current) || "–");
	}
	const put = (given) => send(() => store(given), refresh);

	function write(given, isChosen) {
		setText(given);
		fieldDraft[isSame(given) ? "drop" : "keep"](record.name, name, given);
		if (isChosen) put(given);
	}
	const save = (event) => {
		event.preventDefault();
		put(text);
	};
	const leave = (event) => {
		event.preventDefault();
		onDone();
	};
	const discard = () => {
		draft.current = undefined;
		write(stored(), false);
	};
	return { text, before: before.current[name], problem, news, isBusy, wasDraft: draft.current !== undefined, write, save, leave, discard };
}

/** Write one field; the card changes at once where the server takes the value as it is. */
function saveField(record, name, spec, values, before) {
	const change = isNumber(spec.type) || Array.isArray(values[name]) ? {} : values;
	const seen = Object.fromEntries(Object.keys(values).map((field) => [field, before[field] ?? null]));
	const args = { values, from_values: seen };
	return move(record.panel.value.card, "set_values", args, { saying: __("{0} saved", [spec.label]), change, throws: true });
}

/** Whether Enter saves, or belongs to the text. */
function isMeant(event, type) {
	if (event.target.tagName === "BUTTON") return false;
	return isRich(type) ? event.ctrlKey || event.metaKey : !event.shiftKey;
}

function begin(form) {
	const control = form.querySelector("input, textarea, select, button");
	control.focus();
	if (control.type === "text") control.select();
}
