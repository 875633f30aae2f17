/** The rows of the list of activities: each with the card of its opportunity, as the server answers and as moves change them. */

/** The sections of an answer; a row is named by its record and its opportunity, since an entry of the calendar may have several. */
export function sectionsOf({ sections, cards }) {
	const cardOf = new Map(cards.map((card) => [card.name, card]));
	const row = (each) => ({ ...each, name: [each.doctype, each.record, each.opportunity].join(":"), card: cardOf.get(each.opportunity) });
	return sections.map((section) => ({ ...section, rows: section.rows.map(row) }));
}

/** How many rows of each section are loaded at most. */
export const loadedOf = (sections) => Math.max(0, ...(sections || []).map((section) => section.rows.length));

/** Sections that were read anew, a part of each: what was loaded beyond that part stays where there are as many as before. */
export function renewed(former, sections) {
	return sections.map((section, index) => {
		const { rows, count } = former[index];
		return count === section.count ? { ...section, rows: [...section.rows, ...unknown(section.rows, rows.slice(section.rows.length))] } : section;
	});
}

/** With the rows that follow in a section. */
export function extended(sections, key, more) {
	return sections.map((section) => {
		if (section.key !== key) return section;
		const added = unknown(section.rows, more.find((each) => each.key === key).rows);
		return { ...section, rows: [...section.rows, ...added], isAll: !added.length };
	});
}

function unknown(rows, more) {
	const known = new Set(rows.map((row) => row.name));
	return more.filter((row) => !known.has(row.name));
}

/** With a card as it is now; a next contact that was done or put to another time is no longer what was planned. */
export function withCard(sections, card) {
	const changed = (row) => (row.opportunity === card.name ? { ...row, card: { ...row.card, ...card } } : row);
	return sections?.map((section) => kept({ ...section, rows: section.rows.map(changed) }, stands)) || null;
}

export const withoutOpportunity = (sections, name) => without(sections, (row) => row.opportunity !== name);
export const withoutRow = (sections, name) => without(sections, (row) => row.name !== name);

const without = (sections, isLeft) => sections?.map((section) => kept(section, isLeft)) || null;
const stands = (row) => row.doctype !== "Opportunity" || (row.card.next_contact_date || "").slice(0, 19) === row.at;

function kept(section, isLeft) {
	const rows = section.rows.filter(isLeft);
	return { ...section, rows, count: section.count - section.rows.length + rows.length };
}
