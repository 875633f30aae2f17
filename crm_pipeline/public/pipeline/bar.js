/** The bar: whose opportunities, of which process, searched and filtered how; new ones; and who is signed in. */

import { VIEWS, isOverAll, show, shown } from "./address.js";
import { __, boot, word } from "./boot.js";
import { ask } from "./moves.js";
import { ReportsMenu } from "./reports_menu.js";
import { Search } from "./search.js";
import { personOf } from "./store.js";
import { UserMenu } from "./user_menu.js";
import { html } from "./vendor/preact.js";

const viewLabels = () => ({ board: __("Board"), list: __("List"), forecast: __("Forecast"), day: __("My Day"), activities: __("Activities") });

export function Bar() {
	return html`<header class="bar">
		<h1>${__("Pipeline")}</h1>
		<${Views} />
		<${Scope} />
		<${Process} />
		<${Search} />
		<button type="button" id="filter" class="button bar-button" onClick=${() => ask("filters")} title=${__("Filter by owner, closing, source, type, tag or value")}>
			<svg aria-hidden="true"><use href="#icon-filter" /></svg><span class="bar-text">${__("Filter")}</span>
		</button>
		<button type="button" class="button bar-button" onClick=${() => ask("views")} title=${__("Saved Views")}>
			<svg aria-hidden="true"><use href="#icon-star" /></svg><span class="bar-text">${__("Views")}</span>
		</button>
		${boot.may_create &&
		html`<button type="button" class="button primary bar-button" onClick=${() => ask("new")} title=${`${__("New Opportunity")} (Shift+N)`}>
			<svg aria-hidden="true"><use href="#icon-plus" /></svg><span class="bar-text">${__("New")}</span>
		</button>`}
		<${ReportsMenu} />
		<${UserMenu} />
	</header>`;
}

function Views() {
	const labels = viewLabels();
	return html`<nav class="views" aria-label=${__("View")}>
		${VIEWS.map((view) => html`<button key=${view} type="button" aria-pressed=${shown.value.view === view} onClick=${() => show({ view })}>${labels[view]}</button>`)}
	</nav>`;
}

function Scope() {
	const { scope } = shown.value;
	const colleagues = Object.entries(colleaguesWith(scope));
	const team = colleagues.filter(([user]) => boot.team?.includes(user));
	const others = colleagues.filter(([user]) => !boot.team?.includes(user));
	return html`<select class="scope" aria-label=${__("Whose opportunities")} value=${scope} onChange=${(event) => show({ scope: event.target.value })}>
		<option value="mine">${__("Mine")}</option>
		${(boot.team || scope === "team") && html`<option value="team">${__("My Team")}</option>`}
		<option value="all">${__("All")}</option>
		<${People} label=${__("My Team")} people=${team} />
		<${People} label=${__("Colleague")} people=${others} />
	</select>`;
}

function People({ label, people }) {
	if (!people.length) return null;
	return html`<optgroup label=${label}>
		${people.map(([user, name]) => html`<option key=${user} value=${`user:${user}`}>${name}</option>`)}
	</optgroup>`;
}

/** The colleagues, with whoever the address names, even if they sell no more. */
function colleaguesWith(scope) {
	const user = scope.startsWith("user:") ? scope.slice(5) : "";
	return user ? { [user]: personOf(user), ...boot.colleagues } : boot.colleagues;
}

function Process() {
	const { process } = shown.value;
	const offered = boot.processes.includes(process) ? boot.processes : [...boot.processes, process];
	if (offered.length < 2) return null;
	const isAll = isOverAll.value;
	return html`<select class="process" aria-label=${__("Sales Process")} disabled=${isAll} value=${isAll ? "" : process} onChange=${(event) => show({ process: event.target.value })}>
		${isAll ? html`<option value="">${__("All Processes")}</option>` : offered.map((each) => html`<option key=${each} value=${each}>${word(each)}</option>`)}
	</select>`;
}
