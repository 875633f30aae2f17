/** The cells of the list that are changed in place. */

import { shown } from "./address.js";
import { __, boot, word } from "./boot.js";
import { moveToStage, refused, setValues } from "./moves.js";
import { columns } from "./store.js";
import { day, isPastDay } from "./values.js";
import { html, useLayoutEffect, useRef, useState } from "./vendor/preact.js";

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

/** The day is read as everywhere, and edited as the browser edits dates. */
export function Closing({ card, isEntry }) {
	const [isEdited, setEdited] = useState(false);
	const node = useRef();
	const wasEdited = useRef(false);
	useLayoutEffect(() => {
		if (isEdited || (wasEdited.current && document.activeElement === document.body)) node.current.focus();
		wasEdited.current = isEdited;
	}, [isEdited]);
	const text = card.expected_closing ? day(card.expected_closing) : "–";
	const isLate = card.expected_closing && isPastDay(card.expected_closing);
	if (!boot.may_write) return html`<span class="cell-closing">${text}</span>`;
	const label = __("Expected closing of {0}", [card.title]);
	if (isEdited) return html`<${ClosingEditor} node=${node} card=${card} label=${label} onDone=${() => setEdited(false)} />`;
	return html`<button ref=${node} type="button" class="cell-closing ${isLate ? "late" : ""}" tabindex=${isEntry ? 0 : -1} aria-label=${`${label}: ${text}`} onClick=${() => setEdited(true)}>${text}</button>`;
}

function ClosingEditor({ node, card, label, onDone }) {
	const stored = card.expected_closing || null;
	const save = async (event) => {
		const value = event.target.value || null;
		onDone();
		if (value === stored) return;
		try {
			await setValues(card, { expected_closing: value }, { expected_closing: stored });
		} catch (error) {
			refused(error, card);
		}
	};
	const byKey = (event) => {
		if (event.key === "Escape") event.target.value = stored || "";
		else if (event.key !== "Enter") return;
		event.preventDefault(); // the key is not meant for what gets the focus
		event.target.blur();
	};
	return html`<input ref=${node} type="date" class="cell-closing" aria-label=${label} value=${stored || ""} onBlur=${save} onKeyDown=${byKey} />`;
}
