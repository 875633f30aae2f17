/** The dialogs about what is shown: filters, saved views, keys. */

import { actions } from "../actions.js";
import { queryOf, show, shown, showQuery } from "../address.js";
import { create, list, remove } from "../api.js";
import { __, boot } from "../boot.js";
import { NAMES, NO_FILTERS, SPANS } from "../filter_chips.js";
import { dialog, refused } from "../moves.js";
import { say } from "../notices.js";
import { currency, personOf } from "../store.js";
import { html, useState } from "../vendor/preact.js";
import { optionsOf, peopleOptions, useChoices } from "./choices.js";
import { Check, Chips, Entry, ManyChips, NumberEntry } from "./fields.js";
import { Dialog, useAnswer, useDraft } from "./frame.js";

const optionsOfSpan = (key) => Object.entries(SPANS[key]).map(([value, label]) => ({ value, label }));

export function Filters() {
	const [chosen, setChosen] = useState(() => Object.fromEntries(Object.keys(NO_FILTERS).map((key) => [key, shown.value[key]])));
	const set = (part) => setChosen({ ...chosen, ...part });
	const choices = useChoices();
	const lists = [
		["owner", NAMES.owner, peopleOptions(choices.owners)],
		["source", NAMES.source, optionsOf(choices.sources)],
		["type", NAMES.type, optionsOf(choices.types)],
		["tag", NAMES.tag, optionsOf(choices.tags)],
		["postponed", __("Postponed in the last year by"), peopleOptions(choices.owners)],
	];
	const clear = html`<button type="button" class="button" onClick=${() => setChosen(NO_FILTERS)}>${__("Clear")}</button>`;
	return html`<${Dialog} title=${__("Filters")} submit=${__("Show")} onSubmit=${() => void show(chosen)} footer=${clear} trouble=${choices.trouble} isWide>
		${Object.keys(SPANS).map((key) => html`<${Chips} key=${key} legend=${NAMES[key]} options=${optionsOfSpan(key)} value=${chosen[key]} onChange=${(value) => set({ [key]: value })} />`)}
		${lists.map(([key, legend, options]) => html`<${ListFilter} key=${key} legend=${legend} options=${options} value=${chosen[key]} onChange=${(value) => set({ [key]: value })} />`)}
		<div class="pair">
			<${NumberEntry} label=${__("Value From")} currency=${currency.value} min="0" value=${chosen.min} onInput=${(min) => set({ min })} />
			<${NumberEntry} label=${__("Value To")} currency=${currency.value} min=${chosen.min || "0"} value=${chosen.max} onInput=${(max) => set({ max })} />
		</div>
	<//>`;
}

/** Also what is filtered by but offered no more can be taken off. */
function ListFilter({ legend, options, value, onChange }) {
	const unknown = value.filter((each) => !options.some((option) => option.value === each)).map((each) => ({ value: each, label: personOf(each) || __("No owner") }));
	const all = [...options, ...unknown];
	return all.length > 0 && html`<${ManyChips} legend=${legend} options=${all} value=${value} onChange=${onChange} few=${8} />`;
}

const VIEW = "Pipeline View";

export function Views() {
	const { values, set, drop } = useDraft("views", { title: "", shared: false });
	const [turn, setTurn] = useState(0);
	const [views, trouble] = useAnswer(readViews, turn);
	const send = async () => {
		await create(VIEW, { title: values.title.trim(), query: queryOf(shown.value), shared: Number(values.shared) });
		say(__("View saved: {0}", [values.title]));
		drop();
	};
	return html`<${Dialog} title=${__("Saved Views")} submit=${__("Save")} onSubmit=${send} isReady=${Boolean(values.title.trim())} trouble=${trouble}>
		${!trouble && html`<${ViewList} views=${views} reread=${() => setTurn(turn + 1)} />`}
		<${Entry} label=${__("Save what is shown now as")} value=${values.title} onInput=${(title) => set({ title })} maxlength="140" data-first />
		<${Check} label=${__("Others may use it too")} checked=${values.shared} onChange=${(shared) => set({ shared })} />
	<//>`;
}

const readViews = () => list(VIEW, { fields: ["name", "title", "query", "shared", "owner"], order_by: "title asc", limit_page_length: 0 });

function ViewList({ views, reread }) {
	if (!views) return html`<p class="none">${__("Loading")}</p>`;
	if (!views.length) return html`<p class="none">${__("No views are saved yet.")}</p>`;
	return html`<ul class="saved">${views.map((view) => html`<${View} key=${view.name} view=${view} reread=${reread} />`)}</ul>`;
}

function use(view) {
	dialog.value = null;
	showQuery(view.query);
}

function View({ view, reread }) {
	const [isAsked, setAsked] = useState(false);
	const isOwn = view.owner === boot.user;
	const take = async () => {
		if (!isAsked) return setAsked(true);
		return remove(VIEW, view.name).then(reread, refused);
	};
	return html`<li>
		<button type="button" class="view" aria-current=${view.query === queryOf(shown.value) ? "true" : undefined} onClick=${() => use(view)} dir="auto">${view.title}</button>
		${!isOwn && html`<small dir="auto">${personOf(view.owner)}</small>`}
		${isOwn && Boolean(view.shared) && html`<small>${__("Shared with all")}</small>`}
		${isOwn &&
		html`<button type="button" class="button small ${isAsked ? "danger" : ""}" aria-label=${__("Delete {0}", [view.title])} onClick=${take} onBlur=${() => setAsked(false)}>
			${isAsked ? __("Really delete") : __("Delete")}
		</button>`}
	</li>`;
}

const BOARD_KEYS = [
	[["↓", "↑", "j", "k"], __("Next, previous opportunity")],
	[["→", "←"], __("Next, previous column")],
	[["Home", "End"], __("First, last of a column")],
	[[__("Space")], __("Pick up and put down a card")],
	[["/"], __("Search")],
	[["Shift", "N"], __("New Opportunity")],
	[["z"], __("Undo the last move")],
	[["f"], __("Filters")],
	[["v"], __("Saved Views")],
	[["1", "2", "3", "4", "5"], __("Board, list, forecast, my day, activities")],
	[["d", "s"], __("In the activities: done, snooze")],
	[["x"], __("Choose in the list")],
	[["."], __("All actions of an opportunity")],
	[["?"], __("This list")],
	[["Esc"], __("Close; what was typed is kept")],
	[["Ctrl", "Enter"], __("Send from an entry of several lines")],
];

export function Keys() {
	const rows = [...BOARD_KEYS, ...keysOfActions()];
	return html`<${Dialog} title=${__("Keys")} isWide>
		<dl class="keys" tabindex="0" data-first>
			${rows.map(([keys, label]) => html`<div key=${label}><dt>${keys.map((key) => html`<kbd key=${key}>${key}</kbd> `)}</dt><dd>${label}</dd></div>`)}
		</dl>
	<//>`;
}

/** One row per key; what shares a key stands in one. */
function keysOfActions() {
	const offered = actions.filter(({ id }) => boot.may_write || id === "open");
	const keys = [...new Set(offered.map(({ key }) => key))];
	return keys.map((key) => [[key], offered.filter((each) => each.key === key).map(({ label }) => label).join(" / ")]);
}
