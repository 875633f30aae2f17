/** What a stage asks for, filled in where it is asked and sent together with the move. */

import { __ } from "../boot.js";
import { isField } from "../dialogs/requirements.js";
import { html, useEffect, useId, useRef, useState } from "../vendor/preact.js";
import { fieldDraft } from "./drafts.js";
import { LabelledEditor } from "./editors.js";
import { textOf, valuesOf } from "./field_values.js";
import { useSending } from "./sending.js";
import { moveTo } from "./stage_move.js";

export function Requirements({ record, stage, message, onDone }) {
	const form = useRef(null);
	const about = record.panel.value;
	const { entries, others, texts, write } = useEntries(record, stage);
	const [reason, setReason] = useState("");
	const { isBusy, problem, send } = useSending(message);
	useEffect(() => form.current.querySelector("input, select, textarea, button")?.focus(), []);

	async function work() {
		await moveTo(about, stage, argumentsOf(about, entries, texts, reason));
		for (const { fieldname } of entries) fieldDraft.drop(record.name, fieldname);
		onDone();
	}
	const submit = (event) => {
		event.preventDefault();
		send(work, (error) => error.kind === "StateGone" && record.load());
	};
	const byKey = (event) => {
		event.stopPropagation();
		if (event.key === "Escape") onDone();
	};
	return html`<form class="requirements" ref=${form} onSubmit=${submit} onKeyDown=${byKey} aria-busy=${isBusy}>
		<h3 dir="auto">${__("For {0}", [stage.label])}</h3>
		<div role="alert">${problem && html`<p class="field-problem" dir="auto">${problem}</p>`}</div>
		<fieldset disabled=${isBusy}>
			${entries.map((spec) => html`<${LabelledEditor} key=${spec.fieldname} spec=${spec} text=${texts[spec.fieldname]} onEntry=${(text) => write(spec, text)} />`)}
			${others.map((each) => html`<p class="missing" dir="auto">${each.label}</p>`)}
			${about.may_override > 0 && html`<${Override} isNeeded=${others.length > 0} reason=${reason} onReason=${setReason} />`}
		</fieldset>
		<footer>
			<button type="submit" class="button primary" disabled=${isBusy}>${__("Move to {0}", [stage.label])}</button>
			<button type="button" class="button" onClick=${onDone}>${__("Cancel")}</button>
		</footer>
	</form>`;
}

/** The fields that are asked for and what is typed into them, drafts included; and what no field of the form can meet. */
function useEntries(record, stage) {
	const { doc } = record.panel.value;
	const entries = stage.requirements.filter((each) => isField(each) && !each.met);
	const others = stage.requirements.filter((each) => !each.met && !entries.includes(each));
	const [written, setWritten] = useState({});
	const stored = (spec) => fieldDraft.get(record.name, spec.fieldname) ?? textOf(doc[spec.fieldname], spec, doc);
	const texts = Object.fromEntries(entries.map((spec) => [spec.fieldname, written[spec.fieldname] ?? stored(spec)]));
	const write = (spec, text) => {
		fieldDraft.keep(record.name, spec.fieldname, text);
		setWritten({ ...written, [spec.fieldname]: text });
	};
	return { entries, others, texts, write };
}

function argumentsOf({ doc }, entries, texts, reason) {
	const changed = entries.filter((spec) => String(texts[spec.fieldname]) !== String(textOf(doc[spec.fieldname], spec, doc)));
	const values = Object.assign({}, ...changed.map((spec) => valuesOf(spec.fieldname, texts[spec.fieldname], spec)));
	return { ...(changed.length ? { values } : {}), ...(reason.trim() ? { override_reason: reason.trim() } : {}) };
}

/** Who may move in spite of what is missing says why. */
function Override({ isNeeded, reason, onReason }) {
	const id = useId();
	return html`<details class="override" open=${isNeeded}>
		<summary>${__("Move without it")}</summary>
		<label for=${id}>${__("Reason")}</label>
		<input id=${id} type="text" dir="auto" value=${reason} onInput=${(event) => onReason(event.currentTarget.value)} />
	</details>`;
}
