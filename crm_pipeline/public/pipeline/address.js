/** What is shown, kept in the address, so that it can be bookmarked, sent and gone back from. */

import { boot } from "./boot.js";
import { computed, signal } from "./vendor/preact.js";

export const LISTS = ["owner", "source", "type", "tag", "postponed"];
const TEXTS = ["view", "process", "scope", "closing", "changed", "state", "text", "sort", "min", "max", "kind", "due", "folded"];
const ENDED = ["won", "lost"];
const FLAGS = ["descending", "dense", "delegated"];
export const VIEWS = ["board", "list", "forecast", "day", "activities"];

/** The address as an object: `view`, `process`, `scope`, the filters, `sort`, `open` (a name), FLAGS, of activities `kind` and `due` (a section), and `folded` sections. */
export const shown = signal(parse());

addEventListener("popstate", () => (shown.value = parse()));
addEventListener("hashchange", () => (shown.value = parse()));

/** What the server filters by. */
export const filters = computed(() => {
	const { scope, closing, changed, state, text, min, max, ...rest } = shown.value;
	const lists = Object.fromEntries(LISTS.filter((key) => rest[key].length).map((key) => [key, rest[key]]));
	const value = min || max ? { value: [boundOf(min), boundOf(max)] } : {};
	const texts = Object.fromEntries(Object.entries({ closing, changed, state, text }).filter(([, given]) => given));
	return { scope, ...lists, ...texts, ...value };
});

/** Whether cards stand in columns, between which they are moved. */
export const hasColumns = computed(() => ["board", "forecast"].includes(shown.value.view));

/** Whether what is shown is of all sales processes. */
export const isOverAll = computed(() => ["day", "activities"].includes(shown.value.view));

/** Whether the list shows what was won or lost lately, which is nothing that the board or its figures ask for. */
export const isEnded = computed(() => ENDED.includes(shown.value.state));
export const boardFilters = computed(() => (isEnded.value ? { ...filters.value, state: undefined } : filters.value));

/** The amount that a text of the address names; what is none goes to the server as it is, which refuses it. */
const boundOf = (text) => (text === "" ? null : Number.isNaN(Number(text)) ? text : Number(text));

/**
 * Show something else.
 *
 * @param {object} part what changes, as in `shown`
 * @param {boolean} isStep whether the browser's *back* leads to what was shown before
 */
export function show(part, isStep = true) {
	const next = possible({ ...shown.value, ...part });
	history[isStep ? "pushState" : "replaceState"](null, "", addressOf(next));
	shown.value = next;
}

export const open = (name) => show({ open: name }, !shown.value.open);
export const close = () => show({ open: "" }, false);

/** The query of the address without the opportunity that is open: what a saved view keeps. */
export const queryOf = (state) => addressOf({ ...state, open: "" }).split("?")[1] || "";

/** Show a saved view. */
export function showQuery(query) {
	history.pushState(null, "", location.pathname + (query && `?${query}`));
	shown.value = parse();
}

function parse() {
	const query = new URLSearchParams(location.search);
	const state = Object.fromEntries(TEXTS.map((key) => [key, query.get(key) || ""]));
	for (const key of LISTS) state[key] = query.getAll(key);
	if (!VIEWS.includes(state.view)) state.view = "board";
	state.scope ||= boot.default_scope;
	state.process ||= boot.process;
	state.sort ||= "urgency";
	for (const key of FLAGS) state[key] = query.has(key);
	state.open = nameIn(location.hash);
	return possible(state);
}

/** What has ended is shown by the list alone. */
function possible(state) {
	return state.view !== "list" && ENDED.includes(state.state) ? { ...state, state: "" } : state;
}

function nameIn(hash) {
	try {
		return decodeURIComponent(hash.slice(1));
	} catch {
		return ""; // half an escape sequence names nothing
	}
}

function addressOf(state) {
	const query = new URLSearchParams();
	const usual = { view: "board", scope: boot.default_scope, process: boot.process, sort: "urgency" };
	for (const key of TEXTS) if (state[key] && state[key] !== usual[key]) query.set(key, state[key]);
	for (const key of LISTS) for (const value of state[key]) query.append(key, value);
	for (const key of FLAGS) if (state[key]) query.set(key, "1");
	const text = query.toString();
	return location.pathname + (text && `?${text}`) + (state.open && `#${encodeURIComponent(state.open)}`);
}
