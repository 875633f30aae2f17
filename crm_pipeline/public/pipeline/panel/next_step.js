/** The next contact: what is planned, and when the one after it shall be. */

import { __ } from "../boot.js";
import { dayChosen, hourOf, momentOf, WORDS } from "../dialogs/fields.js";
import { clock, zone } from "../values.js";
import { html, useId } from "../vendor/preact.js";

const STEPS = [["", __("None")], ...["tomorrow", "days", "week"].map((step) => [step, WORDS[step]]), ["date", __("Date")]];

/**
 * The choice of a next step.
 *
 * @param {object} props
 * @param {object} props.draft of the composer: `step`, `when` (the reader's time), `to_discuss`
 * @param {(part: object) => void} props.onDraft
 * @param {string|undefined} props.planned the next contact as it is stored, whose hour is taken over
 */
export function NextStep({ draft, onDraft, planned, isKept }) {
	const id = useId();
	const choose = (step) => onDraft({ step, when: step ? whenOf(step, draft, planned) : "" });
	const words = STEPS.map(([step, label]) => [step, !step && isKept ? __("Leave as it is") : label]);
	return html`<div class="next-step">
		<div class="choices" role="radiogroup" aria-label=${__("Next Step")}>
			<span class="quiet" aria-hidden="true">${__("Next Step")}</span>
			${words.map(
				([step, label]) => html`<label key=${step} class="choice"><input type="radio" name=${id} value=${step} checked=${(draft.step || "") === step} onChange=${() => choose(step)} />${label}</label>`,
			)}
		</div>
		${draft.step &&
		html`<div class="next-when">
			<input type="datetime-local" required aria-label=${__("Next contact, in the time of {0}", [zone()])} value=${draft.when} onInput=${(event) => onDraft({ when: event.currentTarget.value, step: "date" })} />
			<input type="text" dir="auto" aria-label=${__("To Discuss")} placeholder=${__("To Discuss")} value=${draft.to_discuss || ""} onInput=${(event) => onDraft({ to_discuss: event.currentTarget.value })} />
		</div>`}
	</div>`;
}

/** What the choice means for the server: nothing, or when the next contact is, in the site's time. */
export function nextContactOf(draft) {
	if (!draft.step || !draft.when) return {};
	return { next_contact_date: momentOf({ date: draft.when }), to_discuss: (draft.to_discuss || "").trim() || undefined };
}

function whenOf(step, draft, planned) {
	const hour = hourOf(planned && clock(planned));
	return dayChosen(step, hour).date || draft.when || dayChosen("tomorrow", hour).date;
}
