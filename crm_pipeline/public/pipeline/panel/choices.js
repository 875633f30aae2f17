/** What fields that name something else offer, read when it is first asked for. */

import { list, read } from "../api.js";
import { __, word } from "../boot.js";
import { personOf } from "../store.js";
import { useEffect, useState } from "../vendor/preact.js";

const GIVEN = {
	User: "owners",
	"Lead Source": "sources",
	"Opportunity Type": "types",
	"Sales Process": "processes",
	Currency: "currencies",
	Competitor: "competitors",
	"Lost Reason": "lost_reasons",
};
const asked = new Map();

/** All that get_choices offers, asked for once; a question that failed is asked again. */
export const readChoices = () => once("", () => read("crm_pipeline.api.panel.get_choices"));

/** The choices of a DocType as `value` and `label`; null while they are read. */
export function useChoices(doctype) {
	const [choices, setChoices] = useState(null);
	useEffect(() => {
		let isWanted = Boolean(doctype);
		if (isWanted) choicesOf(doctype).then((all) => isWanted && setChoices(all));
		return () => (isWanted = false);
	}, [doctype]);
	return choices;
}

/** The names that get_choices has under a key, such as "email_templates"; none while they are read. */
export function useChoiceNames(key) {
	const [names, setNames] = useState([]);
	useEffect(() => {
		let isWanted = true;
		namesUnder(key).then((all) => isWanted && setNames(all));
		return () => (isWanted = false);
	}, [key]);
	return names;
}

async function namesUnder(key) {
	try {
		return (await readChoices())[key] ?? [];
	} catch (error) {
		if (!("status" in error)) throw error;
		return []; // it is asked again when the field is shown anew
	}
}

/** The choices with the value that is stored, even if it is no longer offered to others, and none. */
export function withStored(choices, stored) {
	const isKnown = !stored || choices?.some((each) => each.value === stored);
	const none = { value: "", label: "–" };
	return [none, ...(isKnown ? [] : [{ value: stored, label: word(stored) }]), ...(choices ?? [])];
}

async function choicesOf(doctype) {
	try {
		if (GIVEN[doctype]) return (await namesUnder(GIVEN[doctype])).map(choice);
		return (await once(doctype, () => namesOf(doctype))).map(choice);
	} catch (error) {
		if (!("status" in error)) throw error;
		return []; // the stored value stays, and the server's words come when it is saved
	}
}

const namesOf = async (doctype) => (await list(doctype, { fields: ["name"], limit_page_length: 0, order_by: "name asc" })).map(({ name }) => name);

function choice(each) {
	if (typeof each === "string") return { value: each, label: word(each) };
	const value = each.user ?? each.name;
	return { value, label: each.full_name ?? each.label ?? (each.user ? personOf(each.user) : word(value)) };
}

function once(key, ask) {
	if (!asked.has(key)) {
		const answer = ask();
		asked.set(key, answer);
		answer.catch(() => asked.delete(key));
	}
	return asked.get(key);
}

/** The words of a Check. */
export const yesOrNo = (value) => (Number(value) ? __("Yes") : __("No"));
