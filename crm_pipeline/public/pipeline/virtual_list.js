/** A list that keeps only what is on the screen in the document, and asks for more when its end comes near. */

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
	const box = useRef();
	const [seen, setSeen] = useState({ top: 0, height: 0, rowHeight: 100 });
	useLayoutEffect(() => observe(box.current, setSeen), []);
	useLayoutEffect(() => registerLane(lane, (index) => scrollTo(box.current, index)), [lane]);
	const first = Math.max(0, Math.floor(seen.top / seen.rowHeight) - MARGIN);
	const last = Math.min(items.length, Math.ceil((seen.top + seen.height) / seen.rowHeight) + MARGIN);
	const isNearEnd = last > items.length - NEAR_END && items.length < total && !isAll;
	useEffect(() => {
		if (isNearEnd) loadMore();
	}, [isNearEnd, items.length]);
	const entry = entryOf(lane, items.map((item) => item.name));
	const padding = { paddingBlockStart: `${first * seen.rowHeight}px`, paddingBlockEnd: `${(items.length - last) * seen.rowHeight}px` };
	return html`<div class="scroll" ref=${box} onScroll=${() => setSeen(measured(box.current))}>
		<ul aria-label=${label} style=${padding}>
			${items.slice(first, last).map((item, index) => html`<li key=${item.name} aria-setsize=${total} aria-posinset=${first + index + 1}>${row(item, first + index, item.name === entry)}</li>`)}
		</ul>
	</div>`;
}

function observe(box, setSeen) {
	const observer = new ResizeObserver(() => setSeen(measured(box)));
	observer.observe(box);
	return () => observer.disconnect();
}

const rowHeightOf = (box) => parseFloat(getComputedStyle(box).getPropertyValue(MARK)) || 100;

function measured(box) {
	return { top: box.scrollTop, height: box.clientHeight, rowHeight: rowHeightOf(box) };
}

function scrollTo(box, index) {
	const height = rowHeightOf(box);
	const [top, bottom] = [index * height, (index + 1) * height];
	if (top < box.scrollTop) box.scrollTop = top;
	else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight;
}
