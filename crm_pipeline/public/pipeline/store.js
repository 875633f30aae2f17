/** What the server has answered, and whether it is still what the server would say. */

import * as planned from "./activity_store.js";
import { boardFilters, filters, isOverAll, shown } from "./address.js";
import { read, write } from "./api.js";
import { boot, word } from "./boot.js";
import { tellNews } from "./news.js";
import { named, placed } from "./placing.js";
import { learn, toOwn } from "./values.js";
import { computed, signal } from "./vendor/preact.js";
import { hasRail } from "./window_size.js";

export { holds } from "./placing.js";

const PAGE = 30;
const MOST = 200; // cards that one request may ask for
const MOST_NAMES = 2500;
const SOON = 400; // ms

/** The columns of the board: `key`, `name`, `stage`, `type`, `label`, `probability`, `count`, `amount`, `weighted`, `cards`, `requirements`. */
export const columns = signal(null);
/** The columns of the forecast: `key`, `name`, `first_day`, `last_day`, `count`, `amount`, `weighted`, `won`, `cards`. */
export const months = signal(null);
/** The columns that cards are moved between in the present view. */
export const columnsShown = computed(() => (shown.value.view === "forecast" ? months.value : columns.value));
export const totals = signal(null);
export const pulse = signal(null);
/** The rows of the list with `count`, `amount` and `weighted` of all that match. */
export const rows = signal(null);
/** The sections of My Day. */
export const day = signal(null);
/** The sections of the list of activities: `key`, `count`, `rows` (see activity_store.js). */
export const activities = signal(null);
export const people = signal({ ...boot.colleagues, [boot.user]: boot.full_name });
export const currency = signal(boot.currency);
/** "loading" (nothing is shown yet), "refreshing", "ready", "stale" (the server cannot be reached), "signed-out", "failed". */
export const condition = signal("loading");
export const problem = signal("");
/** When what is shown was true, in site time. */
export const shownAsOf = signal("");
/** Names of opportunities that others have changed since they were shown. */
export const marked = signal(new Set());
/** How often something was written or came in: who shows one opportunity reads it anew. */
export const changed = signal({ name: "", count: 0 });

export const personOf = (user) => people.value[user] || user || "";
export const isBusy = computed(() => condition.value === "loading" || condition.value === "refreshing");

const dayOf = (moment) => toOwn(moment).slice(0, 10);
const reading = {};
let later = 0;
let asked = ""; // of which activities those are that are shown

/** Read what the present view shows. */
export async function load() {
	if (takeFirst()) return;
	condition.value = columnsShown.value || rows.value || day.value || activities.value ? "refreshing" : "loading";
	await answering(async () => {
		await Promise.all([readView(PAGE * 2, PAGE), needsDay() ? readDay() : null]);
	});
}

/** Read again shortly, once for many changes; what was asked for before them would show what is no more. */
export function refreshSoon() {
	for (const each of Object.values(reading)) each.abort();
	clearTimeout(later);
	later = setTimeout(refresh, SOON);
}

export async function refresh() {
	const atLeast = (count, least) => Math.min(Math.max(count, least), MOST);
	const limits = [atLeast(rows.value?.rows.length || 0, PAGE * 2), atLeast(planned.loadedOf(activities.value), PAGE)];
	await answering(async () => {
		await Promise.all([readView(...limits), needsDay() ? readDay() : null]);
	});
}

/** Read so many rows of the list, or of each section of the activities, or the columns. */
function readView(rowsOfList, rowsOfSection) {
	const { view } = shown.value;
	if (view === "list") return readRows(0, rowsOfList);
	return view === "activities" ? Promise.all([readActivities(rowsOfSection), readBoard()]) : readColumns();
}

/** Read the next cards of a column. */
export async function readMoreCards(column) {
	const [method, part] = column.stage ? ["get_cards", { stage: column.stage }] : ["get_forecast_cards", { column: column.key }];
	const args = { sales_process: shown.value.process, ...part, start: column.cards.length, limit: PAGE, filters: boardFilters.value };
	await answering(async () => {
		const answer = await once(`${method} ${column.key}`, `crm_pipeline.api.pipeline.${method}`, args);
		if (!answer) return;
		const known = new Set(column.cards.map((card) => card.name));
		const added = answer.cards.filter((card) => !known.has(card.name));
		replaceColumn(column, (each) => ({ ...each, cards: [...each.cards, ...added], isAll: !added.length }));
	});
}

/** Read again until an opportunity that was just made is on the board, and mark it. */
export async function readNew(name, stage) {
	marked.value = new Set([name]);
	await refresh();
	const column = () => columns.value?.find((each) => each.stage === stage);
	const isFurther = () => column() && !column().isAll && column().cards.length < Math.min(column().count, MOST);
	while (!cardOf(name) && isFurther() && condition.value === "ready") await readMoreCards(column());
}

export async function readMoreRows() {
	const start = rows.value.rows.length;
	await answering(() => readRows(start, PAGE * 2));
}

export async function readMoreActivities({ key, rows: { length } }) {
	await answering(async () => {
		const answer = await askActivities(`activities ${key}`, { section: key, start: length, limit: PAGE * 2 });
		if (answer) activities.value = planned.extended(activities.value, key, planned.sectionsOf(answer));
	});
}

/** Ask what others have changed; what is shown is read anew only if there is something. */
export async function readChanges() {
	if (condition.value !== "ready" && condition.value !== "stale") return;
	const names = [...cardsShown().keys()].slice(0, MOST_NAMES); // what is hidden or deleted is told of these alone
	const args = { since: shownAsOf.value, sales_process: isOverAll.value ? undefined : shown.value.process, filters: boardFilters.value, shown: names };
	await answering(async () => {
		const answer = await once("changes", "crm_pipeline.api.pipeline.changes_since", args, write);
		if (!answer) return;
		const known = cardsShown();
		const news = answer.changed.filter((card) => known.get(card.name)?.modified !== card.modified);
		const gone = answer.gone.filter((name) => known.has(name));
		const isNewDay = dayOf(answer.now) !== dayOf(shownAsOf.value);
		shownAsOf.value = answer.now;
		const isSame = !news.length && !gone.length && !answer.reload && !isNewDay;
		if (isSame && shown.value.view === "activities") return readActivities(planned.loadedOf(activities.value) || PAGE); // tasks change no card
		if (isSame) return;
		marked.value = new Set(news.map((card) => card.name));
		tellNews(news.map((card) => [known.get(card.name), card]), personOf);
		if (shown.value.open && (marked.value.has(shown.value.open) || gone.includes(shown.value.open))) tellChanged(shown.value.open);
		await refresh();
	});
}

/** Put a card where it is now, before or after the server has said so. */
export function place(card) {
	changeAll((column) => placed(column, card), (list) => list.map((each) => (each.name === card.name ? { ...each, ...card } : each)));
	activities.value = planned.withCard(activities.value, card);
}

/** Take an opportunity away from what is shown. */
export function takeAway(name) {
	const without = (list) => list.filter((each) => each.name !== name);
	changeAll((column) => ({ ...column, cards: without(column.cards) }), without);
	activities.value = planned.withoutOpportunity(activities.value, name);
}

/** Change each column, and the rows of each list. */
function changeAll(inColumn, inList) {
	for (const each of [columns, months]) each.value = each.value && each.value.map(inColumn);
	if (rows.value) rows.value = { ...rows.value, rows: inList(rows.value.rows) };
	if (day.value) day.value = day.value.map((section) => ({ ...section, rows: inList(section.rows) }));
}

/**
 * Show a card at once as it is to become.
 *
 * @returns {function} shows it again as it was, where it was unless something else has changed since
 */
export function placeAhead(card, change) {
	const shows = [columns, months, rows, day, activities];
	const before = shows.map((each) => each.value);
	place({ ...card, ...change });
	const after = shows.map((each) => each.value);
	return () => {
		if (shows.every((each, index) => each.value === after[index])) shows.forEach((each, index) => (each.value = before[index]));
		else place(card);
	};
}

export const cardOf = (name) => cardsShown().get(name);
export const tellChanged = (name) => (changed.value = { name, count: changed.value.count + 1 });

/** Take over people, decimals and the time from any answer. */
export function take(answer) {
	learn(answer);
	if (answer.people) people.value = { ...people.value, ...answer.people };
}

/** The first board comes within the page, where nothing but the usual is asked for. */
function takeFirst() {
	const { first } = boot;
	delete boot.first;
	if (!first || location.search) return false;
	take(first);
	showBoard(first);
	condition.value = "ready";
	if (needsDay()) answering(readDay);
	return true;
}

const readColumns = () => Promise.all([readBoard(), shown.value.view === "forecast" ? readForecast() : null]);

async function readBoard() {
	const args = { sales_process: shown.value.process || undefined, limit_per_stage: limitOf(columns), filters: boardFilters.value, all_processes: Number(isOverAll.value) };
	const answer = await once("board", "crm_pipeline.api.pipeline.get_board", args);
	if (answer) showBoard(answer);
}

function showBoard(answer) {
	currency.value = answer.currency;
	totals.value = answer.totals;
	pulse.value = answer.pulse;
	columns.value = answer.stages.map((column) => ({ ...column, key: column.stage, name: word(column.stage) }));
	shownAsOf.value = answer.now;
}

async function readForecast() {
	const args = { sales_process: shown.value.process || undefined, limit_per_column: limitOf(months), filters: boardFilters.value };
	const answer = await once("forecast", "crm_pipeline.api.pipeline.get_forecast", args);
	if (answer) months.value = answer.columns.map(named);
}

async function readRows(start, limit) {
	const { sort, descending, process } = shown.value;
	const args = { filters: filters.value, sales_process: process, order_by: sort, descending: Number(descending), start, limit };
	const [answer] = await Promise.all([once("list", "crm_pipeline.api.pipeline.get_list", args), start ? null : readBoard()]);
	if (!answer) return;
	const before = start ? rows.value.rows : [];
	const known = new Set(before.map((row) => row.name));
	const added = answer.rows.filter((row) => !known.has(row.name));
	rows.value = { ...answer, rows: [...before, ...added], isAll: !added.length };
}

async function readActivities(limit) {
	const { due } = shown.value;
	const question = JSON.stringify([activityFilters(), due]);
	const answer = await askActivities("activities", { section: due || undefined, limit: Math.min(limit, MOST) });
	if (!answer) return;
	const sections = planned.sectionsOf(answer);
	const found = question === asked ? await readAsFar(activities.value, sections) : sections;
	if (!found) return;
	activities.value = found;
	asked = question;
}

/** Read on until as many rows are loaded as before, so that nobody is taken from where they are; null if a newer question was asked. */
async function readAsFar(former, sections) {
	let found = planned.renewed(former, sections);
	for (const [index, { key, rows: { length } }] of former.entries()) {
		while (found[index].rows.length < Math.min(length, found[index].count) && !found[index].isAll) {
			const answer = await askActivities("activities", { section: key, start: found[index].rows.length, limit: MOST });
			if (!answer) return null;
			found = planned.extended(found, key, planned.sectionsOf(answer));
		}
	}
	return found;
}

const askActivities = (key, part) => once(key, "crm_pipeline.api.activity_list.get_activities", { ...activityFilters(), ...part });

function activityFilters() {
	const { kind, delegated } = shown.value;
	return { filters: boardFilters.value, kind: kind || undefined, delegated: Number(delegated) };
}

const needsDay = () => Boolean(day.value) || hasRail.value || shown.value.view === "day";

async function readDay() {
	const { state } = shown.value.view === "day" ? boardFilters.value : {}; // beside columns it is what to do next, whatever they show
	const answer = await once("day", "crm_pipeline.api.my_day.get_my_day", { filters: { ...boardFilters.value, state } });
	if (answer) day.value = answer.sections;
}

/** As many cards of each column as are loaded already, so that a refresh takes none away. */
function limitOf(shownColumns) {
	const loaded = Math.max(0, ...(shownColumns.value || []).map((column) => column.cards.length));
	return Math.min(Math.max(loaded, PAGE), MOST);
}

/** Ask the newest of several questions; null if a newer one was asked meanwhile. */
async function once(key, method, args, ask = read) {
	reading[key]?.abort();
	const mine = (reading[key] = new AbortController());
	try {
		const answer = await ask(method, args, mine.signal);
		if (reading[key] !== mine) return null;
		take(answer);
		return answer;
	} catch (error) {
		if (error.name === "AbortError") return null;
		throw error;
	}
}

/** Run something that reads; what is shown stays when it fails, and says so. */
async function answering(work) {
	try {
		await work();
		condition.value = "ready";
		problem.value = "";
	} catch (error) {
		if (error.isOffline) condition.value = "stale";
		else if (error.isSignedOut) condition.value = "signed-out";
		else condition.value = "failed";
		problem.value = error.message;
		if (!("status" in error)) throw error;
	}
}

function cardsShown() {
	const inColumns = new Set([...(columns.value || []), ...(columnsShown.value || [])]);
	const all = [...[...inColumns].flatMap((column) => column.cards), ...(rows.value?.rows || [])];
	for (const section of day.value || []) all.push(...section.rows);
	for (const section of activities.value || []) all.push(...section.rows.map((row) => row.card));
	return new Map(all.map((card) => [card.name, card]));
}

function replaceColumn({ stage, key }, change) {
	const all = stage ? columns : months;
	all.value = all.value.map((column) => (column.key === key ? change(column) : column));
}
