/** The one thing about an opportunity that a salesperson must know first. */

import { isInPlay, isPaused } from "./actions.js";
import { __, word } from "./boot.js";
import { day, days, isPastDay, isPastMoment, isToday, shortDate } from "./values.js";

/** @returns {{kind: string, icon: string, text: string, title: string}} the worst state of a card */
export function worstState(card) {
	const next = card.next_contact_date;
	if (isPaused(card) && !(next && isPastMoment(next))) return paused(card);
	if (!isInPlay(card)) return ended(card);
	if (next && isPastMoment(next)) return { kind: "late", icon: "phone", text: day(next), title: __("Next contact overdue") };
	if (card.waiting_for === "Us") return { kind: "late", icon: "reply", text: __("Reply"), title: __("Waiting for us") };
	if (card.rotting) return { kind: "slow", icon: "clock", text: days(card.days_idle), title: __("Nothing has happened for {0}", [days(card.days_idle)]) };
	if (card.expected_closing && isPastDay(card.expected_closing)) return { kind: "slow", icon: "flag", text: day(card.expected_closing), title: __("Expected closing is past") };
	if (!next) return { kind: "slow", icon: "phone", text: __("No step"), title: __("No next step is planned") };
	return { kind: isToday(next) ? "today" : "plain", icon: "phone", text: day(next), title: __("Next contact") };
}

function paused({ paused_until: until }) {
	const text = until ? shortDate(until) : word("Paused");
	return { kind: "plain", icon: "pause", text, title: until ? __("Paused until {0}", [text]) : word("Paused") };
}

function ended({ status, closed_on: on }) {
	return { kind: "plain", icon: "flag", text: on ? shortDate(on) : word(status), title: word(status) };
}
