/** A mail written in the composer: to whom, with which template and what attached. */

import { read, upload, write } from "../api.js";
import { __, boot } from "../boot.js";
import { useChoices } from "../dialogs/choices.js";
import { move, settle } from "../moves.js";
import { say } from "../notices.js";
import { momentWithin, now } from "../values.js";
import { html, useEffect, useId, useRef, useState } from "../vendor/preact.js";
import { markup, plain } from "./field_values.js";
import { wordsOf } from "../dialogs/sending.js";

const MAKE = "frappe.core.doctype.communication.email.make";
const files = new Map(); // by opportunity; files cannot be kept longer than the page

/** What goes with a mail beside its text, filled in from the server once a mail is begun. */
export function useMail(record, draft, change) {
	const [attached, setAttached] = useState(files.get(record.name) ?? []);
	const [problem, setProblem] = useState("");
	const attempt = useRef("");
	const attach = (list) => {
		files.set(record.name, list);
		setAttached(list);
	};
	const fill = async (template) => {
		try {
			const answer = await read("crm_pipeline.api.activities.get_mail_draft", { opportunity: record.name, template });
			change((newest) => filledIn(newest, answer, template));
			setProblem("");
		} catch (error) {
			setProblem(wordsOf(error));
		}
	};
	const isBegun = boot.may_mail && draft.kind === "Email" && draft.recipients === undefined;
	useEffect(() => {
		if (isBegun) fill();
	}, [isBegun]);
	return { attached, attach, fill, problem, attempt, reset: () => attach([]) };
}

/** A template takes the place of what a template had put there; what was typed stays above it. */
function filledIn(draft, answer, template) {
	const part = { recipients: draft.recipients ?? answer.recipients ?? "", subject: draft.subject || answer.subject || "" };
	if (!template) return part;
	const text = plain(answer.content ?? "");
	const typed = draft.text && draft.text !== draft.templateText ? `${draft.text}\n\n` : "";
	return { ...part, subject: answer.subject || part.subject, template, text: typed + text, templateText: text, templateMarkup: answer.content ?? "" };
}

/** Why nothing can be sent; whoever may set up an account is led to where that is done. */
export function NoAccount() {
	return html`<p class="quiet">${__("No outgoing mail account is set up yet.")} ${boot.mail_accounts && html`<a href=${boot.mail_accounts}>${__("Set up an Email Account")}</a>`}</p>`;
}

/** @param {string} problem what the server refused: the line whose address it names is marked */
export function MailHead({ draft, onDraft, mail, problem }) {
	const id = useId();
	const { email_templates: templates } = useChoices();
	const line = (key, label, more = {}) => html`<div class="mail-line">
		<label for="${id}${key}">${label}</label>
		<input id="${id}${key}" type="text" aria-invalid=${isNamed(draft[key], problem)} dir="auto" autocomplete="off" value=${draft[key] ?? ""} ...${more} onInput=${(event) => onDraft({ [key]: event.currentTarget.value })} />
	</div>`;
	return html`<div class="mail-head">
		${line("recipients", __("To"), { required: true, inputmode: "email" })}
		${line("cc", __("Copy to"), { inputmode: "email" })}
		${line("subject", __("Subject"), { required: true })}
		<div class="mail-line">
			${templates.length > 0 &&
			html`<label for="${id}template">${__("Template")}</label>
				<select id="${id}template" value=${draft.template ?? ""} onChange=${(event) => event.currentTarget.value && mail.fill(event.currentTarget.value)}>
					<option value="">–</option>
					${templates.map((name) => html`<option key=${name} value=${name} selected=${name === draft.template}>${name}</option>`)}
				</select>`}
			<label class="button small attach"><svg aria-hidden="true"><use href="#icon-attach" /></svg>${__("Attach")}
				<input class="sr-only" type="file" multiple onChange=${(event) => take(event.currentTarget, mail)} /></label>
		</div>
		${mail.attached.length > 0 && html`<${Attached} mail=${mail} />`}
		<div role="alert">${mail.problem && html`<p class="field-problem" dir="auto">${mail.problem}</p>`}</div>
	</div>`;
}

const isNamed = (addresses = "", problem) => addresses.split(",").some((each) => each.trim() && problem.includes(each.trim()));

function take(input, mail) {
	mail.attach([...mail.attached, ...[...input.files].map((file) => ({ file }))]);
	input.value = "";
}

function Attached({ mail }) {
	const without = (gone) => mail.attach(mail.attached.filter((each) => each !== gone));
	return html`<ul class="attached">
		${mail.attached.map(
			(each) => html`<li><span dir="auto">${each.file.name}</span>
				<button type="button" class="icon-button" aria-label=${__("Remove {0}", [each.file.name])} onClick=${() => without(each)}><svg aria-hidden="true"><use href="#icon-close" /></svg></button></li>`,
		)}
	</ul>`;
}

/**
 * Send the mail, then write what follows from it.
 *
 * Frappe's own method knows no ids of requests: after an answer that was lost, the timeline says whether the mail went out.
 *
 * @param {object} plan `due` of the contact that the mail completes, `next_contact_date`, `to_discuss`
 */
export async function sendMail(record, draft, mail, plan) {
	const { card } = record.panel.value;
	if (!(mail.attempt.current && (await wentOut(record, draft, mail.attempt.current)))) {
		for (const each of mail.attached) each.name ??= (await upload(each.file, record.name)).name;
		mail.attempt.current = now();
		await write(MAKE, mailOf(record.name, draft, mail.attached));
	}
	mail.attempt.current = "";
	settle(card.name, {});
	await follow(record, draft, plan);
}

function mailOf(name, draft, attached) {
	const isTemplate = draft.templateMarkup && draft.text === draft.templateText;
	return {
		doctype: "Opportunity",
		name,
		recipients: draft.recipients,
		cc: draft.cc || undefined,
		subject: draft.subject,
		content: isTemplate ? draft.templateMarkup : markup(draft.text),
		email_template: draft.template,
		communication_medium: "Email",
		sent_or_received: "Sent",
		send_email: 1,
		attachments: attached.length ? JSON.stringify(attached.map((each) => each.name)) : undefined,
	};
}

async function wentOut(record, { subject }, since) {
	const { rows } = await read("crm_pipeline.api.panel.get_timeline", { opportunity: record.name });
	return rows.some((row) => row.own && row.kind === "Email" && row.subject === subject && row.at >= since);
}

/** What follows is a move of its own: it says what it did, which can be undone and the mail cannot, or why it did not. */
async function follow(record, draft, { due, ...next }) {
	const { card, doc } = record.panel.value;
	const saying = __("Mail sent");
	if (due) return move(card, "complete_follow_up", { outcome: __("Mail: {0}", [draft.subject]), due, ...next }, { saying: `${saying}. ${__("Follow-up Done: {0}", [card.title])}` });
	if (!next.next_contact_date) return say(saying);
	const before = Object.fromEntries(Object.keys(next).map((field) => [field, doc[field] ?? null]));
	return move(card, "set_values", { values: next, from_values: before }, { saying: `${saying}. ${__("Next Contact Date")}: ${momentWithin(next.next_contact_date)}` });
}
