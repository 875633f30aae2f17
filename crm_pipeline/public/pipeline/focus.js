/** Which opportunity the keyboard is at, where the arrows lead from it, and which ones of the list are chosen. */

import { isEnded, open, shown } from "./address.js";
import { isFolded, unfolded } from "./folding.js";
import { dialog } from "./moves.js";
import { activities, columnsShown, day, readMoreActivities, readMoreCards, readMoreRows, rows } from "./store.js";
import { computed, effect, signal } from "./vendor/preact.js";

/** The lane and the name that the keyboard is at. */
export const focused = signal({ lane: "", name: "" });
/** An opportunity that is to get the browser's focus as soon as it is on the screen. */
export const wanted = signal("");

/** The names that are chosen in the list, for what is done with many. */
export const chosen = signal(new Set());

/** Choose an opportunity, or no longer; what has ended is not chosen. */
export function toggle(name) {
	if (isEnded.value) return;
	const names = new Set(chosen.value);
	if (!names.delete(name)) names.add(name);
	chosen.value = names;
}

/** By lane: what a key does to one of its rows, which are no opportunities themselves. */
export const rowActions = new Map();

const STAYS = ["day", "activities"]; // where the keyboard goes on to what comes next
const scrollers = new Map();

/**
 * What is shown as lanes of opportunities, or of rows about some, in order: the columns, else the one list.
 *
 * Each has its `names` and the `opportunities` that these are about, how many there are (`count`), and as `gaps`, by the name
 * before it, what reads more, if anything does.
 */
const lanes = computed(() => {
	const { view } = shown.value;
	if (view === "list") return rows.value ? [laneOf("list", [{ ...rows.value, read: readMoreRows }])] : [];
	if (view === "activities") return [laneOf("activities", (activities.value || []).filter(({ key }) => !isFolded(key)).map((part) => ({ ...part, read: () => readMoreActivities(part) })))];
	if (view === "day") return [laneOf("day", unfolded(day.value || []))];
	const columns = (columnsShown.value || []).filter(({ type = "Open" }) => type === "Open");
	return columns.map((column) => laneOf(column.key, [{ ...column, rows: column.cards, read: () => readMoreCards(column) }]));
});

/** A lane of one or several parts, each with its `rows`, `count`, and what reads more of it. */
function laneOf(key, parts) {
	const all = parts.flatMap((part) => part.rows);
	const names = all.map((row) => row.name);
	const gaps = new Map(parts.filter(({ rows: { length }, count, isAll }) => length && length < count && !isAll).map((part) => [part.rows.at(-1).name, part.read]));
	const count = parts.reduce((sum, part) => sum + part.count, 0);
	return { key, names, opportunities: all.map((row) => row.opportunity || row.name), gaps, count };
}

let before = [];
let isHeld = false; // while a dialog is open
effect(stay);

/** The one opportunity of a lane that the tab key leads to. */
export const entryOf = (lane, names) => (focused.value.lane === lane && names.includes(focused.value.name) ? focused.value.name : names[0]);

/** A lane that shows a part of its opportunities says how it brings one onto the screen. */
export function registerLane(key, scrollTo) {
	scrollers.set(key, scrollTo);
	return () => scrollers.delete(key);
}

/** Bring an opportunity onto the screen, if it is among what is shown. */
export function reveal(name) {
	const { key, names } = lanes.value.find((each) => each.names.includes(name)) || {};
	if (!key) return;
	scrollers.get(key)?.(names.indexOf(name));
	document.querySelector(`[data-lane="${CSS.escape(key)}"]`)?.scrollIntoView({ inline: "nearest", block: "nearest" });
}

/** Go so many lanes and so many opportunities on; returns whether there was somewhere to go. */
export function step(across, down) {
	const at = place();
	if (!at) return false;
	const { lane, index } = at;
	if (down > 0 && lanes.value[lane].gaps.get(lanes.value[lane].names[index])) return true; // more of the section is being loaded
	if (down) return goTo(lane, clamp(index + down, lanes.value[lane].names.length));
	for (let next = lane + across; next >= 0 && next < lanes.value.length; next += across) {
		const { length } = lanes.value[next].names;
		if (length) return goTo(next, clamp(index, length));
	}
	return false;
}

export function goToEnd(isLast) {
	const at = place();
	return Boolean(at) && goTo(at.lane, isLast ? lanes.value[at.lane].names.length - 1 : 0);
}

/**
 * The way on from an opportunity, through all that is shown, one lane after the other.
 *
 * @returns {object} what opens the ones before and after it, `previous` and `next`, undefined where there is none; its
 *   `place`, counted from 1, among so many (`count`), where what stands before it is known; or whether it `isMissing`
 */
export function neighbours(name) {
	const at = lanes.value.findIndex((each) => each.opportunities.includes(name));
	if (at < 0) return { isMissing: lanes.value.length > 0 && !STAYS.includes(shown.value.view) };
	const [here, index] = [lanes.value[at], spotIn(lanes.value[at], name)];
	const spots = lanes.value.flatMap((each) => each.opportunities.map((opportunity, nth) => ({ lane: each, nth, opportunity })));
	const from = spots.findIndex((spot) => spot.lane === here && spot.nth === index);
	const isOther = (spot) => spot.opportunity !== name;
	const read = here.gaps.get(here.names[index]);
	const [earlier, later] = [spots.slice(0, from).findLast(isOther), spots.slice(from).find(isOther)];
	const sum = (all) => all.reduce((total, each) => total + each.count, 0);
	const isCounted = !here.names.slice(0, index).some((each) => here.gaps.has(each));
	return {
		previous: earlier && (() => goOn(earlier)),
		next: read ? () => readOn(name, read) : later && (() => goOn(later)),
		...(isCounted && { place: sum(lanes.value.slice(0, at)) + index + 1, count: sum(lanes.value) }),
	};
}

function goOn({ lane: { key, names }, nth, opportunity }) {
	focused.value = { lane: key, name: names[nth] };
	open(opportunity);
	requestAnimationFrame(() => reveal(opportunity));
}

/** Read what follows an opportunity, and go there; not if the reader has gone elsewhere meanwhile, or nothing has come. */
async function readOn(name, read) {
	await read();
	const isRead = !lanes.value.some(({ names, opportunities, gaps }) => gaps.has(names[opportunities.indexOf(name)]));
	if (isRead && shown.value.open === name) neighbours(name).next?.();
}

/** The row about an opportunity that the keyboard is at, or the first one, with its lane. */
export function rowOf(name) {
	const lane = lanes.value.find((each) => each.opportunities.includes(name));
	return lane && { lane: lane.key, name: lane.names[spotIn(lane, name)] };
}

/** The opportunity that a row is about. */
export const aboutWhich = (row) => lanes.value.map((lane) => lane.opportunities[lane.names.indexOf(row)]).find(Boolean) || row;

function spotIn({ opportunities, names }, name) {
	const at = names.indexOf(focused.peek().name);
	return opportunities[at] === name ? at : opportunities.indexOf(name);
}

/** Keep the keyboard at an opportunity, and give it the focus once it is there. */
export function focusOn(lane, name) {
	focused.value = { lane, name };
	wanted.value = name;
}

/** When what the keyboard is at goes to another lane, follow it; when it has been dealt with, stay where it was. */
function stay() {
	const now = lanes.value;
	const isAt = isHeld || document.activeElement?.closest("[data-name]");
	isHeld = Boolean(dialog.value);
	if (isHeld) return; // what it comes to is seen when it is closed
	const { lane, name } = focused.peek();
	const names = before.find((each) => each.key === lane)?.names || [];
	before = now;
	if (isAt && names.includes(name)) requestAnimationFrame(() => regain(lane, name, names));
}

function regain(lane, name, names) {
	if (document.activeElement !== document.body) return;
	const to = !STAYS.includes(lane) && lanes.value.find((each) => each.names.includes(name));
	if (to) return focusOn(to.key, name);
	const here = lanes.value.find((each) => each.key === lane)?.names || [];
	const at = names.indexOf(name);
	const next = [...names.slice(at + 1), ...names.slice(0, at).reverse(), name].find((each) => here.includes(each));
	if (next) focusOn(lane, next);
}

function place() {
	const { lane, name } = focused.value;
	const at = lanes.value.findIndex((each) => each.key === lane);
	const index = lanes.value[at]?.names.indexOf(name) ?? -1;
	if (index >= 0) return { lane: at, index };
	const first = lanes.value.findIndex((each) => each.names.length);
	return first < 0 ? null : { lane: first, index: -1 };
}

function goTo(lane, index) {
	const { key, names } = lanes.value[lane];
	scrollers.get(key)?.(index);
	focusOn(key, names[index]);
	return true;
}

const clamp = (index, length) => Math.max(0, Math.min(index, length - 1));
