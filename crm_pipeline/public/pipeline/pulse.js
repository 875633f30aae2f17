/** The pulse of the pipeline: what needs somebody, each figure the server's and a filter at once. */

import { isEnded, show, shown } from "./address.js";
import { __ } from "./boot.js";
import { currency, pulse, rows, totals } from "./store.js";
import { compact, money, number } from "./values.js";
import { html } from "./vendor/preact.js";

const kinds = () => [
	["today", __("Today"), "phone"],
	["overdue", __("Overdue"), "phone"],
	["waiting", __("Waiting for Us"), "reply"],
	["rotting", __("Rotting"), "clock"],
	["no_step", __("No Next Step"), "flag"],
	["paused", __("Paused"), "pause"],
];
const ended = () => [
	["won", __("Won in 30 Days"), "won"],
	["lost", __("Lost in 30 Days"), "lost"],
];
/** What is offered, and what has ended while that is looked at. */
const offered = () => [...ended().filter(([kind]) => kind === shown.value.state), ...kinds()];

export function Pulse() {
	return html`<section class="pulse" aria-label=${__("Pulse")}>
		<div class="pulse-filters" role="group" aria-label=${__("What needs attention")}>
			${offered().map(([key, label, icon]) => html`<${Figure} key=${key} kind=${key} label=${label} icon=${icon} />`)}
		</div>
		<${Totals} />
	</section>`;
}

function Figure({ kind, label, icon }) {
	const isOn = shown.value.state === kind;
	const { count, amount, weighted } = (isOn && isEnded.value ? rows.value : pulse.value?.[kind]) || {};
	const title = count ? `${__("Value")} ${money(amount, currency.value)} · ${__("Weighted")} ${money(weighted, currency.value)}` : "";
	return html`<button type="button" class="figure ${count ? kind : ""}" aria-pressed=${isOn} title=${title} onClick=${() => show({ state: isOn ? "" : kind })}>
		<svg aria-hidden="true"><use href="#icon-${icon}" /></svg>
		<span>${label}</span> <strong>${count === undefined ? "–" : number(count, 0)}</strong>
		${count > 0 && html`<small>${compact(amount, currency.value)}</small>`}
	</button>`;
}

function Totals() {
	const { count, amount, weighted } = totals.value || {};
	const figures = [
		[__("Opportunities"), count === undefined ? "–" : number(count, 0)],
		[__("Value"), compact(amount, currency.value), money(amount, currency.value)],
		[__("Weighted"), compact(weighted, currency.value), money(weighted, currency.value)],
	];
	return html`<dl class="totals">
		${figures.map(([label, text, title]) => html`<div key=${label}><dt>${label}</dt><dd title=${title}>${text}</dd></div>`)}
	</dl>`;
}
