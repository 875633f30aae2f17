/** The dialogs that choose one thing: an owner, a stage, an action. */

import { actionsFor, stagesOf } from "../actions.js";
import { __, boot, word } from "../boot.js";
import { holds, isShut } from "../placing.js";
import { dialog, moveInto, moveToStage, setValues } from "../moves.js";
import { months, personOf } from "../store.js";
import { momentWithin, percent } from "../values.js";
import { html, useState } from "../vendor/preact.js";
import { peopleOptions, useChoices } from "./choices.js";
import { Check, Chips, Picker } from "./fields.js";
import { Dialog, useAnswer, useDraft } from "./frame.js";

export function Assign({ card }) {
	const { values, set, drop } = useDraft(`assign ${card.name}`, { owner: card.opportunity_owner || "", withContact: true });
	const options = usePeople();
	const isContactTheirs = Boolean(card.next_contact_date && card.opportunity_owner) && card.next_contact_by === card.opportunity_owner;
	const send = async () => {
		const saying = __("{0} assigned to {1}", [card.title, options.find(({ value }) => value === values.owner)?.label || personOf(values.owner)]);
		if (values.owner !== card.opportunity_owner) {
			const fields = ["opportunity_owner", ...(isContactTheirs && values.withContact ? ["next_contact_by"] : [])];
			const each = (value) => Object.fromEntries(fields.map((field) => [field, value]));
			await setValues(card, each(values.owner), each(card.opportunity_owner ?? null), saying);
		}
		drop();
	};
	return html`<${Dialog} title=${__("Assign: {0}", [card.title])} about=${card.customer_name} submit=${__("Assign")} onSubmit=${send} isReady=${Boolean(values.owner)} trouble=${useChoices().trouble}>
		<${Picker} label=${__("Owner")} options=${options} value=${values.owner} onChange=${(owner) => set({ owner })} />
		${isContactTheirs && html`<${Check} label=${__("Also hand over the next contact")} hint=${momentWithin(card.next_contact_date)} checked=${values.withContact} onChange=${(withContact) => set({ withContact })} />`}
	<//>`;
}

/** Who may own opportunities, oneself first. */
export function usePeople() {
	const options = peopleOptions(useChoices().owners);
	return [...options.filter(({ value }) => value === boot.user), ...options.filter(({ value }) => value !== boot.user)];
}

export function Move({ card }) {
	const [answer, trouble] = useAnswer(() => stagesOf(card), card.name);
	const stages = answer || [];
	const [chosen, setChosen] = useState(card.sales_stage);
	const send = () => moveToStage(card, stages.find((each) => each.stage === chosen));
	const options = stages.map((each) => ({ value: each.stage, label: labelOf(each) }));
	const isReady = chosen !== card.sales_stage && stages.length > 0;
	return html`<${Dialog} title=${__("Move: {0}", [card.title])} about=${card.customer_name} submit=${__("Move")} onSubmit=${send} isReady=${isReady} trouble=${trouble}>
		<${Chips} legend=${__("Stage")} options=${options} value=${chosen} onChange=${setChosen} />
	<//>`;
}

/** The columns of the forecast that take something, for who drags nothing. */
export function Month({ card }) {
	const open = (months.value || []).filter((column) => !isShut(column));
	const [chosen, setChosen] = useState(() => open.find((column) => holds(column, card))?.key || "");
	const aim = open.find(({ key }) => key === chosen);
	const options = open.map(({ key, name }) => ({ value: key, label: name }));
	return html`<${Dialog} title=${__("Move: {0}", [card.title])} about=${card.customer_name} submit=${__("Move")} onSubmit=${() => moveInto(card, aim)} isReady=${Boolean(aim) && !holds(aim, card)}>
		<${Chips} legend=${__("Expected Closing")} options=${options} value=${chosen} onChange=${setChosen} />
	<//>`;
}

const labelOf = ({ stage, label, type, probability }) =>
	type === "Open" && probability ? `${label || word(stage)} · ${percent(probability)}` : (label || word(stage));

/** Everything that can be done with an opportunity: a sheet at the foot of a phone. */
export function Actions({ card }) {
	const offered = actionsFor(card);
	const run = (action) => {
		dialog.value = null;
		action.run(card);
	};
	const byKey = (event) => {
		const action = offered.find((each) => each.key === event.key && each.key !== "Enter");
		if (action && !event.ctrlKey && !event.metaKey && !event.altKey) run(action);
		else moveFocus(event);
	};
	return html`<${Dialog} title=${card.title} about=${card.customer_name} isSheet>
		<ul class="action-list" onKeyDown=${byKey}>
			${offered.map((action) => html`<li key=${action.id}><${ActionButton} action=${action} onClick=${() => run(action)} /></li>`)}
		</ul>
	<//>`;
}

function ActionButton({ action, onClick }) {
	return html`<button type="button" onClick=${onClick}>
		<svg aria-hidden="true"><use href=${`#icon-${action.icon}`} /></svg>
		<span>${action.label}</span>
		<kbd aria-hidden="true">${action.key}</kbd>
	</button>`;
}

/** Up and down go from one button to the next. */
function moveFocus(event) {
	const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
	if (!step) return;
	event.preventDefault();
	const buttons = [...event.currentTarget.querySelectorAll("button")];
	buttons.at((buttons.indexOf(document.activeElement) + step) % buttons.length)?.focus();
}
