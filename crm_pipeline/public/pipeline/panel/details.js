/** The fields of the opportunity by what they are about, its people, and how it has got on. */

import { open } from "../address.js";
import { __, word } from "../boot.js";
import { currency } from "../store.js";
import { day, days, isPastDay, isPastMoment, money, number } from "../values.js";
import { html } from "../vendor/preact.js";
import { Copy } from "./copy.js";
import { Field } from "./fields.js";
import { isInPlay } from "../actions.js";

const GROUPS = () => [
	[__("Opportunity"), ["currency", "source", "opportunity_type", "campaign", "sales_process", "transaction_date", "competitors"]],
	[__("Requirement"), ["customer_need", "proposed_solution"]],
	[__("Contact"), ["contact_person", "contact_email", "contact_mobile", "territory", "country"]],
	[__("Pause"), ["paused_until", "pause_reason"]],
	[__("Outcome"), ["closed_on", "close_revenue", "close_revenue_currency", "lost_reasons", "order_lost_reason"]],
];
const AT_THE_TOP = ["title", "opportunity_amount", "expected_closing", "probability", "opportunity_owner", "next_contact_date", "next_contact_by", "to_discuss", "status", "sales_stage", "opportunity_from", "party_name", "customer_name", "company_name"];

/** What matters at a glance: what comes next, when it closes and how likely that is. */
export function Facts({ record }) {
	const { doc } = record.panel.value;
	const isOpen = isInPlay(doc);
	return html`<dl class="facts-grid">
		${isOpen && html`<${Field} record=${record} name="next_contact_date" isLate=${doc.next_contact_date && isPastMoment(doc.next_contact_date)} empty=${__("Nothing planned")} />`}
		${isOpen && html`<${Field} record=${record} name="next_contact_by" />`}
		<${Field} record=${record} name="expected_closing" isLate=${isOpen && doc.expected_closing && isPastDay(doc.expected_closing)} empty=${__("Not set")} />
		<${Field} record=${record} name="probability" />
		${isOpen && html`<${Field} record=${record} name="to_discuss" />`}
	</dl>`;
}

export function Details({ record, onWrite }) {
	const about = record.panel.value;
	const isShown = (name) => about.doc[name] !== undefined && about.fields[name];
	const grouped = new Set([...AT_THE_TOP, ...GROUPS().flatMap(([, names]) => names)]);
	const others = Object.keys(about.fields).filter((name) => !grouped.has(name) && about.fields[name].editable);
	const groups = [...GROUPS(), [__("More information"), others]]
		.map(([title, names]) => [title, names.filter(isShown)])
		.filter(([title, names]) => names.length && isMeant(title, about.doc));
	return html`
		${groups.map(
			([title, names]) => html`<section class="details" key=${title}>
				<h3>${title}</h3>
				<dl class="facts-grid">${names.map((name) => html`<${Field} key=${name} record=${record} name=${name} />`)}</dl>
			</section>`,
		)}
		<${Contacts} contacts=${about.contacts} onWrite=${onWrite} />
		<${Party} party=${about.party} />
		<${Progress} progress=${about.progress} />
	`;
}

/** How it ended and how long it rests are shown once it has and does. */
function isMeant(title, doc) {
	if (title === __("Outcome")) return !isInPlay(doc);
	return title !== __("Pause") || doc.status === "Paused";
}

function Contacts({ contacts, onWrite }) {
	if (!contacts.length) return null;
	return html`<section class="contacts"><h3>${__("Contacts")}</h3>
		<ul>${contacts.map(
			({ name, full_name, email, phone }) => html`<li key=${name}>
				<strong dir="auto">${full_name || name}</strong>
				${phone && html`<a href="tel:${phone.replace(/[^+\d]/g, "")}">${phone}</a><${Copy} text=${phone} />`}
				${email && html`<a href="mailto:${encodeURIComponent(email)}" dir="auto">${email}</a><${Copy} text=${email} />`}
				${email && html`<button type="button" class="link" onClick=${() => onWrite(email)}>${__("Write a mail")}</button>`}
			</li>`,
		)}</ul>
	</section>`;
}

/** What else there was with the party. */
function Party({ party }) {
	if (!party?.name) return null;
	const numbers = [[__("Open"), party.open], [__("Won"), party.won], [__("Lost"), party.lost]];
	return html`<section class="history"><h3>${__("History with this party")}</h3>
		<p class="counts">${numbers.map(([label, count]) => html`<span><strong>${number(count || 0)}</strong> ${label}</span>`)}</p>
		${party.rows.length > 0 &&
		html`<ul>${party.rows.map(
			(row) => html`<li key=${row.name}>
				<a href="#${encodeURIComponent(row.name)}" dir="auto" onClick=${(event) => follow(event, row.name)}>${row.title || row.name}</a>
				<span class="quiet">${[word(row.status), amountOf(row), row.closed_on ? day(row.closed_on) : word(row.sales_stage)].filter(Boolean).join(" · ")}</span>
			</li>`,
		)}</ul>`}
	</section>`;
}

function amountOf(row) {
	return row.value === undefined || row.value === null ? "" : money(row.value, currency.value);
}

function follow(event, name) {
	if (event.ctrlKey || event.metaKey || event.shiftKey) return; // opened beside this page
	event.preventDefault();
	open(name);
}

function Progress({ progress }) {
	if (!progress) return null;
	const rows = [
		[__("In this stage"), progress.days_in_stage === null ? "–" : days(progress.days_in_stage)],
		[__("In all"), days(progress.total_days || 0)],
		[__("Closing Postponed"), putOff(progress)],
	];
	return html`<section class="progress"><h3>${__("Progress")}</h3>
		<dl class="facts-grid">${rows.map(([label, value]) => html`<div class="field" key=${label}><dt>${label}</dt><dd><span class="shown">${value}</span></dd></div>`)}</dl>
	</section>`;
}

function putOff({ closing_pushed: times, closing_pushed_days: by }) {
	if (!times) return __("never");
	return times === 1 ? __("once, {0}", [days(by)]) : __("{0} times, {1}", [times, days(by)]);
}
