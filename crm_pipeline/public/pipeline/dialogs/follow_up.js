/** What came of a next contact, when it is to be instead, and what else was said: done, snooze, note, call. */

import { list, write } from "../api.js";
import { __ } from "../boot.js";
import { move, settle } from "../moves.js";
import { clock, isPastMoment, isToday, momentWithin } from "../values.js";
import { html, useEffect, useState } from "../vendor/preact.js";
import { Check, DayChoice, dayChosen, Entry, hourOf, momentOf } from "./fields.js";
import { Dialog, useDraft } from "./frame.js";

const SOON = ["tomorrow", "days", "week", "month", "other"];

const hour = (card) => hourOf(card.next_contact_date && clock(card.next_contact_date));

export function Done({ card }) {
	const initial = { outcome: "", isCall: false, next: dayChosen("week", hour(card)), toDiscuss: "" };
	const { values, set, drop } = useDraft(`done ${card.name}`, initial);
	const send = async () => {
		const next = momentOf(values.next);
		const following = next ? { next_contact_date: next, to_discuss: values.toDiscuss || undefined } : {};
		const args = { outcome: values.outcome, medium: values.isCall ? "Phone" : undefined, ...following, due: card.next_contact_date };
		await move(card, "complete_follow_up", args, { saying: next ? __("Follow-up Done: {0}. Next contact {1}", [card.title, momentWithin(next)]) : __("Follow-up Done: {0}", [card.title]), change: { next_contact_date: next || null }, throws: true });
		drop();
	};
	const hint = card.waiting_for === "Us" ? __("They wait for a reply: a call is one.") : __("Counts as contact with the customer.");
	return html`<${Dialog} title=${__("Follow-up Done: {0}", [card.title])} about=${useDue(card)} submit=${__("Done")} onSubmit=${send}>
		<${Entry} label=${__("Outcome")} type="textarea" value=${values.outcome} onInput=${(outcome) => set({ outcome })} required />
		<${Check} label=${__("It was a call")} hint=${hint} checked=${values.isCall} onChange=${(isCall) => set({ isCall })} />
		<${Next} card=${card} values=${values} set=${set} />
	<//>`;
}

export function Snooze({ card }) {
	const { values, set, drop } = useDraft(`snooze ${card.name}`, { next: dayChosen("tomorrow", hour(card)) });
	const send = async () => {
		const until = momentOf(values.next);
		const saying = __("{0} is postponed to {1}", [card.title, momentWithin(until)]);
		await move(card, "snooze_follow_up", { until, due: card.next_contact_date }, { saying, change: { next_contact_date: until }, throws: true });
		drop();
	};
	return html`<${Dialog} title=${__("Snooze: {0}", [card.title])} about=${useDue(card)} submit=${__("Snooze")} onSubmit=${send}>
		<${DayChoice} legend=${__("Next Contact")} choices=${SOON} value=${values.next} onChange=${(next) => set({ next })} hour=${hour(card)} />
	<//>`;
}

export const Note = ({ card }) => html`<${Activity} card=${card} kind="Note" title=${__("Note: {0}", [card.title])} label=${__("Note")} />`;
export const Call = ({ card }) => html`<${Activity} card=${card} kind="Call" title=${__("Call: {0}", [card.title])} label=${__("What was said")} />`;

/** Whether a call is the contact that is planned: taken for granted once its day has come. */
const isDue = (next) => Boolean(next) && (isPastMoment(next) || isToday(next));

function Activity({ card, kind, title, label }) {
	const initial = { text: "", next: dayChosen("none"), toDiscuss: "", completes: kind === "Call" && isDue(card.next_contact_date) };
	const { values, set, drop } = useDraft(`${kind} ${card.name}`, initial);
	const send = async () => {
		const saying = kind === "Call" ? __("Call saved: {0}", [card.title]) : __("Note saved: {0}", [card.title]);
		settle(card.name, await write("crm_pipeline.api.activities.add_activity", activityArgs(card, kind, values)), saying);
		drop();
	};
	const hint = card.next_contact_date && dueWords(card);
	return html`<${Dialog} title=${title} about=${card.customer_name} submit=${__("Save")} onSubmit=${send} isReady=${Boolean(values.text.trim())}>
		<${Entry} label=${label} type="textarea" value=${values.text} onInput=${(text) => set({ text })} required />
		${hint && html`<${Check} label=${__("The follow-up is done with it")} hint=${hint} checked=${values.completes} onChange=${(completes) => set({ completes })} />`}
		<${Next} card=${card} values=${values} set=${set} none=${hint && !values.completes ? __("Stays as it is") : undefined} />
	<//>`;
}

function activityArgs(card, kind, values) {
	const next = momentOf(values.next);
	const following = next ? { next_contact_date: next, to_discuss: values.toDiscuss || undefined } : {};
	const due = values.completes ? card.next_contact_date : undefined;
	return { opportunity: card.name, kind, text: values.text, ...following, due, request_id: values.request_id };
}

/** When the next contact is, and what about. */
function Next({ card, values, set, none }) {
	return html`
		<${DayChoice} legend=${__("Next Contact")} choices=${["none", ...SOON]} value=${values.next} onChange=${(next) => set({ next })} hour=${hour(card)} none=${none} />
		${values.next.when !== "none" &&
		html`<${Entry} label=${__("To Discuss")} type="textarea" rows="2" value=${values.toDiscuss} onInput=${(toDiscuss) => set({ toDiscuss })} />`}
	`;
}

const dueWords = ({ next_contact_date: due }) => (isPastMoment(due) ? __("Overdue since {0}", [momentWithin(due)]) : __("Due {0}", [momentWithin(due)]));

/** When the contact is due, and what it is about as soon as that is known. */
function useDue(card) {
	const [about, setAbout] = useState("");
	useEffect(() => {
		const args = { filters: { name: card.name }, fields: ["to_discuss"], limit_page_length: 1 };
		list("Opportunity", args).then(([row]) => setAbout(row?.to_discuss || ""), () => setAbout("")); // a hint, which may be missing
	}, [card.name]);
	return [dueWords(card), about].filter(Boolean).join(" · ");
}
