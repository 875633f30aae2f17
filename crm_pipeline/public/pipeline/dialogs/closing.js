/** The dialogs that end or rest an opportunity: won, lost, pause. */

import { __, boot } from "../boot.js";
import { move } from "../moves.js";
import { columns } from "../store.js";
import { dayAhead } from "../values.js";
import { html } from "../vendor/preact.js";
import { optionsOf, useChoices } from "./choices.js";
import { Check, DayChoice, dayChosen, Entry, ManyChips, NumberEntry } from "./fields.js";
import { Dialog, useDraft } from "./frame.js";

const stageOf = (type) => columns.value?.find((column) => column.type === type)?.stage;

export function Won({ card }) {
	const { values, set, drop } = useDraft(`won ${card.name}`, { revenue: card.opportunity_amount ?? "", closedOn: dayAhead({}) });
	const send = async () => {
		const args = { close_revenue: values.revenue === "" ? undefined : Number(values.revenue), closed_on: values.closedOn, from_status: card.status };
		const change = { status: "Converted", sales_stage: stageOf("Won") };
		await noticing(set, () => move(card, "mark_won", { ...args, ...overriding(values) }, { saying: __("{0} is won", [card.title]), change, throws: true }));
		drop();
	};
	return html`<${Dialog} title=${__("Won: {0}", [card.title])} about=${card.customer_name} submit=${__("Won")} onSubmit=${send}>
		<div class="pair">
			<${NumberEntry} label=${__("Revenue")} currency=${card.currency} min="0" value=${values.revenue} onInput=${(revenue) => set({ revenue })} />
			<${Entry} label=${__("Closed on")} type="date" max=${dayAhead({})} required value=${values.closedOn} onInput=${(closedOn) => set({ closedOn })} />
		</div>
		<${Override} values=${values} set=${set} />
	<//>`;
}

export function Pause({ card }) {
	const { values, set, drop } = useDraft(`pause ${card.name}`, { until: dayChosen("week"), reason: "" });
	const send = async () => {
		const args = { until: values.until.date, reason: values.reason || undefined, from_status: card.status };
		const change = { status: "Paused", paused_until: values.until.date };
		await move(card, "pause", args, { saying: __("{0} is paused", [card.title]), change, throws: true });
		drop();
	};
	return html`<${Dialog} title=${__("Pause: {0}", [card.title])} about=${card.customer_name} submit=${__("Pause")} onSubmit=${send}>
		<${DayChoice} legend=${__("Until")} choices=${["tomorrow", "week", "month", "other"]} value=${values.until} onChange=${(until) => set({ until })} />
		<${Entry} label=${__("Reason")} value=${values.reason} onInput=${(reason) => set({ reason })} />
	<//>`;
}

const NOT_LOST = { reasons: [], competitors: [], details: "", again: { when: "none", date: "" }, loseQuotations: false, stands: false };

export function Lost({ card }) {
	const { values, set, drop } = useDraft(`lost ${card.name}`, NOT_LOST);
	const send = async () => {
		const change = { status: "Lost", sales_stage: stageOf("Lost") };
		await noticing(set, () => move(card, "declare_lost", lostArgs(card, values), { saying: __("{0} is lost", [card.title]), change, throws: true }));
		drop();
	};
	return html`<${Dialog} title=${__("Lost: {0}", [card.title])} about=${card.customer_name} submit=${__("Lost")} onSubmit=${send} isDangerous isReady=${values.reasons.length > 0} trouble=${useChoices().trouble}>
		<${LostReasons} values=${values} set=${set} />
		<${DayChoice} legend=${__("Ask again")} choices=${["none", "month", "quarter", "half", "other"]} value=${values.again} onChange=${(again) => set({ again })} />
		${values.stands &&
		html`<${Check}
			label=${__("Its open quotations are lost too")}
			hint=${__("For the same reasons.")}
			checked=${values.loseQuotations}
			onChange=${(loseQuotations) => set({ loseQuotations })}
		/>`}
		<${Override} values=${values} set=${set} />
	<//>`;
}

/** Keep in the draft what stands in the way, so that the dialog asks about it. */
async function noticing(set, send) {
	try {
		await send();
	} catch (error) {
		if (error.kind === "ActiveQuotationStands") set({ stands: true });
		if (error.kind === "StageRequirementsMissing") set({ lacks: true });
		throw error;
	}
}

/** Where the stage requires more than there is, a manager may say why that is passed over. */
function Override({ values, set }) {
	if (!values.lacks || !boot.may_override) return null;
	return html`<${Entry} label=${__("Why this may be passed over")} value=${values.override} onInput=${(override) => set({ override })} />`;
}

const overriding = ({ override }) => ({ override_reason: override || undefined });

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

function lostArgs(card, values) {
	const lose_quotations = Number(values.loseQuotations);
	return { ...reasonArgs(values), ask_again_on: values.again.date || undefined, from_status: card.status, lose_quotations, ...overriding(values) };
}
