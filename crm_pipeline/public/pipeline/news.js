/** What others have changed, in words: of each opportunity what matters of it now. */

import { __, boot, word } from "./boot.js";
import { speak, tell } from "./notices.js";
import { day, dayWithin, momentWithin } from "./values.js";

const MOST = 4; // lines of one notice

/**
 * Tell of cards that came in changed.
 *
 * @param {[object, object][]} pairs each card as it was shown and as it is; what was not shown before is no news of it
 * @param {(user: string) => string} personOf the name of a user
 */
export function tellNews(pairs, personOf) {
	const news = pairs.filter(([before]) => before).map(([before, card]) => [card.title || card.name, changesOf(before, card, personOf)]);
	const lines = news.filter(([, parts]) => parts.length).map(([title, parts]) => `${title}: ${parts.join(" · ")}`);
	if (!lines.length) return;
	const rest = lines.length > MOST ? [__("and {0} more", [lines.length - MOST])] : [];
	const said = lines.length === 1 ? [lines[0]] : [__("Others changed {0} opportunities", [lines.length]), [...lines.slice(0, MOST), ...rest]];
	if (!tell(...said)) speak(said.flat().join(" "));
}

function changesOf(before, card, personOf) {
	const isNew = (field) => (card[field] || "") !== (before[field] || "");
	const parts = statusOf(before, card, isNew);
	const isInPlay = boot.in_play.includes(card.status);
	if (isInPlay && isNew("sales_stage")) parts.push(__("moved to {0}", [word(card.sales_stage)]));
	if (isNew("opportunity_owner")) parts.push(card.opportunity_owner ? __("reassigned to {0}", [personOf(card.opportunity_owner)]) : __("without an owner"));
	if (isInPlay && isNew("next_contact_date")) parts.push(card.next_contact_date ? __("next contact {0}", [momentWithin(card.next_contact_date)]) : __("no next contact any more"));
	if (isInPlay && isNew("expected_closing")) parts.push(card.expected_closing ? __("Expected Closing {0}", [day(card.expected_closing)]) : __("no Expected Closing any more"));
	return parts;
}

function statusOf(before, card, isNew) {
	if (card.status === "Paused" && (isNew("status") || isNew("paused_until"))) return [__("paused until {0}", [dayWithin(card.paused_until)])];
	if (!isNew("status")) return [];
	if (card.status === "Lost") return [card.lost_reasons?.length ? __("lost: {0}", [card.lost_reasons.join(", ")]) : __("lost")];
	if (card.status === "Converted") return [__("won")];
	if (before.status === "Paused" && boot.in_play.includes(card.status)) return [__("goes on")];
	if (!boot.in_play.includes(before.status) && boot.in_play.includes(card.status)) return [__("open again")];
	return [word(card.status)];
}
