/** What is filtered by: a chip with its name and value for each, which takes it off. */

import { LISTS, show, shown } from "./address.js";
import { __, word } from "./boot.js";
import { ask } from "./moves.js";
import { currency, personOf } from "./store.js";
import { money } from "./values.js";
import { computed, html, useLayoutEffect, useRef, useState } from "./vendor/preact.js";

/** What the filters are called. */
export const NAMES = {
	closing: __("Expected Closing"),
	changed: __("Changed"),
	owner: __("Owner"),
	source: __("Source"),
	type: __("Type"),
	tag: __("Tag"),
	postponed: __("Postponed by"),
};

/** The days and spans that can be chosen. */
export const SPANS = {
	closing: {
		"": __("Any"),
		overdue: __("Closing Passed"),
		this_week: __("This Week"),
		this_month: __("This Month"),
		next_month: __("Next Month"),
		this_quarter: __("This Quarter"),
		none: __("None Set"),
	},
	changed: { "": __("Any"), yesterday: __("Since Yesterday"), last_week: __("In the Last Week") },
};

export const NO_FILTERS = { owner: [], source: [], type: [], tag: [], postponed: [], closing: "", changed: "", min: "", max: "" };

/** Each filter that is set, beside scope and search: what it says, and what is shown without it. */
export const filtersSet = computed(() => {
	const { min, max } = shown.value;
	const found = [];
	const add = (name, value, without) => found.push({ text: `${name}: ${value}`, without });
	for (const [key, words] of Object.entries(SPANS)) {
		const value = shown.value[key];
		if (value) add(NAMES[key], words[value] || value, { [key]: "" });
	}
	for (const key of LISTS) {
		const all = shown.value[key];
		for (const value of all) add(NAMES[key], wordOf(key, value), { [key]: all.filter((each) => each !== value) });
	}
	if (min || max) add(__("Value"), [min && `≥ ${amountOf(min)}`, max && `≤ ${amountOf(max)}`].filter(Boolean).join(" · "), { min: "", max: "" });
	return found;
});

const isPerson = (key) => key === "owner" || key === "postponed";
const wordOf = (key, value) => (isPerson(key) ? personOf(value) || __("No owner") : word(value));
const amountOf = (text) => (Number.isNaN(Number(text)) ? text : money(Number(text), currency.value));

/** The chips on one line; those for which it has no room are counted, and the dialog has them. */
export function FilterChips() {
	const line = useRef();
	const at = useRef(-1);
	const [room, setRoom] = useState(Infinity);
	const set = filtersSet.value;
	useLayoutEffect(() => {
		const measure = () => setRoom(roomIn(line.current));
		const observer = new ResizeObserver(measure);
		observer.observe(line.current);
		return () => observer.disconnect();
	}, []);
	useLayoutEffect(() => {
		setRoom(roomIn(line.current));
		if (at.current >= 0) focusFrom(line.current, at.current);
		at.current = -1;
	}, [set]);
	const takeOff = (index) => {
		at.current = index;
		show(set[index].without);
	};
	const rest = set.length - room;
	return html`<section class="filters" aria-label=${__("Filters")} hidden=${!set.length}>
		<div ref=${line} class="filter-line">
			${set.map(({ text }, index) => html`<button key=${text} type="button" class="filter" inert=${index >= room} aria-label=${__("{0}: remove filter", [text])} title=${text} onClick=${() => takeOff(index)}>
				<span dir="auto">${text}</span><svg aria-hidden="true"><use href="#icon-close" /></svg>
			</button>`)}
		</div>
		${rest > 0 && html`<button type="button" class="filter" aria-label=${__("{0} more", [rest])} onClick=${() => ask("filters")}>+${rest}</button>`}
		<button type="button" class="filter clear" onClick=${clear}>${__("Clear Filters")}</button>
	</section>`;
}

/** How many chips stand on the first line of those that wrap. */
function roomIn(line) {
	const chips = [...line.children];
	const next = chips.findIndex((chip) => chip.offsetTop > chips[0].offsetTop);
	return next < 0 ? Infinity : next;
}

/** The focus goes to what has come to the place of a chip, else to what sets filters. */
function focusFrom(line, index) {
	const chips = [...line.children].filter((chip) => !chip.inert);
	(chips[Math.min(index, chips.length - 1)] || document.getElementById("filter")).focus();
}

function clear() {
	document.getElementById("filter").focus();
	show(NO_FILTERS);
}
