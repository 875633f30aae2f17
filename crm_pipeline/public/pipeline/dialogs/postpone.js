/** Another day for a task, another moment for an appointment, a day to ask again. */

import { __ } from "../boot.js";
import { clock, day, moment } from "../values.js";
import { html } from "../vendor/preact.js";
import { DayChoice, dayChosen, hourOf, momentOf } from "./fields.js";
import { Dialog, useDraft } from "./frame.js";

const SOON = ["tomorrow", "days", "week", "month", "other"];

/**
 * @param {object} props
 * @param {string} props.what is to be done
 * @param {string|null} props.at its day, or its moment
 * @param {boolean} props.isEntry whether it is an entry of the calendar, which begins at a moment
 * @param {(to: string) => Promise} props.postpone
 * @param {string} props.verb what is done with it
 */
export function Postpone({ card, what, at, isEntry, postpone, verb = __("Snooze"), choices = SOON }) {
	const isMoment = (at || "").length > 10;
	const hour = isMoment ? hourOf(clock(at)) : undefined;
	const { values, set, drop } = useDraft(`${verb} ${card.name} ${what}`, { next: dayChosen(choices[0], hour) });
	const send = async () => {
		const { date } = values.next;
		await postpone(isMoment ? momentOf(values.next) : isEntry ? `${date} 00:00:00` : date);
		drop();
	};
	const due = at && (isMoment ? moment(at) : day(at));
	return html`<${Dialog} title=${`${verb}: ${what}`} about=${[card.title, due].filter(Boolean).join(" · ")} submit=${verb} onSubmit=${send}>
		<${DayChoice} legend=${__("Due")} choices=${choices} value=${values.next} onChange=${(next) => set({ next })} hour=${hour} />
	<//>`;
}
