/** The cells of the list that are changed in place. */

import { shown } from "./address.js";
import { __, boot, word } from "./boot.js";
import { wordsOf } from "./dialogs/sending.js";
import { moveToStage, setValues } from "./moves.js";
import { isNumber, shownValue, textOf, valuesOf } from "./panel/field_values.js";
import { columns, refreshSoon } from "./store.js";
import { html, useId, useLayoutEffect, useRef, useState } from "./vendor/preact.js";

/** The stage, changed in place where the board's process is that of the opportunity. */
export function Stage({ card, isEntry }) {
	const stages = columns.value || [];
	const isOfBoard = stages.some((column) => column.stage === card.sales_stage) && card.sales_process === shown.value.process;
	if (!boot.may_write || !isOfBoard) return html`<span class="cell-stage">${word(card.sales_stage)}</span>`;
	const move = (event) => {
		const column = stages.find((each) => each.stage === event.target.value);
		event.target.value = card.sales_stage; // until the server has said so
		moveToStage(card, column);
	};
	return html`<select class="cell-stage" tabindex=${isEntry ? 0 : -1} aria-label=${__("Stage of {0}", [card.title])} value=${card.sales_stage} onChange=${move}>
		${stages.map((column) => html`<option key=${column.stage} value=${column.stage}>${word(column.stage)}</option>`)}
	</select>`;
}

/**
 * A value that is read as everywhere, and edited as the browser edits such values.
 *
 * What was entered is shown at once; what is refused is there to be changed again, with the server's words.
 *
 * @param {object} props
 * @param {string} props.field of the opportunity
 * @param {string} props.type Frappe's name of its type
 * @param {string} props.input the browser's name of what edits it
 * @param {string} props.label what it is
 * @param {string} props.look classes of the cell
 * @param {object} props.children how it is read
 */
export function InPlace({ card, isEntry, field, type, input, label, look, children }) {
	const [entry, setEntry] = useState(null);
	const [entered, setEntered] = useState("");
	const node = useRef();
	const wasEdited = useRef(false);
	useLayoutEffect(() => {
		if ((entry || wasEdited.current) && document.activeElement === document.body) node.current.focus();
		wasEdited.current = Boolean(entry);
	}, [entry]);
	const isSum = field === "opportunity_amount" && card.with_items; // of its items
	if (!boot.may_write || card[field] === undefined || isSum) return html`<span class=${look}>${children}</span>`;
	const stored = textOf(card[field], { type }, card);
	const save = async (text) => {
		setEntry(null);
		if (text === undefined || text === stored) return;
		const values = valuesOf(field, text, { type });
		setEntered(isNumber(type) ? text : shownValue(values[field], { type }, card) || "–");
		try {
			await setValues(card, values, { [field]: card[field] }, __("Saved"), isNumber(type) ? null : values);
		} catch (error) {
			if (error.kind === "StateGone") refreshSoon();
			setEntry({ text, problem: wordsOf(error) });
		}
		setEntered("");
	};
	if (entry) return html`<${CellEditor} node=${node} entry=${entry} input=${input} label=${label} onDone=${save} />`;
	return html`<button ref=${node} type="button" class="in-place ${look}" tabindex=${isEntry ? 0 : -1} onClick=${() => setEntry({ text: stored })}><span class="sr-only">${label}: </span>${entered || children}</button>`;
}

/** Tells once what is entered; nothing where it is left as it was. */
function CellEditor({ node, entry: { text, problem }, input, label, onDone }) {
	const id = useId();
	const isDone = useRef(false);
	const done = (given) => {
		if (!isDone.current) onDone(given);
		isDone.current = true;
	};
	const byKey = (event) => {
		if (event.key !== "Escape" && (event.key !== "Enter" || event.isComposing)) return;
		event.preventDefault(); // the key is not meant for what gets the focus
		done(event.key === "Enter" ? event.target.value : undefined);
	};
	return html`<span class="cell-editor">
		<input ref=${node} type=${input} inputmode=${input === "text" ? "decimal" : undefined} aria-label=${label} aria-invalid=${Boolean(problem)} aria-describedby=${id} value=${text} onFocus=${(event) => event.target.select()} onBlur=${(event) => done(event.target.value === text ? undefined : event.target.value)} onKeyDown=${byKey} />
		<span id=${id} role="alert" dir="auto">${problem}</span>
	</span>`;
}
