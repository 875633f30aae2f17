/** Who and what the opportunity is, at the top of the panel. */

import { __, word } from "../boot.js";
import { ask } from "../moves.js";
import { currency } from "../store.js";
import { day, dayWithin, money } from "../values.js";
import { html } from "../vendor/preact.js";
import { Copy } from "./copy.js";
import { namesIn } from "./field_values.js";
import { Field } from "./fields.js";
import { isInPlay } from "../actions.js";

export function Head({ record }) {
	const about = record.panel.value;
	const { doc } = about;
	return html`<div class="panel-head">
		<div role="heading" aria-level="2" class="panel-title"><${Field} record=${record} name="title" isBare empty=${record.name} /></div>
		<${Party} record=${record} />
		<div class="worth-line">
			<${Field} record=${record} name="opportunity_amount" isBare empty=${__("No amount")} />
			<span class="status" data-status=${doc.status}><span class="sr-only">${__("Status")} </span>${word(doc.status)}</span>
			${doc.waiting_for === "Us" && isInPlay(doc) && html`<span class="status" data-status="waiting">${waiting(doc)}</span>`}
			<${Field} record=${record} name="opportunity_owner" isBare empty=${__("No owner")} onEdit=${() => ask("assign", about.card)} />
		</div>
		<${BaseAmount} doc=${doc} />
		${!isInPlay(doc) && html`<${Outcome} doc=${doc} />`}
		${doc.status === "Paused" && html`<p class="outcome" dir="auto">${__("Paused until {0}", [dayWithin(doc.paused_until)])}${doc.pause_reason ? ` · ${doc.pause_reason}` : ""}</p>`}
	</div>`;
}

function Party({ record }) {
	const { doc, contacts } = record.panel.value;
	const organization = doc.company_name && doc.company_name !== doc.customer_name ? doc.company_name : "";
	const first = contacts[0] || {};
	const [email, phone] = [doc.contact_email || first.email, doc.contact_mobile || first.phone];
	return html`<div class="party-line">
		<${Field} record=${record} name="party_name" isBare empty=${__("No party")}>${[doc.customer_name || doc.party_name, organization].filter(Boolean).join(" · ")}<//>
		${phone && html`<a class="icon-button" href="tel:${phone.replace(/[^+\d]/g, "")}" aria-label=${__("Call {0}", [phone])} title=${phone}><svg aria-hidden="true"><use href="#icon-phone" /></svg></a><${Copy} text=${phone} />`}
		${email && html`<a class="icon-button" href="mailto:${encodeURIComponent(email)}" aria-label=${__("Mail to {0}", [email])} title=${email}><svg aria-hidden="true"><use href="#icon-mail" /></svg></a><${Copy} text=${email} />`}
	</div>`;
}

function waiting({ waiting_since: since }) {
	return since ? __("Waiting for us since {0}", [dayWithin(since)]) : __("Waiting for Us");
}

function BaseAmount({ doc }) {
	const isOther = doc.currency && doc.currency !== currency.value;
	if (!isOther || doc.base_opportunity_amount === undefined || doc.base_opportunity_amount === null) return null;
	return html`<p class="quiet">${money(doc.base_opportunity_amount, currency.value)}</p>`;
}

function Outcome({ doc }) {
	const revenue = doc.close_revenue ? money(doc.close_revenue, doc.close_revenue_currency || doc.currency) : "";
	const reasons = [...namesIn(doc.lost_reasons), doc.order_lost_reason].filter(Boolean).map(word);
	const rivals = namesIn(doc.competitors).map(word);
	const parts = [
		doc.closed_on && `${word(doc.status)} · ${day(doc.closed_on)}`,
		doc.status === "Converted" && revenue,
		doc.status === "Lost" && reasons.join(", "),
		doc.status === "Lost" && rivals.length > 0 && __("to {0}", [rivals.join(", ")]),
	];
	return html`<p class="outcome" data-status=${doc.status} dir="auto">${parts.filter(Boolean).join(" · ")}</p>`;
}
