/** What is offered: the items, the quotations, and what suppliers ask for it. */

import { __, boot, word } from "../boot.js";
import { ask } from "../moves.js";
import { day, dayWithin, money, number } from "../values.js";
import { html } from "../vendor/preact.js";

export function Offers({ record }) {
	const about = record.panel.value;
	const { items, quotations, supplier_quotations: supplies } = about;
	const isEmpty = !items.length && !quotations.length && !supplies.length;
	if (isEmpty) return html`<p class="quiet empty">${__("There are no items and no quotations yet.")}</p>`;
	return html`
		${quotations.length > 0 && html`<${Documents} title=${__("Quotations")} rows=${quotations} card=${about.card} />`}
		${quotations.length > 0 && !boot.desk && html`<p class="quiet">${__("Quotations are edited in Desk, which this host does not have.")}</p>`}
		${supplies.length > 0 && html`<${Documents} title=${__("Supplier Quotations")} rows=${supplies} />`}
		${items.length > 0 && html`<${Items} items=${items} doc=${about.doc} />`}
	`;
}

function Documents({ title, rows, card }) {
	return html`<section class="documents"><h3>${title}</h3>
		<ul>${rows.map((row) => html`<${Quotation} key=${row.name} row=${row} card=${card} />`)}</ul>
	</section>`;
}

function Quotation({ row, card }) {
	const dates = [row.transaction_date && day(row.transaction_date), row.valid_till && __("valid until {0}", [dayWithin(row.valid_till)])];
	return html`<li class=${row.replaced ? "replaced" : ""}>
		<p class="document-head">
			<${Name} row=${row} />
			<span class="status" data-status=${row.status}>${row.label || word(row.status)}</span>
			${Boolean(row.replaced) && html`<span class="status" data-status="Closed">${__("Replaced")}</span>`}
			${row.request_status && html`<span class="status" data-status="Closed">${word(row.request_status)}</span>`}
			<strong>${row.amount === undefined ? "" : money(row.amount, row.currency)}</strong>
		</p>
		<p class="quiet" dir="auto">${[row.party_name, ...dates].filter(Boolean).join(" · ")}</p>
		${row.open_rows && html`<${Decisions} quotation=${row} card=${card} />`}
	</li>`;
}

/** What the server lets the user say of how it ended. */
function Decisions({ quotation, card }) {
	return html`<div class="actions" role="group" aria-label=${__("Actions for {0}", [quotation.name])}>
		<button type="button" class="button small" onClick=${() => ask("order-quotation", card, { quotation })}>${__("Mark as Ordered")}</button>
		<button type="button" class="button small" onClick=${() => ask("lose-quotation", card, { quotation })}>${__("Declare Lost")}</button>
	</div>`;
}

function Name({ row }) {
	const base = row.doctype === "Quotation" ? boot.desk?.quotation : boot.desk?.supplier_quotation;
	if (!base) return html`<span dir="auto">${row.name}</span>`;
	return html`<a href="${base}${encodeURIComponent(row.name)}" target="_blank" rel="noopener" dir="auto">${row.name}</a>`;
}

function Items({ items, doc }) {
	return html`<section class="items"><h3>${__("Items")}</h3>
		<table>
			<thead><tr><th scope="col">${__("Item")}</th><th scope="col">${__("Quantity")}</th><th scope="col">${__("Price")}</th><th scope="col">${__("Amount")}</th></tr></thead>
			<tbody>${items.map(
				(row) => html`<tr key=${row.name}>
					<td dir="auto">${row.item_name || row.item_code || row.description}</td>
					<td>${row.qty === undefined ? "–" : number(row.qty, 3)} ${row.uom || ""}</td>
					<td>${money(row.rate, doc.currency)}</td>
					<td>${money(row.amount, doc.currency)}</td>
				</tr>`,
			)}</tbody>
			${doc.total !== undefined && html`<tfoot><tr><th scope="row" colspan="3">${__("Total")}</th><td>${money(doc.total, doc.currency)}</td></tr></tfoot>`}
		</table>
	</section>`;
}
