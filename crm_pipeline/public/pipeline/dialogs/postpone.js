/** Another day for a task, another moment for an appointment. */

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
 */
export function Postpone({ card, what, at, isEntry, postpone }) {
	const isMoment = (at || "").length > 10;
	const hour = isMoment ? hourOf(clock(at)) : undefined;
	const { values, set, drop } = useDraft(`postpone ${card.name} ${what}`, { next: dayChosen("tomorrow", hour) });
	const send = async () => {
		const { date } = values.next;
		await postpone(isMoment ? momentOf(values.next) : isEntry ? `${date} 00:00:00` : date);
		drop();
	};
	const due = at && (isMoment ? moment(at) : day(at));
	return html`<${Dialog} title=${__("Snooze: {0}", [what])} about=${[card.title, due].filter(Boolean).join(" · ")} submit=${__("Snooze")} onSubmit=${send}>
		<${DayChoice} legend=${__("Due")} choices=${SOON} value=${values.next} onChange=${(next) => set({ next })} hour=${hour} />
	<//>`;
}
