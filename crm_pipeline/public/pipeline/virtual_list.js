/** Lists that keep only what is on the screen in the document, and ask for more when their end comes near. */

import { entryOf, registerLane } from "./focus.js";
import { html, useEffect, useLayoutEffect, useRef, useState } from "./vendor/preact.js";

const MARGIN = 4; // rows kept above and below
const NEAR_END = 5;
const MARK = "--row-height";

/**
 * @param {string} lane key of focus.js
 * @param {object[]} items loaded so far, each with a `name`
 * @param {number} total how many there are
 * @param {function} row (item, index, isEntry) => what stands in the list item
 * @param {function} loadMore
 */
export function VirtualList({ lane, items, total, row, loadMore, label, isAll }) {
	const list = useRef();
	const { first, last, style } = useRows(list, items, total, isAll, loadMore);
	useLayoutEffect(() => registerLane(lane, (index) => scrollTo(list.current, index)), [lane]);
	const onScreen = items.slice(first, last);
	const entry = entryOf(lane, onScreen.map((item) => item.name));
	return html`<div class="scroll" data-scrolls>
		<ul ref=${list} aria-label=${label} style=${style}>
			${onScreen.map((item, index) => html`<li key=${item.name} aria-setsize=${total} aria-posinset=${first + index + 1}>${row(item, first + index, item.name === entry)}</li>`)}
		</ul>
	</div>`;
}

/**
 * Which rows of a list are on the screen, or near it, of what scrolls the list, maybe along with others.
 *
 * @param {object[]} items loaded so far
 * @param {number} total how many there are
 * @param {boolean} isAll whether there are no more whatever the total
 * @param {function} loadMore
 * @returns {object} `first`, `last` (not among them), and the `style` that keeps room for the others
 */
export function useRows(list, items, total, isAll, loadMore) {
	const [{ top, height, rowHeight }, setSeen] = useState({ top: 0, height: 0, rowHeight: 100 });
	const measure = () => setSeen((before) => same(before, measured(list.current)));
	useLayoutEffect(() => follow(scrollerOf(list.current), measure), []);
	useLayoutEffect(measure); // what stands above may have grown
	const { length } = items;
	const [from, to] = [Math.floor(top / rowHeight) - MARGIN, Math.ceil((top + height) / rowHeight) + MARGIN];
	const within = (index) => Math.max(0, Math.min(index, length));
	const [first, last] = [within(from), within(to)];
	const isNearEnd = to > length - NEAR_END && from < length && length < total && !isAll;
	useEffect(() => {
		if (isNearEnd) loadMore();
	}, [isNearEnd, items]);
	const padding = { paddingBlockStart: `${first * rowHeight}px`, paddingBlockEnd: `${(length - last) * rowHeight}px` };
	return { first, last, style: padding };
}

/** Bring a row of a list onto the screen, below what covers so many pixels of it. */
export function scrollTo(list, index, covered = 0) {
	const { top, height, rowHeight } = measured(list);
	const [begins, ends] = [index * rowHeight - covered - top, (index + 1) * rowHeight - top - height];
	if (begins < 0) scrollerOf(list).scrollTop += begins;
	else if (ends > 0) scrollerOf(list).scrollTop += ends;
}

function follow(box, measure) {
	const observer = new ResizeObserver(measure);
	observer.observe(box);
	box.addEventListener("scroll", measure);
	return () => {
		observer.disconnect();
		box.removeEventListener("scroll", measure);
	};
}

/** What was measured before, if it still holds, so that nothing is rendered for it. */
const same = (before, now) => (Object.keys(now).every((key) => now[key] === before[key]) ? before : now);

const scrollerOf = (list) => list.closest("[data-scrolls]");

/** How much of what scrolls a list is above its own beginning, how much is on the screen, and how high a row is, in pixels. */
function measured(list) {
	const box = scrollerOf(list);
	const top = Math.round(box.getBoundingClientRect().top - list.getBoundingClientRect().top);
	return { top, height: box.clientHeight, rowHeight: parseFloat(getComputedStyle(list).getPropertyValue(MARK)) || 100 };
}
