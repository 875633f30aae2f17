/** The reports of Desk, asked about what the page shows. */

import { shown } from "./address.js";
import { __, boot } from "./boot.js";
import { Menu } from "./menu.js";
import { html } from "./vendor/preact.js";

export function ReportsMenu() {
	const reports = boot.desk?.reports || [];
	if (!reports.length) return null;
	return html`<${Menu}
		label=${__("Reports")}
		face=${html`<svg aria-hidden="true"><use href="#icon-chart" /></svg>`}
		content=${() => [
			html`<strong key="">${__("Reports")}</strong>`,
			...reports.map((report) => html`<a key=${report.label} class="button small" href=${addressOf(report)}>${report.label}</a>`),
		]}
	/>`;
}

/** The address of a report on the process that is shown, and on the owner if it is one. */
function addressOf({ address, of_one_process }) {
	const { process, scope } = shown.value;
	const owner = scope === "mine" ? boot.user : scope.startsWith("user:") && scope.slice(5);
	const query = new URLSearchParams({ sales_process: of_one_process ? process : JSON.stringify([process]) });
	if (owner) query.set("opportunity_owner", JSON.stringify([owner]));
	return `${address}?${query}`;
}
