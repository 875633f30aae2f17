/** The list of activities: what is planned across opportunities, by when it is due, and what was done lately. */

import { show, shown } from "./address.js";
import { requestId, write } from "./api.js";
import { withoutRow } from "./activity_store.js";
import { __, boot } from "./boot.js";
import { Owner, choose, takeFocus } from "./card.js";
import { filtersSet } from "./filter_chips.js";
import { entryOf, focused, rowActions, rowOf, wanted } from "./focus.js";
import { FoldingHead, isFolded } from "./folding.js";
import { ask, moving, refused, settle } from "./moves.js";
import { confirm, say } from "./notices.js";
import { activities, isBusy, marked, personOf, readMoreActivities, refreshSoon } from "./store.js";
import { compact, day, dayWithin, money, moment, momentWithin, number } from "./values.js";
import { html, useLayoutEffect, useRef } from "./vendor/preact.js";
import { scrollTo, useRows } from "./virtual_list.js";

const LANE = "activities";
const DONE = "done";
const sectionNames = () => ({
	overdue: __("Overdue"),
	today: __("Today"),
	this_week: __("This Week"),
	later: __("Later"),
	no_date: __("Without Date"),
	done: __("Done"),
});
const kinds = () => [
	["follow_up", __("Follow-up"), __("Follow-ups"), "flag"],
	["task", __("Task"), __("Tasks"), "task"],
	["event", __("Event"), __("Events"), "calendar"],
	["call", __("Call"), __("Calls"), "phone"],
	["meeting", __("Meeting"), __("Meetings"), "people"],
	["email", __("Email"), __("Emails"), "mail"],
];

rowActions.set(LANE, actionByKey);

export function Activities() {
	const { open, due } = shown.value;
	const aim = wanted.value;
	useLayoutEffect(() => showRow(aim), [aim]);
	useLayoutEffect(() => showRow(rowOf(open)?.name), [open, Boolean(activities.value)]);
	if (!activities.value) return html`<section class="activities placeholder" aria-busy="true" aria-label=${__("Activities")}><i /><i /><i /></section>`;
	const sections = activities.value.filter((section) => section.count && (!due || section.key === due));
	return html`<section class="activities" data-scrolls aria-label=${__("Activities")} aria-busy=${isBusy.value}>
		<h2 class="sr-only">${__("Activities")}</h2>
		<${Tools} />
		${sections.map((section) => html`<${Section} key=${section.key} section=${section} />`)}
		${sections.length === 0 && html`<${Empty} />`}
	</section>`;
}

function Empty() {
	const { kind, due, delegated, text, state } = shown.value;
	const isNarrowed = kind || due || delegated || text || state || filtersSet.value.length;
	return html`<p class="empty">${isNarrowed ? __("Nothing matches. Search and filters are in the bar above.") : __("Nothing is planned. Next contacts, tasks and appointments of opportunities come here.")}</p>`;
}

function Tools() {
	const { kind, due, delegated } = shown.value;
	const names = sectionNames();
	return html`<div class="activity-tools">
		<div class="chosen-section" role="group" aria-label=${__("Due")}>
			${activities.value.map(({ key, count }) => html`<button key=${key} type="button" class="figure ${key === "overdue" && count ? key : ""}" aria-pressed=${due === key} onClick=${() => show({ due: due === key ? "" : key })}>
				<span>${names[key]}</span> <strong>${number(count, 0)}</strong>
			</button>`)}
		</div>
		<select aria-label=${__("Kind")} value=${kind} onChange=${(event) => show({ kind: event.target.value })}>
			<option value="">${__("All Activities")}</option>
			${kinds().map(([key, , label]) => html`<option key=${key} value=${key}>${label}</option>`)}
		</select>
		<button type="button" class="button small" aria-pressed=${delegated} title=${__("Tasks that I have given to others")} onClick=${() => show({ delegated: !delegated })}>${__("Delegated")}</button>
	</div>`;
}

function Section({ section }) {
	const { key, count } = section;
	const name = sectionNames()[key];
	return html`<section class="activity-section ${key}" aria-label=${name}>
		<${FoldingHead} fold=${key} name=${name} count=${count}>${key === DONE && html`<small>${__("in 30 days")}</small>`}<//>
		${!isFolded(key) && html`<${Rows} section=${section} folded=${shown.value.folded} />`}
	</section>`;
}

/** The rows on the screen, which others come onto once what is above is `folded`. */
function Rows({ section }) {
	const { key, count, rows, isAll } = section;
	const list = useRef();
	const { first, last, style } = useRows(list, rows, count, isAll, () => readMoreActivities(section));
	const onScreen = rows.slice(first, last);
	const entry = entryOf(LANE, onScreen.map((row) => row.name));
	return html`<ul ref=${list} data-section=${key} style=${style}>
		${onScreen.map((row, index) => html`<${Row} key=${row.name} row=${row} at=${first + index + 1} of=${count} isDone=${key === DONE} isEntry=${row.name === entry} />`)}
	</ul>`;
}

/** Bring a row onto the screen, which need not be in the document yet. */
function showRow(name) {
	if (!name) return;
	requestAnimationFrame(() => {
		for (const { key, rows } of activities.value || []) {
			const [index, list] = [rows.findIndex((row) => row.name === name), document.querySelector(`[data-section="${key}"]`)];
			if (index >= 0 && list) scrollTo(list, index, document.querySelector(".activity-tools").offsetHeight);
		}
	});
}

function Row({ row, at, of, isDone, isEntry }) {
	const { card } = row;
	const isOpen = shown.value.open === card.name;
	const classes = ["activity", isOpen && "open", isDone && "done", marked.value.has(card.name) && "marked", moving.value.has(row.name) && "moving"];
	const mayAct = boot.may_write && !isDone;
	const named = [...new Set([whatOf(row), card.title])].join(" · ");
	const [, kind, , icon] = kindOf(row);
	return html`<li class=${classes.filter(Boolean).join(" ")} data-name=${row.name} aria-setsize=${of} aria-posinset=${at} onFocusIn=${() => (focused.value = { lane: LANE, name: row.name })}>
		${mayAct
			? html`<button type="button" class="icon-button tick" tabindex=${isEntry ? 0 : -1} title="${__("Done")} (D)" aria-label=${__("Done: {0}", [named])} onClick=${() => finish(row)}><svg aria-hidden="true"><use href="#icon-check" /></svg></button>`
			: html`<span class="tick" />`}
		<svg class="kind" aria-hidden="true"><use href="#icon-${icon}" /></svg>
		<div class="what">
			<h4><span class="sr-only">${kind}: </span><${RowLink} row=${row} isEntry=${isEntry} /></h4>
			<p class="about" dir="auto">${aboutOf(row)}</p>
		</div>
		<span class="when">${whenOf(row)}</span>
		<span class="value">${card.opportunity_amount !== undefined && html`<span title=${money(card.opportunity_amount, card.currency)}>${compact(card.opportunity_amount, card.currency)}</span>`}</span>
		<${Owner} user=${row.user} />
		${mayAct && html`<button type="button" class="button small snooze" tabindex=${isEntry ? 0 : -1} title="${__("Snooze")} (S)" aria-label=${__("Snooze: {0}", [named])} onClick=${() => snooze(row)}>${__("Snooze")}</button>`}
	</li>`;
}

/** What is to be done, which leads to the opportunity beside the list. */
function RowLink({ row, isEntry }) {
	const link = useRef();
	useLayoutEffect(() => takeFocus(link.current, row.name), [wanted.value, row.name]);
	return html`<a ref=${link} href=${`#${encodeURIComponent(row.opportunity)}`} dir="auto" title=${whatOf(row)} tabindex=${isEntry ? 0 : -1}
		aria-current=${shown.value.open === row.opportunity ? "true" : undefined} onClick=${(event) => choose(event, row.card)}>${whatOf(row)}</a>`;
}

const whatOf = ({ what, card }) => what || card.title;
const kindOf = ({ kind }) => kinds().find(([key]) => key === kind);
const isMoment = (at) => at.length > 10;
const whenOf = ({ at }) => at && (isMoment(at) ? moment(at) : day(at));

/** The opportunity, its party, and who has given the task; the kind of what has no words of its own. */
function aboutOf(row) {
	const { card, given_by: giver, user, what } = row;
	const from = giver && giver !== user ? __("from {0}", [personOf(giver)]) : "";
	return [...new Set([what ? card.title : kindOf(row)[1], card.customer_name, from])].filter(Boolean).join(" · ");
}

function actionByKey(name, key) {
	const action = { d: finish, s: snooze }[key];
	const row = action && boot.may_write && planned(name);
	return row && (() => action(row));
}

const planned = (name) => activities.value?.flatMap(({ key, rows }) => (key === DONE ? [] : rows)).find((row) => row.name === name);

/** A next contact is done with its outcome; a task or an appointment at once. */
function finish(row) {
	if (row.doctype === "Opportunity") return ask("done", row.card);
	const undo = () => change(row, "set_done", { done: 0 }, () => say(__("Undone")));
	return change(row, "set_done", { done: 1 }, () => confirm(__("Done: {0}", [whatOf(row)]), undo));
}

function snooze(row) {
	if (row.doctype === "Opportunity") return ask("snooze", row.card);
	const postpone = async (to) => {
		const until = isMoment(to) && isMoment(row.at || "") ? momentWithin(to) : dayWithin(to.slice(0, 10));
		const undo = () => change(row, "move_activity", { to: row.at || "", from_at: to }, () => say(__("Undone")));
		await change(row, "move_activity", { to, from_at: row.at || "" }, () => confirm(__("{0} is postponed to {1}", [whatOf(row), until]), undo), true);
	};
	return ask("postpone", row.card, { what: whatOf(row), at: row.at, isEntry: row.doctype === "Event", postpone });
}

/** Write what becomes of a row, which is gone at once from where it stood, and back if it is refused. */
async function change(row, method, args, onDone, throws = false) {
	const before = activities.value;
	const ahead = (activities.value = withoutRow(before, row.name));
	const sent = { doctype: row.doctype, name: row.record, opportunity: row.opportunity, ...args, request_id: requestId() };
	try {
		settle(row.opportunity, await write(`crm_pipeline.api.activity_list.${method}`, sent));
		onDone();
	} catch (error) {
		if (activities.value === ahead) activities.value = before;
		else refreshSoon();
		if (throws) throw error;
		refused(error, row.card);
	}
}
