/** The pipeline page: puts its regions together, reads what they show, and keeps it true. */

import { filters, isOverAll, showQuery, shown } from "./address.js";
import { Bar } from "./bar.js";
import { Board, Placeholder } from "./board.js";
import { __ } from "./boot.js";
import { Day } from "./day.js";
import { FilterChips } from "./filter_chips.js";
import { neighbours } from "./focus.js";
import { leavePanel, listen } from "./keyboard.js";
import { lazy } from "./lazy.js";
import { ask } from "./moves.js";
import { Notices } from "./notices.js";
import { Pulse } from "./pulse.js";
import { condition, load, problem, readChanges, refresh, shownAsOf } from "./store.js";
import "./typed_ahead.js";
import { clock } from "./values.js";
import { computed, effect, html, render } from "./vendor/preact.js";
import { hasRail, isNarrow } from "./window_size.js";

const POLL_SECONDS = 30;

const List = lazy("./list.js", "List", Placeholder);
const Forecast = lazy("./forecast.js", "Forecast", Placeholder);
const Activities = lazy("./activities.js", "Activities", Placeholder);
const Panel = lazy("./panel.js", "Panel");
const Dialogs = lazy("./dialogs/index.js", "Dialogs");

const REGIONS = { board: Board, list: List, forecast: Forecast, day: Day, activities: Activities };

/** What decides which opportunities are asked for; opening one does not. */
const question = computed(() => {
	const { view, process, sort, descending, kind, due, delegated } = shown.value;
	return JSON.stringify([view, process, sort, descending, kind, due, delegated, filters.value]);
});

function App() {
	const { view, open: name, dense } = shown.value;
	return html`
		<a class="skip" href="#main">${__("Skip to the opportunities")}</a>
		<div class="above" inert=${Boolean(name) && isNarrow.value}>
			<${Bar} />
			<${FilterChips} />
			<${Pulse} />
		</div>
		<${Condition} />
		<div class="regions view-${view} ${name ? "with-panel" : ""} ${dense ? "dense" : ""}">
			${hasRail.value && !isOverAll.value && html`<div class="rail"><${Day} /></div>`}
			<main id="main" tabindex="-1"><${REGIONS[view]} /></main>
			${name && html`<${Panel} key="panel" name=${name} way=${neighbours(name)} onClose=${leavePanel} />`}
		</div>
		<${Dialogs} />
		<${Notices} />
	`;
}

/** What the reader must know about what is shown: that it is old, that it could not be read, that they are signed out. */
function Condition() {
	const texts = {
		stale: __("The server cannot be reached. This is how it was at {0}.", [shownAsOf.value && clock(shownAsOf.value)]),
		"signed-out": __("You are signed out. What is shown and typed stays."),
		failed: problem.value,
	};
	const text = texts[condition.value];
	if (!text) return null;
	const isSignedOut = condition.value === "signed-out";
	return html`<div class="condition" role="alert">
		<p dir="auto">${text}</p>
		${isSignedOut
			? html`<button type="button" class="button small" onClick=${() => ask("sign-in")}>${__("Sign In")}</button>`
			: html`<button type="button" class="button small" onClick=${refresh}>${__("Try Again")}</button>`}
		${condition.value === "failed" && html`<button type="button" class="button small" onClick=${() => showQuery("")}>${__("Start Over")}</button>`}
	</div>`;
}

function keepTrue() {
	setInterval(() => document.visibilityState === "visible" && readChanges(), POLL_SECONDS * 1000);
	document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && readChanges());
	addEventListener("focus", readChanges);
	addEventListener("online", readChanges);
}

effect(() => {
	if (question.value) queueMicrotask(load); // beside the effect: what it reads and writes asks no further question
});
listen();
keepTrue();
render(html`<${App} />`, document.getElementById("app"));
