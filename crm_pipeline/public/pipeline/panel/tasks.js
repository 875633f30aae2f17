/** The open tasks of an opportunity: finished with a click, added with a line. */

import { show } from "../address.js";
import { idOf, write } from "../api.js";
import { __, boot } from "../boot.js";
import { refused, settle } from "../moves.js";
import { personOf } from "../store.js";
import { day } from "../values.js";
import { html, useRef, useState } from "../vendor/preact.js";
import { isNarrow } from "../window_size.js";
import { peopleOptions, useChoices } from "../dialogs/choices.js";
import { fieldDraft } from "./drafts.js";
import { useSending } from "../dialogs/sending.js";

const DRAFT = "task";

export function Tasks({ record }) {
	const { tasks, may_write: mayWrite } = record.panel.value;
	if (!tasks.length && !mayWrite) return null;
	return html`<section class="tasks" aria-label=${__("Tasks")}>
		<h3>${__("Tasks")} <button type="button" class="link" onClick=${() => showAll(record.name)}>${__("All Activities")}</button></h3>
		${tasks.length > 0 && html`<ul>${tasks.map((task) => html`<${Task} key=${task.name} record=${record} task=${task} />`)}</ul>`}
		${mayWrite > 0 && html`<${NewTask} record=${record} />`}
	</section>`;
}

/** The list of activities, where those of this opportunity are marked; on a phone it takes the place of the panel. */
const showAll = (name) => show({ view: "activities", kind: "", due: "", delegated: false, open: isNarrow.value ? "" : name });

function Task({ record, task }) {
	const [isDone, setDone] = useState(false);
	const finish = async (event) => {
		setDone(true);
		focusBeside(event.currentTarget);
		try {
			settle(record.name, await write("crm_pipeline.api.activities.finish_task", { task: task.name }));
		} catch (error) {
			setDone(false);
			refused(error, record.panel.value.card);
		}
	};
	const who = task.allocated_to && personOf(task.allocated_to);
	return html`<li>
		<label class="task ${isDone ? "done" : ""}">
			<input type="checkbox" checked=${isDone} disabled=${isDone} onChange=${finish} />
			<span dir="auto">${task.description}</span>
		</label>
		<span class="quiet">
			${task.date && html`<span class=${task.overdue ? "late" : ""}>${day(task.date)}${task.overdue ? html`<span class="sr-only"> ${__("Overdue")}</span>` : ""}</span>`}
			${who && html` <span dir="auto">${who}</span>`}
		</span>
	</li>`;
}

/** The task that is finished goes away; the focus goes on to the next one, or to where a new one is added. */
function focusBeside(box) {
	const controls = [...box.closest(".tasks").querySelectorAll("input:not(:disabled)")];
	controls[controls.indexOf(box) + 1]?.focus();
}

function NewTask({ record }) {
	const { values, set, drop } = useTaskDraft(record.name);
	const { isBusy, problem, send } = useSending();
	const request = useRef({});
	const byKey = (event) => {
		event.stopPropagation();
		if (event.key === "Escape") event.target.blur();
	};
	const add = (event) => {
		event.preventDefault();
		send(() => addTask(record.name, values, request.current).then(drop));
	};
	return html`<form class="new-task" onSubmit=${add} onKeyDown=${byKey} aria-busy=${isBusy}>
		<input type="text" dir="auto" required aria-label=${__("New Task")} placeholder=${__("New Task")} value=${values.description || ""} onInput=${(event) => set({ description: event.currentTarget.value })} />
		<input type="date" aria-label=${__("Due")} value=${values.date || ""} onInput=${(event) => set({ date: event.currentTarget.value })} />
		${values.description && html`<${Whose} value=${values.allocated_to || ""} onChange=${(user) => set({ allocated_to: user })} />`}
		<button type="submit" class="button small" disabled=${isBusy}>${__("Add")}</button>
		<div role="alert">${problem && html`<p class="field-problem" dir="auto">${problem}</p>`}</div>
	</form>`;
}

/** Who has to do it; who that may be is asked for when a task is begun. */
function Whose({ value, onChange }) {
	const others = peopleOptions(useChoices().owners.filter(({ user }) => user !== boot.user));
	return html`<select aria-label=${__("Whose Task")} onChange=${(event) => onChange(event.currentTarget.value)}>
		<option value="" selected=${!value}>${__("For myself")}</option>
		${others.map((each) => html`<option key=${each.value} value=${each.value} selected=${each.value === value}>${__("For {0}", [each.label])}</option>`)}
	</select>`;
}

export async function addTask(opportunity, { description, date, allocated_to: whose }, request) {
	const args = { opportunity, description, date: date || undefined, allocated_to: whose || undefined };
	settle(opportunity, await write("crm_pipeline.api.activities.add_task", { ...args, request_id: idOf(request, args) }));
	request.body = null;
}

function useTaskDraft(name) {
	const [values, setValues] = useState(fieldDraft.get(name, DRAFT) || {});
	const set = (part) => {
		const next = { ...values, ...part };
		fieldDraft.keep(name, DRAFT, next);
		setValues(next);
	};
	const drop = () => {
		fieldDraft.drop(name, DRAFT);
		setValues({});
	};
	return { values, set, drop };
}
