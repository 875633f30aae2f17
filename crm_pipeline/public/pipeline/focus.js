/** Which opportunity the keyboard is at, and where the arrows lead from it. */

import { open, shown } from "./address.js";
import { dialog } from "./moves.js";
import { activities, columnsShown, day, rows } from "./store.js";
import { computed, effect, signal } from "./vendor/preact.js";

/** The lane and the name that the keyboard is at. */
export const focused = signal({ lane: "", name: "" });
/** An opportunity that is to get the browser's focus as soon as it is on the screen. */
export const wanted = signal("");

/** By lane: what a key does to one of its rows, which are no opportunities themselves. */
export const rowActions = new Map();

const STAYS = ["day", "activities"]; // where the keyboard goes on to what comes next
const scrollers = new Map();

/** What is shown as lanes of opportunities, or of rows about some, in order: the columns, else the one list. */
const lanes = computed(() => {
	const { view } = shown.value;
	const names = (cards) => cards.map((card) => card.name);
	if (view === "list") return [{ key: "list", names: names(rows.value?.rows || []) }];
	if (view === "activities") {
		const all = (activities.value || []).flatMap((section) => section.rows);
		const gaps = (activities.value || []).filter(({ rows: { length }, count, isAll }) => length && length < count && !isAll).map((section) => section.rows.at(-1).name);
		return [{ key: "activities", names: names(all), opportunities: all.map((row) => row.opportunity), gaps }];
	}
	if (view === "day") return [{ key: "day", names: (day.value || []).flatMap((section) => names(section.rows)) }];
	const columns = (columnsShown.value || []).filter(({ type = "Open" }) => type === "Open");
	return columns.map((column) => ({ key: column.key, names: names(column.cards) }));
});

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
	const lane = lanes.value.find((each) => each.names.includes(name));
	if (lane) scrollers.get(lane.key)?.(lane.names.indexOf(name));
}

/** Go so many lanes and so many opportunities on; returns whether there was somewhere to go. */
export function step(across, down) {
	const at = place();
	if (!at) return false;
	const { lane, index } = at;
	if (down > 0 && lanes.value[lane].gaps?.includes(lanes.value[lane].names[index])) return true; // more of the section is being loaded
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

/** What opens the opportunities before and after one, in the lane that it is in; undefined where there is none. */
export function neighbours(name) {
	const lane = lanes.value.find((each) => opportunitiesOf(each).includes(name));
	if (!lane) return {};
	const [all, at] = [opportunitiesOf(lane), spotIn(lane, name)];
	const going = (index) => (index < 0 ? undefined : () => goOn(lane, index));
	return { previous: going(all.findLastIndex((each, index) => index < at && each !== name)), next: going(all.findIndex((each, index) => index > at && each !== name)) };
}

function goOn(lane, index) {
	focused.value = { lane: lane.key, name: lane.names[index] };
	open(opportunitiesOf(lane)[index]);
}

/** The row about an opportunity that the keyboard is at, or the first one; nothing where opportunities are rows themselves. */
export function rowOf(name) {
	const lane = lanes.value.find((each) => each.opportunities?.includes(name));
	return lane && { lane: lane.key, name: lane.names[spotIn(lane, name)] };
}

/** The opportunity that a row is about. */
export const aboutWhich = (row) => lanes.value.map((lane) => lane.opportunities?.[lane.names.indexOf(row)]).find(Boolean) || row;

const opportunitiesOf = (lane) => lane.opportunities || lane.names;

function spotIn(lane, name) {
	const [all, at] = [opportunitiesOf(lane), lane.names.indexOf(focused.peek().name)];
	return all[at] === name ? at : all.indexOf(name);
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
