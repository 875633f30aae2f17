/** The dialogs that end or rest an opportunity: won, lost, pause. */

import { read } from "../api.js";
import { __, boot, word } from "../boot.js";
import { move } from "../moves.js";
import { columns } from "../store.js";
import { dayAhead, dayWithin } from "../values.js";
import { html } from "../vendor/preact.js";
import { optionsOf, useChoices } from "./choices.js";
import { Check, DayChoice, dayChosen, Entry, ManyChips, NumberEntry } from "./fields.js";
import { Dialog, useAnswer, useDraft } from "./frame.js";
import { enteredOf, Missing, missingFor } from "./requirements.js";

const stageOf = (type) => columns.value?.find((column) => column.type === type)?.stage;

export function Won({ card }) {
	const { values, set, drop } = useDraft(`won ${card.name}`, { revenue: card.opportunity_amount ?? "", closedOn: dayAhead({}), entries: {} });
	const send = async () => {
		const args = { close_revenue: values.revenue === "" ? undefined : Number(values.revenue), closed_on: values.closedOn, from_status: card.status };
		const change = { status: "Converted", sales_stage: stageOf("Won") };
		await noticing("Won", card, set, () => move(card, "mark_won", { ...args, ...meeting(values) }, { saying: __("{0} is won", [card.title]), change, throws: true }));
		drop();
	};
	return html`<${Dialog} title=${__("Won: {0}", [card.title])} about=${card.customer_name} submit=${__("Won")} onSubmit=${send}>
		<div class="pair">
			<${NumberEntry} label=${__("Revenue")} currency=${card.currency} min="0" value=${values.revenue} onInput=${(revenue) => set({ revenue })} />
			<${Entry} label=${__("Closed On")} type="date" max=${dayAhead({})} required value=${values.closedOn} onInput=${(closedOn) => set({ closedOn })} />
		</div>
		<${Lacking} values=${values} set=${set} />
	<//>`;
}

export function Pause({ card }) {
	const { values, set, drop } = useDraft(`pause ${card.name}`, { until: dayChosen("week"), reason: "" });
	const send = async () => {
		const args = { until: values.until.date, reason: values.reason || undefined, from_status: card.status };
		const change = { status: "Paused", paused_until: values.until.date };
		await move(card, "pause", args, { saying: __("{0} is paused until {1}", [card.title, dayWithin(values.until.date)]), change, throws: true });
		drop();
	};
	return html`<${Dialog} title=${__("Pause: {0}", [card.title])} about=${card.customer_name} submit=${__("Pause")} onSubmit=${send}>
		<${DayChoice} legend=${__("Until")} choices=${["tomorrow", "week", "month", "other"]} value=${values.until} onChange=${(until) => set({ until })} />
		<${Entry} label=${__("Reason")} value=${values.reason} onInput=${(reason) => set({ reason })} />
	<//>`;
}

const NOT_LOST = { reasons: [], competitors: [], details: "", again: { when: "none", date: "" }, loseQuotations: true, stands: false, entries: {} };

export function Lost({ card }) {
	const { values, set, drop } = useDraft(`lost ${card.name}`, NOT_LOST);
	const [panel, unread] = useAnswer(() => read("crm_pipeline.api.panel.get_panel", { opportunity: card.name }), card.name);
	const standing = { names: panel?.open_quotations || [], refusal: panel?.why_not_lost_too };
	const send = async () => {
		const change = { status: "Lost", sales_stage: stageOf("Lost") };
		await noticing("Lost", card, set, () => move(card, "declare_lost", lostArgs(card, values, standing), { saying: __("{0} is lost: {1}", [card.title, values.reasons.map(word).join(", ")]), change, throws: true }));
		drop();
	};
	return html`<${Dialog} title=${__("Lost: {0}", [card.title])} about=${card.customer_name} submit=${__("Lost")} onSubmit=${send} isDangerous isReady=${values.reasons.length > 0 && !standing.refusal} trouble=${useChoices().trouble || unread}>
		<${Standing} standing=${standing} values=${values} set=${set} />
		<${LostReasons} values=${values} set=${set} />
		<${DayChoice} legend=${__("Ask Again")} choices=${["none", "month", "quarter", "half", "other"]} value=${values.again} onChange=${(again) => set({ again })} />
		<${Lacking} values=${values} set=${set} />
	<//>`;
}

/** The open quotations, which stand against the loss unless they are lost too. */
function Standing({ standing: { names, refusal }, values, set }) {
	const text = names.length > 1 ? __("Quotations {0} are still open.", [names.join(", ")]) : __("Quotation {0} is still open.", names);
	return html`<div class="standing">
		<div role="status">
			${names.length > 0 && html`<p class="reason">${text}</p>`}
			${refusal && html`<p class="reason" dir="auto">${refusal}</p>`}
		</div>
		${(names.length > 0 || values.stands) && !refusal &&
		html`<${Check} label=${__("Its open quotations are lost too")} hint=${__("For the same reasons.")} checked=${values.loseQuotations} onChange=${(loseQuotations) => set({ loseQuotations })} />`}
	</div>`;
}

/** Keep in the draft what stands in the way, so that the dialog asks about it. */
async function noticing(type, card, set, send) {
	try {
		await send();
	} catch (error) {
		if (error.kind === "ActiveQuotationStands") set({ stands: true });
		if (error.kind === "StageRequirementsMissing") {
			const panel = await read("crm_pipeline.api.panel.get_panel", { opportunity: card.name });
			set({ missing: missingFor(panel, (stage) => stage.type === type) });
		}
		throw error;
	}
}

/** What the last stage requires: it is filled in first, or a manager says why that is passed over. */
function Lacking({ values, set }) {
	if (!values.missing) return null;
	return html`
		<${Missing} missing=${values.missing} values=${values} set=${set} />
		${boot.may_override > 0 && html`<${Entry} label=${__("Why this may be passed over")} value=${values.override} onInput=${(override) => set({ override })} />`}
	`;
}

/** What is required, as it was filled in, or why it is passed over. */
const meeting = ({ missing = [], entries, override }) => (override ? { override_reason: override } : { values: enteredOf(missing, entries) });

/** Why something is lost: `reasons`, `competitors` and `details` of a draft. */
export function LostReasons({ values, set }) {
	const choices = useChoices();
	const reasons = optionsOf(choices.lost_reasons);
	const competitors = optionsOf(choices.competitors);
	return html`
		<${ManyChips} legend=${__("Lost Reasons")} options=${reasons} value=${values.reasons} onChange=${(chosen) => set({ reasons: chosen })} isRequired />
		${choices.isRead && !reasons.length && html`<p class="none">${__("There are no lost reasons yet. A Sales Manager enters them once for all.")}</p>`}
		${competitors.length > 0 &&
		html`<${ManyChips} legend=${__("Competitors")} options=${competitors} value=${values.competitors} onChange=${(chosen) => set({ competitors: chosen })} />`}
		<${Entry} label=${__("Details")} type="textarea" rows="2" value=${values.details} onInput=${(details) => set({ details })} />
	`;
}

export const reasonArgs = ({ reasons, competitors, details }) => ({ lost_reasons: reasons, competitors, detailed_reason: details || undefined });

function lostArgs(card, values, { names }) {
	const lose_quotations = Number(values.loseQuotations && (names.length > 0 || values.stands));
	return { ...reasonArgs(values), ask_again_on: values.again.date || undefined, from_status: card.status, lose_quotations, ...meeting(values) };
}
