/** Who put the closing of what is shown off the most; each leads to the list of these. */

import { filters, show, shown } from "../address.js";
import { read } from "../api.js";
import { __ } from "../boot.js";
import { dialog } from "../moves.js";
import { personOf, take } from "../store.js";
import { number } from "../values.js";
import { html } from "../vendor/preact.js";
import { Dialog, useAnswer } from "./frame.js";

export function Postponed() {
	const [answer, trouble] = useAnswer(ask, "");
	return html`<${Dialog} title=${__("Who postponed the most?")} about=${__("Expected Closing postponed in the last 365 days, of what scope and filters leave")} trouble=${trouble}>
		${!trouble && html`<${Ranking} rows=${answer?.rows} />`}
	<//>`;
}

async function ask() {
	const answer = await read("crm_pipeline.api.pipeline.get_postponed", { filters: filters.value, sales_process: shown.value.process });
	take(answer);
	return answer;
}

function Ranking({ rows }) {
	if (!rows) return html`<p class="none" role="status">${__("Loading")}</p>`;
	if (!rows.length) return html`<p class="none" role="status">${__("Nothing was postponed.")}</p>`;
	const heads = [__("Owner at the time"), __("Times"), __("Days"), __("Opportunities")];
	return html`<table class="ranking">
		<thead><tr>${heads.map((head) => html`<th key=${head} scope="col">${head}</th>`)}</tr></thead>
		<tbody>${rows.map(
			({ user, times, days, opportunities }) => html`<tr key=${user}>
				<th scope="row"><button type="button" class="link" onClick=${() => list(user)} dir="auto">${personOf(user) || __("No owner")}</button></th>
				${[times, days, opportunities].map((figure, index) => html`<td key=${index}>${number(figure, 0)}</td>`)}
			</tr>`,
		)}</tbody>
	</table>`;
}

function list(user) {
	dialog.value = null;
	show({ view: "list", postponed: [user] });
}
