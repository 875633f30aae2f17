/** One action on many opportunities: assign, move, pause, lost, expected closing, tag. */

import { __, word } from "../boot.js";
import { actOnMany } from "../moves.js";
import { columns } from "../store.js";
import { html } from "../vendor/preact.js";
import { optionsOf, useChoices } from "./choices.js";
import { usePeople } from "./choosing.js";
import { LostReasons, reasonArgs } from "./closing.js";
import { Check, Chips, DayChoice, dayChosen, Entry, Picker } from "./fields.js";
import { Dialog, useDraft } from "./frame.js";

/** Each action: what it is called, what it asks, what it sends, whether that is enough, and what is said of it. */
const ACTIONS = {
	assign: { label: __("Assign"), Fields: Owner, args: ({ owner, withContacts }) => ({ owner, next_contacts: Number(withContacts) }), isReady: ({ owner }) => owner, saying: __("Assigned") },
	move: { label: __("Move"), Fields: Stage, args: ({ stage }) => ({ sales_stage: stage }), isReady: ({ stage }) => stage, saying: __("Moved") },
	pause: { label: __("Pause"), Fields: Until, args: ({ until, reason }) => ({ until: until.date, reason: reason || undefined }), isReady: ({ until }) => until.date, saying: __("Paused") },
	lost: { label: __("Lost"), Fields: Loss, args: lossArgs, isReady: ({ reasons }) => reasons.length, saying: __("Lost") },
	close_date: { label: __("Expected Closing"), Fields: Closing, args: ({ closing }) => ({ expected_closing: closing }), isReady: ({ closing }) => closing, saying: __("Expected closing set") },
	tag: { label: __("Tag"), Fields: Tag, args: ({ tag }) => ({ tag: tag.trim() }), isReady: ({ tag }) => tag.trim(), saying: __("Tagged") },
};

const NOTHING = { owner: "", withContacts: true, stage: "", until: dayChosen("week"), reason: "", reasons: [], competitors: [], details: "", loseQuotations: false, closing: "", tag: "" };

/**
 * @param {object} props
 * @param {string[]} props.names the opportunities
 * @param {string} [props.action] which action is chosen already
 * @param {() => void} [props.onDone] called when the server has taken it
 */
export function Bulk({ names, action = "assign", onDone }) {
	const { values, set, drop } = useDraft("bulk", { ...NOTHING, action });
	const { Fields, args, isReady, saying, label } = ACTIONS[values.action];
	const options = Object.entries(ACTIONS).map(([value, each]) => ({ value, label: each.label }));
	const send = async () => {
		await actOnMany(names, values.action, args(values), saying, { id: values.request_id, throws: true });
		drop();
		onDone?.();
	};
	const title = names.length === 1 ? __("One opportunity") : __("{0} opportunities", [names.length]);
	return html`<${Dialog} title=${title} submit=${label} onSubmit=${send} isDangerous=${values.action === "lost"} isReady=${Boolean(isReady(values))} trouble=${useChoices().trouble}>
		<${Chips} legend=${__("What to Do")} options=${options} value=${values.action} onChange=${(chosen) => set({ action: chosen })} />
		<${Fields} key=${values.action} values=${values} set=${set} />
	<//>`;
}

function Owner({ values, set }) {
	return html`
		<${Picker} label=${__("Owner")} options=${usePeople()} value=${values.owner} onChange=${(owner) => set({ owner })} />
		<${Check} label=${__("Also hand over the owners' next contacts")} checked=${values.withContacts} onChange=${(withContacts) => set({ withContacts })} />
	`;
}

function Stage({ values, set }) {
	const open = (columns.value || []).filter((column) => column.type === "Open");
	const options = open.map(({ stage, label }) => ({ value: stage, label: label || word(stage) }));
	return html`<${Chips} legend=${__("Stage")} options=${options} value=${values.stage} onChange=${(stage) => set({ stage })} />`;
}

function Until({ values, set }) {
	return html`
		<${DayChoice} legend=${__("Until")} choices=${["tomorrow", "week", "month", "other"]} value=${values.until} onChange=${(until) => set({ until })} />
		<${Entry} label=${__("Reason")} value=${values.reason} onInput=${(reason) => set({ reason })} />
	`;
}

function Loss({ values, set }) {
	return html`
		<${LostReasons} values=${values} set=${set} />
		<${Check} label=${__("Their open quotations are lost too")} checked=${values.loseQuotations} onChange=${(loseQuotations) => set({ loseQuotations })} />
	`;
}

function lossArgs(values) {
	return { ...reasonArgs(values), lose_quotations: Number(values.loseQuotations) };
}

function Closing({ values, set }) {
	return html`<${Entry} label=${__("Expected Closing")} type="date" required value=${values.closing} onInput=${(closing) => set({ closing })} />`;
}

function Tag({ values, set }) {
	const options = optionsOf(useChoices().tags).slice(0, 12);
	return html`
		<${Entry} label=${__("Tag")} value=${values.tag} onInput=${(tag) => set({ tag })} maxlength="140" />
		${options.length > 0 && html`<${Chips} legend=${__("Used Already")} options=${options} value=${values.tag} onChange=${(tag) => set({ tag })} />`}
	`;
}
