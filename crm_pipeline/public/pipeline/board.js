/** The board: a column for each open stage, won and lost as strips to drop on. */

import { show, shown } from "./address.js";
import { __, boot } from "./boot.js";
import { Card } from "./card.js";
import { carried } from "./carry.js";
import { dropTarget } from "./drag.js";
import { filtersSet } from "./filter_chips.js";
import { ask } from "./moves.js";
import { columns, currency, isBusy, readMoreCards } from "./store.js";
import { compact, money, number, percent } from "./values.js";
import { html } from "./vendor/preact.js";
import { VirtualList } from "./virtual_list.js";

const LANE_WHILE_LOADING = [0, 1, 2, 3];

export function Board() {
	if (!columns.value) return isBusy.value ? html`<${Placeholder} />` : null;
	const open = columns.value.filter((column) => column.type === "Open");
	const ended = columns.value.filter((column) => column.type !== "Open");
	return html`<div class="board" aria-busy=${isBusy.value}>
		${open.map((column) => html`<${Column} key=${column.key} column=${column} head=${html`<${Head} column=${column} />`} />`)}
		<div class="strips">${ended.map((column) => html`<${Strip} key=${column.key} column=${column} />`)}</div>
	</div>`;
}

/** A column of the board or the forecast, which takes cards. */
export function Column({ column, head }) {
	const { key, name, count, cards } = column;
	const isAim = carried.value?.key === key;
	return html`<section class="column ${isAim ? "aim" : ""}" data-lane=${key} aria-label=${name} ...${dropTarget(column)}>
		${head}
		${count === 0 && !cards.length
			? html`<p class="empty">${shown.value.text || shown.value.state || filtersSet.value.length ? __("No match") : __("No opportunities here")}</p>`
			: html`<${VirtualList} lane=${key} items=${cards} total=${count} isAll=${column.isAll} label=${name} loadMore=${() => readMoreCards(column)}
					row=${(card, _index, isEntry) => html`<${Card} card=${card} lane=${key} isEntry=${isEntry} isDraggable=${boot.may_write} />`} />`}
	</section>`;
}

function Head({ column }) {
	const { stage, name, count, amount, weighted, probability } = column;
	const title = `${__("Value")} ${money(amount, currency.value)} · ${__("Weighted")} ${money(weighted, currency.value)}`;
	return html`<header class="column-head" style=${{ "--probability": `${probability}%` }}>
		<h2 dir="auto" title=${name}>${name}</h2>
		<span class="count">${number(count, 0)}</span>
		<span class="sum" title=${title}>${compact(amount, currency.value)}</span>
		<span class="probability" title=${__("Probability")}>${percent(probability)}</span>
		${boot.may_create &&
		html`<button type="button" class="icon-button" title=${__("New Opportunity")} aria-label=${__("New opportunity in {0}", [name])} onClick=${() => ask("new", null, { stage })}>
			<svg aria-hidden="true"><use href="#icon-plus" /></svg>
		</button>`}
	</header>`;
}

function Strip({ column }) {
	const { key, name, type, count, amount } = column;
	const isAim = carried.value?.key === key;
	return html`<section class="strip ${type.toLowerCase()} ${isAim ? "aim" : ""}" data-lane=${key} aria-label=${name} title=${__("Last 30 days: {0}", [money(amount, currency.value)])} ...${dropTarget(column)}>
		<h2 dir="auto"><button type="button" onClick=${() => show({ view: "list", state: type.toLowerCase(), sort: "urgency", descending: false })}>${name}</button></h2>
		<span class="count">${number(count, 0)}</span>
		<span class="sum">${compact(amount, currency.value)}</span>
	</section>`;
}

export function Placeholder() {
	return html`<div class="board" role="group" aria-busy="true" aria-label=${__("Loading")}>
		${LANE_WHILE_LOADING.map((lane) => html`<div key=${lane} class="column placeholder" aria-hidden="true"><i /><i /><i /></div>`)}
	</div>`;
}
