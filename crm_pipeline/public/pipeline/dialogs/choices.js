/** What dialogs offer to choose from, asked for once and again when it may have changed. */

import { read } from "../api.js";
import { word } from "../boot.js";
import { personOf, take } from "../store.js";
import { signal, useEffect } from "../vendor/preact.js";
import { wordsOf } from "./sending.js";

const FRESH = 300_000; // ms
const NOTHING = { lost_reasons: [], competitors: [], sources: [], types: [], owners: [], processes: [], currencies: [], email_templates: [], tags: [] };

const choices = signal(NOTHING);
let readAt = -Infinity;

/** The server's choices: nothing before they have come; `isRead` tells, or `trouble` why they do not come. */
export function useChoices() {
	useEffect(() => {
		if (performance.now() - readAt > FRESH) readChoices();
	}, []);
	return choices.value;
}

async function readChoices() {
	readAt = performance.now();
	try {
		const answer = await read("crm_pipeline.api.panel.get_choices");
		take(answer);
		choices.value = { ...NOTHING, ...answer, isRead: true };
	} catch (error) {
		readAt = -Infinity;
		choices.value = { ...choices.value, trouble: wordsOf(error) };
	}
}

/** Names, or records with `name` and `label`, as options. */
export const optionsOf = (list) =>
	list.map((each) => (typeof each === "string" ? { value: each, label: word(each) } : { value: each.name, label: each.label || word(each.name) }));

/** Users as options. */
export const peopleOptions = (owners) => owners.map(({ user, full_name }) => ({ value: user, label: full_name || personOf(user), detail: user }));
