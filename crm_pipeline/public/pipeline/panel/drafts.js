/** What was typed and neither saved nor sent yet. */

import { boot } from "../boot.js";

const fields = new Map();

/** Drafts of fields last as long as the page: by opportunity and field. */
export const fieldDraft = {
	get: (name, field) => fields.get(`${name} ${field}`),
	keep: (name, field, text) => fields.set(`${name} ${field}`, text),
	drop: (name, field) => fields.delete(`${name} ${field}`),
};

const keyOf = (name) => `crm_pipeline draft ${boot.user} ${name}`;

/** What stands in the composer of an opportunity; it outlives the page. */
export function readDraft(name) {
	try {
		return JSON.parse(localStorage.getItem(keyOf(name))) || {};
	} catch {
		return {}; // storage that is switched off or holds something else has no draft
	}
}

export function keepDraft(name, draft) {
	try {
		localStorage.setItem(keyOf(name), JSON.stringify(draft));
	} catch {
		return false; // full or switched off: what was typed lasts as long as the page
	}
	return true;
}

export function dropDraft(name) {
	try {
		localStorage.removeItem(keyOf(name));
	} catch {
		return false;
	}
	return true;
}
