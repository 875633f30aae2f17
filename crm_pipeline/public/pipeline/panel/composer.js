/** Where what was said is noted and mails are written; always open, and what stands in it outlives the page. */

import { idOf, write } from "../api.js";
import { __, boot } from "../boot.js";
import { draftWanted, settle } from "../moves.js";
import { isPastMoment, isToday, momentWithin } from "../values.js";
import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { dropDraft, keepDraft, readDraft } from "./drafts.js";
import { MailHead, NoAccount, sendMail, useMail } from "./mail.js";
import { NextStep, nextContactOf } from "./next_step.js";
import { useSending } from "../dialogs/sending.js";
import { isInPlay } from "../actions.js";

const KINDS = [
	["Note", __("Note"), "note", __("What is worth knowing"), __("Note added")],
	["Call", __("Call"), "phone", __("What was said on the phone"), __("Call noted")],
	["Meeting", __("Meeting"), "people", __("What came of the meeting"), __("Meeting noted")],
	["Email", __("Mail"), "mail", __("What you write to them")],
];
export function Composer({ record }) {
	const form = useRef(null);
	const { draft, change, drop } = useDraft(record.name);
	const { isBusy, problem, send } = useSending();
	const request = useRef({});
	const mail = useMail(record, draft, change);
	const about = record.panel.value;
	const [kind, , , placeholder, saying] = KINDS.find(([each]) => each === draft.kind) ?? KINDS[0];
	useWanted(record.name, change, form);

	async function work() {
		await (kind === "Email" ? sendMail(record, draft, mail, planOf(draft, about.doc)) : note(record, kind, draft, request.current, saying));
		drop();
		mail.reset();
	}
	const submit = (event) => {
		event.preventDefault();
		if (form.current.reportValidity()) send(work, (error) => error.kind?.startsWith("FollowUp") && record.load());
	};
	const byKey = (event) => {
		event.stopPropagation(); // the keys of the board do not mean what is typed here
		if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit(event);
		else if (event.key === "Escape") event.target.blur();
	};
	return html`<form class="composer" ref=${form} aria-label=${__("Note what was said")} aria-busy=${isBusy} onSubmit=${submit} onKeyDown=${byKey}>
		<${Kinds} kind=${kind} onKind=${(chosen) => change({ kind: chosen })} />
		${kind === "Email" && !boot.may_mail ? html`<${NoAccount} />` : html`<fieldset disabled=${isBusy}>
			${kind === "Email" && html`<${MailHead} draft=${draft} onDraft=${change} mail=${mail} problem=${problem} />`}
			<textarea rows=${kind === "Email" ? 7 : 3} dir="auto" required aria-label=${placeholder} placeholder=${placeholder} value=${draft.text ?? ""}
				onInput=${(event) => change({ text: event.currentTarget.value })} />
			${about.doc.next_contact_date && html`<${Completes} doc=${about.doc} draft=${draft} onDraft=${change} />`}
			<div class="composer-end">
				${isInPlay(about.doc) ? html`<${NextStep} draft=${draft} onDraft=${change} planned=${about.doc.next_contact_date} isKept=${Boolean(about.doc.next_contact_date) && !isCompleting(draft, about.doc)} />` : html`<span class="next-step" />`}
				<button type="submit" class="button primary" title=${__("Ctrl+Enter")}>${kind === "Email" ? __("Send") : __("Save")}</button>
			</div>
		</fieldset>`}
		<div role="alert">${problem && html`<p class="field-problem" dir="auto">${problem}</p>`}</div>
	</form>`;
}

/** A click goes on to the text; with the arrows one is still choosing. */
const goOnTyping = ({ detail, currentTarget }) => detail > 0 && currentTarget.form.querySelector("textarea")?.focus();

function Kinds({ kind, onKind }) {
	return html`<div class="kinds" role="radiogroup" aria-label=${__("What it is")}>
		${KINDS.map(
			([each, label, icon]) => html`<label key=${each} class="choice">
				<input type="radio" name="composer-kind" value=${each} checked=${kind === each} onChange=${() => onKind(each)} onClick=${goOnTyping} />
				<svg aria-hidden="true"><use href="#icon-${icon}" /></svg>${label}
			</label>`,
		)}
	</div>`;
}

/** Whether what is noted was the contact that is planned: taken for granted once its day has come. */
const isCompleting = (draft, { next_contact_date: due }) => Boolean(due) && (draft.completes ?? (isPastMoment(due) || isToday(due)));

function Completes({ doc, draft, onDraft }) {
	return html`<label class="completes">
		<input type="checkbox" checked=${isCompleting(draft, doc)} onChange=${(event) => onDraft({ completes: event.currentTarget.checked })} />
		<span>${__("This was the next contact of {0}", [momentWithin(doc.next_contact_date)])}</span>
	</label>`;
}

/** What follows from it: the contact that it completes, and the next one. */
const planOf = (draft, doc) => ({ ...nextContactOf(draft), ...(isCompleting(draft, doc) ? { due: doc.next_contact_date } : {}) });

async function note(record, kind, draft, request, saying) {
	const { card, doc } = record.panel.value;
	const args = { opportunity: card.name, kind, text: draft.text, ...planOf(draft, doc) };
	const answer = await write("crm_pipeline.api.activities.add_activity", { ...args, request_id: idOf(request, args) });
	request.body = null;
	settle(card.name, answer, saying);
	record.adopt(answer.card);
}

function useDraft(name) {
	const [draft, setDraft] = useState(() => readDraft(name));
	const newest = useRef(draft);
	const put = (next) => {
		newest.current = next;
		setDraft(next);
	};
	/** @param {object|function} part what changes; of the newest draft where an answer has been waited for */
	const change = (part) => {
		put({ ...newest.current, ...(part.call ? part(newest.current) : part) });
		keepDraft(name, newest.current);
	};
	const drop = () => {
		put({ kind: newest.current.kind });
		dropDraft(name);
	};
	return { draft, change, drop };
}

function useWanted(name, change, form) {
	const asked = draftWanted.value;
	useEffect(() => {
		if (asked?.name !== name) return;
		draftWanted.value = null;
		change(asked.draft);
		form.current.querySelector("textarea")?.focus();
		form.current.scrollIntoView({ block: "nearest" });
	}, [asked]);
}
