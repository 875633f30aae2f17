/** The list: what the board shows, edited in place, many at once; or what was won or lost lately; sorted at will. */

import { run } from "./actions.js";
import { close, isEnded, show, shown } from "./address.js";
import { __, boot, word } from "./boot.js";
import { Owner, State, TitleLink, partyOf } from "./card.js";
import { chosen, focused, toggle } from "./focus.js";
import { InPlace, Stage } from "./list_cells.js";
import { ask } from "./moves.js";
import { currency, isBusy, marked, readMoreRows, rows } from "./store.js";
import { day, isPastDay, money, number } from "./values.js";
import { html } from "./vendor/preact.js";
import { VirtualList } from "./virtual_list.js";

const BULK = () => [
	["assign", __("Assign")],
	["move", __("Move")],
	["pause", __("Pause")],
	["close_date", __("Expected Closing")],
	["tag", __("Tag")],
	["lost", __("Declare Lost")],
];
const HEADS = () => [
	["title", __("Title")],
	["stage", __("Stage")],
	["amount", shown.value.state === "won" ? __("Revenue") : __("Amount")],
	...(isEnded.value
		? [["closed", __("Closed On")]]
		: [
				["closing", __("Expected Closing")],
				["next_contact", __("Next Contact")],
			]),
	["owner", __("Owner")],
];

export function List() {
	if (!rows.value) return html`<div class="list placeholder" role="group" aria-busy="true" aria-label=${__("Loading")}><i /><i /><i /><i /></div>`;
	const { rows: all, count, isAll } = rows.value;
	return html`<div class="list ${isEnded.value ? "ended" : ""}" aria-busy=${isBusy.value}>
		${chosen.value.size > 0 && !isEnded.value ? html`<${Bulk} />` : html`<${Sums} />`}
		<${Head} names=${all.map((row) => row.name)} />
		${count === 0
			? html`<p class="empty">${__("Nothing matches. Search and filters are in the bar above.")}</p>`
			: html`<${VirtualList} lane="list" items=${all} total=${count} isAll=${isAll} label=${__("Opportunities")} loadMore=${readMoreRows}
					row=${(card, _index, isEntry) => html`<${Row} card=${card} isEntry=${isEntry} />`} />`}
	</div>`;
}

const mayChoose = () => boot.may_write && !isEnded.value;

function Head({ names }) {
	const { sort, descending } = shown.value;
	const isAll = names.length > 0 && names.every((name) => chosen.value.has(name));
	return html`<div class="list-head row">
		<input type="checkbox" aria-label=${__("Choose all that are loaded")} checked=${isAll} disabled=${!mayChoose()} onChange=${() => (chosen.value = new Set(isAll ? [] : names))} />
		${HEADS().map(([key, label]) => html`<button key=${key} type="button" class="head-${key}" aria-pressed=${sort === key} onClick=${() => show({ sort: key, descending: sort === key ? !descending : key === "amount" }, false)}>
			${label} ${sort === key && html`<span aria-hidden="true">${descending ? "↓" : "↑"}</span><span class="sr-only">${descending ? __("descending") : __("ascending")}</span>`}
		</button>`)}
	</div>`;
}

function Sums() {
	const { count, amount, weighted } = rows.value;
	const worth = shown.value.state === "won" ? __("Revenue") : __("Value");
	return html`<p class="list-sums">
		<strong>${number(count, 0)}</strong> ${count === 1 ? __("Opportunity") : __("Opportunities")} · ${worth} <strong>${money(amount, currency.value)}</strong>
		${!isEnded.value && html`· ${__("Weighted")} <strong>${money(weighted, currency.value)}</strong>`}
		<${WhoPostponed} />
	</p>`;
}

/** Asks who put the closing of what is shown off the most. */
export function WhoPostponed() {
	return html`<button type="button" class="button small" onClick=${() => ask("postponed")}>${__("Who postponed the most?")}</button>`;
}

function Bulk() {
	const names = [...chosen.value];
	return html`<div class="bulk" role="toolbar" aria-label=${__("With the chosen ones")}>
		<strong>${__("{0} chosen", [names.length])}</strong>
		${BULK().map(([action, label]) => html`<button key=${action} type="button" class="button small" onClick=${() => ask("bulk", null, { action, names, onDone: () => (chosen.value = new Set()) })}>${label}</button>`)}
		<button type="button" class="button small" onClick=${() => (chosen.value = new Set())}>${__("Choose None")}</button>
	</div>`;
}

function Row({ card, isEntry }) {
	const isOpen = shown.value.open === card.name;
	return html`<div class="row ${isOpen ? "open" : ""} ${marked.value.has(card.name) ? "marked" : ""}" data-name=${card.name}
		onFocusIn=${() => (focused.value = { lane: "list", name: card.name })}>
		<input type="checkbox" aria-label=${__("Choose {0}", [card.title])} tabindex=${isEntry ? 0 : -1} disabled=${!mayChoose()} checked=${chosen.value.has(card.name)} onChange=${() => toggle(card.name)} />
		<span class="cell-title">
			<${TitleLink} card=${card} isEntry=${isEntry} onClick=${isOpen ? shut : undefined} />
			<small dir="auto">${partyOf(card)}</small>
		</span>
		<${isEnded.value ? EndedCells : Cells} card=${card} isEntry=${isEntry} />
	</div>`;
}

/** The title of what is open closes it. */
function shut(event) {
	event.preventDefault();
	close();
}

function Cells({ card, isEntry }) {
	const { expected_closing: closing } = card;
	return html`
		<${Stage} card=${card} isEntry=${isEntry} />
		<${InPlace} card=${card} isEntry=${isEntry} field="opportunity_amount" type="Currency" input="text" look="cell-amount" label=${__("Amount of {0}", [card.title])}>${amountOf(card.opportunity_amount, card.currency)}<//>
		<${InPlace} card=${card} isEntry=${isEntry} field="expected_closing" type="Date" input="date" look="cell-closing ${closing && isPastDay(closing) ? "late" : ""}" label=${__("Expected closing of {0}", [card.title])}>${closing ? day(closing) : "–"}<//>
		<${InPlace} card=${card} isEntry=${isEntry} field="next_contact_date" type="Datetime" input="datetime-local" look="cell-state" label=${__("Next contact of {0}", [card.title])}><${State} card=${{ ...card, expected_closing: null }} /><//>
		<button type="button" class="cell-owner" tabindex=${isEntry ? 0 : -1} disabled=${!boot.may_write} aria-label=${__("Assign {0}", [card.title])} onClick=${() => ask("assign", card)}><${Owner} user=${card.opportunity_owner} /></button>
	`;
}

/** What has ended is read, and reopened. */
function EndedCells({ card, isEntry }) {
	const isWon = shown.value.state === "won";
	const worth = isWon ? amountOf(card.close_revenue, card.close_revenue_currency || card.currency) : amountOf(card.opportunity_amount, card.currency);
	return html`
		<span class="cell-stage">${word(card.sales_stage)}</span>
		<span class="cell-amount">${worth}</span>
		<span class="cell-closing">${card.closed_on ? day(card.closed_on) : "–"}</span>
		<span class="cell-owner"><${Owner} user=${card.opportunity_owner} /></span>
		<span>${boot.may_write && html`<button type="button" class="button small" tabindex=${isEntry ? 0 : -1} aria-label=${__("Reopen {0}", [card.title])} onClick=${() => run("reopen", card)}>${__("Reopen")}</button>`}</span>
	`;
}

const amountOf = (value, code) => (value === undefined ? "" : money(value, code));
