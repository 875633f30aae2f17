/** The search: asks the server, over all processes and ended opportunities too; or narrows what is shown. */

import { open, show, shown } from "./address.js";
import { read } from "./api.js";
import { __, word } from "./boot.js";
import { refused } from "./moves.js";
import { take } from "./store.js";
import { folded, money } from "./values.js";
import { html, useEffect, useState } from "./vendor/preact.js";

const DELAY = 180; // ms
const SHORTEST = 2;

/** Go to the search, at once: what is typed next belongs there. */
export const focusSearch = () => document.getElementById("search").focus();

export function Search() {
	const [text, setText] = useState(shown.value.text);
	const [found, setFound] = useState(null);
	const [at, setAt] = useState(-1);
	useEffect(() => setText(shown.value.text), [shown.value.text]);
	useEffect(() => lookUp(text, shown.value.text, setFound, setAt), [text, shown.value.text]);
	const narrow = () => finish(() => show({ text: text.trim() }), setFound);
	const choose = (row) => finish(() => (row ? goTo(row) : narrow()), setFound);
	const onKeyDown = (event) => keys(event, { at, setAt, found, choose, empty: () => clear(setText, setFound) });
	return html`<div class="search" role="search">
		<svg aria-hidden="true"><use href="#icon-search" /></svg>
		<input id="search" type="search" role="combobox" aria-expanded=${Boolean(found)} aria-controls="found" aria-autocomplete="list" aria-activedescendant=${at >= 0 ? `found-${at}` : undefined}
			placeholder=${__("Search")} aria-label=${__("Search by title, party, contact, mail, phone or number")} autocomplete="off" spellcheck=${false} maxlength="140" value=${text}
			onInput=${(event) => setText(event.target.value)} onKeyDown=${onKeyDown} onBlur=${() => setTimeout(() => setFound(null), DELAY)} />
		<kbd aria-hidden="true">/</kbd>
		${found && html`<${Found} found=${found} at=${at} choose=${choose} text=${text} />`}
	</div>`;
}

function Found({ found, at, choose, text }) {
	const rows = [...found, null];
	return html`<ul class="found" id="found" role="listbox" aria-label=${__("Found")}>
		${rows.map((row, index) => html`<li key=${row?.name || ""} id=${`found-${index}`} role="option" aria-selected=${index === at} onMouseDown=${(event) => event.preventDefault()} onClick=${() => choose(row)}>
			${row ? html`<${Hit} row=${row} text=${text} />` : html`${!found.length && html`<strong>${__("Nothing found")}</strong> `}<span dir="auto">${__("Show only what matches “{0}”", [text.trim()])}</span>`}
		</li>`)}
	</ul>`;
}

function Hit({ row, text }) {
	const amount = row.opportunity_amount === undefined ? "" : money(row.opportunity_amount, row.currency);
	return html`<strong dir="auto">${row.title}</strong> <span dir="auto">${row.customer_name === row.title ? "" : row.customer_name}</span>
		<small>${[...new Set([row.name, ...standing(row), amount])].filter(Boolean).join(" · ")}</small>
		${whyFound(row, text).map((value) => html` <small key=${value} class="why" dir="auto">${value}</small>`)}`;
}

/** Of what is won or lost the stage says it. */
function standing({ status, sales_stage: stage }) {
	return ["Converted", "Lost"].includes(status) ? [word(stage)] : [word(status), word(stage)];
}

/** The values that were found by, where they are none of those that are shown anyway. */
function whyFound({ title, customer_name: party, name, ...row }, text) {
	const seen = folded([title, party, name].join(" "));
	const unseen = folded(text).split(/\s+/).filter((part) => !seen.includes(part));
	const others = [row.company_name, row.contact_email, row.contact_mobile].filter(Boolean);
	return others.filter((value) => unseen.some((part) => folded(value).includes(part)));
}

function lookUp(text, narrowed, setFound, setAt) {
	setAt(-1);
	if (text.trim().length < SHORTEST || text.trim() === narrowed) return setFound(null);
	const asking = new AbortController();
	const timer = setTimeout(async () => {
		try {
			const answer = await read("crm_pipeline.api.search.search_opportunities", { text: text.trim() }, asking.signal);
			take(answer);
			setFound(answer.rows);
		} catch (error) {
			if (error.name !== "AbortError") refused(error);
		}
	}, DELAY);
	return () => {
		clearTimeout(timer);
		asking.abort();
	};
}

function keys(event, { at, setAt, found, choose, empty }) {
	const count = found ? found.length + 1 : 0;
	const moves = { ArrowDown: 1, ArrowUp: -1 };
	if (event.key in moves && count) {
		event.preventDefault();
		setAt((at + moves[event.key] + count) % count);
	} else if (event.key === "Enter") {
		choose(at >= 0 ? found[at] : null);
	} else if (event.key === "Escape") {
		event.preventDefault();
		if (event.target.value) empty();
		else event.target.blur(); // from here on keys are for what is shown
	}
}

/** Open what was found; the keys are for it then. */
function goTo(row) {
	document.activeElement.blur();
	open(row.name);
}

function clear(setText, setFound) {
	setText("");
	finish(() => shown.value.text && show({ text: "" }), setFound);
}

function finish(work, setFound) {
	setFound(null);
	work();
}
