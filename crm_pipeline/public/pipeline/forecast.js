/** The forecast: what is in play by the month in which it is expected to close. */

import { Column, Placeholder } from "./board.js";
import { __ } from "./boot.js";
import { WhoPostponed } from "./list.js";
import { currency, isBusy, months } from "./store.js";
import { compact, money, number } from "./values.js";
import { html } from "./vendor/preact.js";

export function Forecast() {
	if (!months.value) return isBusy.value ? html`<${Placeholder} />` : null;
	return html`<p class="above-months"><${WhoPostponed} /></p>
	<div class="board forecast" aria-busy=${isBusy.value}>
		${months.value.map((column) => html`<${Column} key=${column.key} column=${column} head=${html`<${Head} column=${column} />`} />`)}
	</div>`;
}

function Head({ column }) {
	const { key, name, count, amount, weighted, won } = column;
	return html`<header class="column-head month-head ${key === "overdue" ? key : ""}">
		<h2 dir="auto" title=${name}>${name}</h2>
		<span class="count">${number(count, 0)}</span>
		<dl>
			<${Figure} label=${__("Value")} amount=${amount} />
			<${Figure} label=${__("Weighted")} amount=${weighted} />
			${won && html`<${Figure} label=${`${__("Won")} ${won.count === null ? "" : number(won.count, 0)}`} amount=${won.amount} kind="good" />`}
		</dl>
	</header>`;
}

function Figure({ label, amount, kind = "" }) {
	return html`<div class=${kind}><dt>${label}</dt><dd title=${money(amount, currency.value)}>${compact(amount, currency.value)}</dd></div>`;
}
