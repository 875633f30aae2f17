/** What a field that names something else offers, where that is a short list. */

import { __, word } from "../boot.js";
import { optionsOf, peopleOptions, useChoices } from "../dialogs/choices.js";

const GIVEN = {
	"Lead Source": "sources",
	"Opportunity Type": "types",
	"Sales Process": "processes",
	Currency: "currencies",
	Competitor: "competitors",
	"Lost Reason": "lost_reasons",
};

/** Whether the names of a DocType are few enough to be listed; others are searched for. */
export const isListed = (doctype) => doctype === "User" || doctype in GIVEN;

/** The names of a DocType that is listed as `value` and `label`; none before they have come. */
export function useOptions(doctype) {
	const choices = useChoices();
	if (doctype === "User") return peopleOptions(choices.owners);
	return GIVEN[doctype] ? optionsOf(choices[GIVEN[doctype]]) : [];
}

/** The options with the value that is stored, even if it is no longer offered to others, and none. */
export function withStored(options, stored) {
	const isKnown = !stored || options.some((each) => each.value === stored);
	const none = { value: "", label: "–" };
	return [none, ...(isKnown ? [] : [{ value: stored, label: word(stored) }]), ...options];
}

/** The words of a Check. */
export const yesOrNo = (value) => (Number(value) ? __("Yes") : __("No"));
