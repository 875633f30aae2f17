/** The dialogs that make something: an opportunity, a quotation. */

import { open, shown } from "../address.js";
import { create, list, write } from "../api.js";
import { __, boot } from "../boot.js";
import { reveal } from "../focus.js";
import { setValues, settle } from "../moves.js";
import { say } from "../notices.js";
import { columns, currency, readNew, tellChanged } from "../store.js";
import { now } from "../values.js";
import { html, useRef, useState } from "../vendor/preact.js";
import { Chips, Entry, NumberEntry, RecordPicker } from "./fields.js";
import { Dialog, useAnswer, useDraft } from "./frame.js";

/** A new opportunity; `stage` is where it begins, the first one if left out. */
export function New({ stage }) {
	const stages = (columns.value || []).filter((column) => column.type === "Open");
	const initial = { title: "", party: null, amount: "", closing: "", stage: stage || stages[0]?.stage || "" };
	const { values, set, drop } = useDraft("new", initial);
	const createOnce = useCreateOnce("Opportunity");
	const send = async () => {
		const { name } = await createOnce(recordOf(values), { title: values.title.trim() });
		tellChanged(name);
		say(__("{0} created", [values.title]));
		drop();
		open(name);
		readNew(name, values.stage).then(() => requestAnimationFrame(() => reveal(name)));
	};
	return html`<${Dialog} title=${__("New Opportunity")} submit=${__("Create")} onSubmit=${send} isReady=${Boolean(values.title.trim())}>
		<${Entry} label=${__("Name")} value=${values.title} onInput=${(title) => set({ title })} maxlength="140" required data-first />
		<${RecordPicker} label=${__("Customer or Lead")} doctypes=${Object.keys(boot.party_types)} value=${values.party} onChange=${(party) => set({ party })} placeholder=${__("Search by name")} />
		<div class="pair">
			<${NumberEntry} label=${__("Amount")} currency=${currency.value} min="0" value=${values.amount} onInput=${(amount) => set({ amount })} />
			<${Entry} label=${__("Expected Closing")} type="date" value=${values.closing} onInput=${(closing) => set({ closing })} />
		</div>
		${stages.length > 0 &&
		html`<${Chips} legend=${__("Stage")} options=${stages.map((each) => ({ value: each.stage, label: each.label }))} value=${values.stage} onChange=${(chosen) => set({ stage: chosen })} />`}
	<//>`;
}

function recordOf({ title, party, amount, closing, stage }) {
	const whose = party ? { opportunity_from: party.doctype, party_name: party.name } : {};
	const worth = amount === "" ? {} : { opportunity_amount: Number(amount), currency: currency.value };
	const process = shown.value.process ? { sales_process: shown.value.process } : {};
	return { title: title.trim(), ...process, ...(stage ? { sales_stage: stage } : {}), ...whose, ...worth, ...(closing ? { expected_closing: closing } : {}) };
}

export function Quote({ card }) {
	const [made, setMade] = useState(null);
	const [party, setParty] = useState(null);
	const [stored, trouble] = useAnswer(() => partyOf(card.name), card.name);
	const createOnce = useCreateOnce("Quotation");
	const isMissing = stored?.party_name === null || stored?.party_name === "";
	const send = async () => {
		if (isMissing) await giveParty(card, stored, party);
		const method = "crm_pipeline.crm_pipeline.doctype.opportunity.opportunity.make_quotation";
		const draft = await write(method, { source_name: card.name });
		setMade(await createOnce(draft, { opportunity: card.name }));
		settle(card.name, {});
	};
	if (made) return html`<${Made} card=${card} quotation=${made} />`;
	return html`<${Dialog} title=${__("Make Quotation")} about=${card.title} submit=${__("Make Quotation")} onSubmit=${send} isStaying isReady=${Boolean(stored) && (!isMissing || Boolean(party))} trouble=${trouble}>
		${isMissing
			? html`<p>${__("The party is missing: a quotation is made to somebody. Choose whom, and the opportunity is theirs.")}</p>
					<${RecordPicker} label=${__("Customer or Lead")} doctypes=${Object.keys(boot.party_types)} value=${party} onChange=${setParty} placeholder=${__("Search by name")} />`
			: html`<p>${__("A draft to {0} is made with what the opportunity says.", [card.customer_name || card.title])}</p>`}
	<//>`;
}

/** The stored `party_name`, which is left out of what whoever may not read it is answered. */
async function partyOf(name) {
	const [row] = await list("Opportunity", { filters: { name }, fields: ["name", "party_name"], limit_page_length: 1 });
	return row;
}

const giveParty = (card, { party_name }, { doctype, name }) => setValues(card, { opportunity_from: doctype, party_name: name }, { party_name });

function Made({ card, quotation }) {
	const link = boot.desk?.quotation && html`<a class="button" href=${boot.desk.quotation + encodeURIComponent(quotation.name)}>${__("Open in Desk")}</a>`;
	return html`<${Dialog} key="made" title=${__("Quotation made: {0}", [quotation.name])} about=${card.title} submit=${__("Close")} onSubmit=${() => {}} isInforming footer=${link}>
		<p>${__("It is a draft: prices and terms can still be changed.")}</p>
		${!boot.desk && html`<p>${__("Quotations are edited in Desk, which this host does not have.")}</p>`}
	<//>`;
}

/**
 * Create a record once, although the answer to the first try may have been lost.
 *
 * @param {string} doctype
 * @returns {(values: object, sameness: object) => Promise<{name: string}>} `sameness`: by which one made before is known
 */
function useCreateOnce(doctype) {
	const unsure = useRef("");
	return async (values, sameness) => {
		if (unsure.current) {
			const filters = { ...sameness, owner: boot.user, creation: [">=", unsure.current] };
			const [made] = await list(doctype, { filters, fields: ["name"], limit_page_length: 1 });
			if (made) return made;
		}
		const before = now();
		try {
			return await create(doctype, values);
		} catch (error) {
			if (error.isOffline) unsure.current ||= before;
			throw error;
		}
	};
}

