/** The one thing about an opportunity that a salesperson must know first. */

import { isInPlay, isPaused } from "./actions.js";
import { shown } from "./address.js";
import { __, word } from "./boot.js";
import { clock, day, dayWithin, days, isPastDay, isPastMoment, isToday, moment } from "./values.js";

/** @returns {{kind: string, icon: string, text: string, title: string}} the worst state of a card */
export function worstState(card) {
	const next = card.next_contact_date;
	const isMissed = Boolean(next) && isPastMoment(next);
	if (isPaused(card) && (!isMissed || shown.value.state === "paused")) return paused(card);
	if (!isInPlay(card)) return ended(card);
	if (isMissed) return missed(next);
	if (card.waiting_for === "Us") return { kind: "late", icon: "reply", text: __("Reply"), title: __("Waiting for Us") };
	if (card.rotting) return { kind: "slow", icon: "clock", text: days(card.days_idle), title: __("Nothing has happened for {0}", [days(card.days_idle)]) };
	if (card.expected_closing && isPastDay(card.expected_closing)) return { kind: "slow", icon: "flag", text: day(card.expected_closing), title: __("Expected closing is past") };
	if (!next) return { kind: "slow", icon: "phone", text: __("No step"), title: __("No next step is planned") };
	return { kind: isToday(next) ? "today" : "plain", icon: "phone", text: isToday(next) ? moment(next) : day(next), title: __("Next Contact") };
}

/** What was due earlier today is overdue, and says the hour: it is not among what is still to come today. */
function missed(next) {
	return { kind: "late", icon: "phone", text: isToday(next) ? __("Since {0}", [clock(next)]) : day(next), title: __("Next contact overdue") };
}

function paused({ paused_until: until }) {
	const title = until ? __("Paused until {0}", [dayWithin(until)]) : word("Paused");
	return { kind: "plain", icon: "pause", text: until ? day(until) : title, title };
}

function ended({ status, closed_on: on }) {
	return { kind: "plain", icon: "flag", text: on ? day(on) : word(status), title: word(status) };
}
