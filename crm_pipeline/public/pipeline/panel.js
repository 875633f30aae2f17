/** One opportunity beside the board: what it is, what was said, and everything that is done with it. */

import { __, boot } from "./boot.js";
import { compose, draftWanted } from "./moves.js";
import { Actions } from "./panel/actions.js";
import { Composer } from "./panel/composer.js";
import { Details, Facts } from "./panel/details.js";
import { Head } from "./panel/head.js";
import { Offers } from "./panel/offers.js";
import { OutOfView } from "./panel/out_of_view.js";
import { createRecord } from "./panel/record.js";
import { StageBar } from "./panel/stages.js";
import { Tasks } from "./panel/tasks.js";
import { Timeline } from "./panel/timeline.js";
import { cardOf, changed } from "./store.js";
import { number } from "./values.js";
import { effect, html, useEffect, useMemo, useRef, useState } from "./vendor/preact.js";
import { isNarrow } from "./window_size.js";

/**
 * @param {object} props
 * @param {string} props.name of the opportunity
 * @param {object} props.way as `neighbours` gives it: what shows the ones before and after it, and where it stands
 * @param {() => void} props.onClose
 */
export function Panel({ name, way, onClose }) {
	const record = useRecord(name);
	const node = useRef(null);
	useEffect(() => {
		if (isNarrow.value) node.current.focus(); // what it covers cannot be worked with
	}, []);
	/** The keys that go through the cards go through the panels; the focus stays in what they show. */
	const byKey = (event) => {
		const go = { j: way.next, k: way.previous }[event.key];
		if (!go || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
		event.preventDefault();
		node.current.focus();
		go();
	};
	return html`<aside ref=${node} id="panel" class="panel" tabindex="-1" aria-label=${__("Opportunity")} aria-busy=${record.isReading.value} onKeyDown=${byKey}>
		<${Bar} name=${name} way=${way} onClose=${onClose} />
		<${Body} key=${name} record=${record} way=${way} />
	</aside>`;
}

/** Read when it is opened, when it was written or has come in, and when the reader returns to the page. */
function useRecord(name) {
	const record = useMemo(() => createRecord(name), [name]);
	useEffect(() => {
		const { count } = changed.value;
		record.load();
		const stop = effect(() => {
			const news = changed.value;
			if (news.name === name && news.count !== count) queueMicrotask(record.load);
		});
		addEventListener("focus", record.load);
		return () => {
			removeEventListener("focus", record.load);
			stop();
			record.stop();
		};
	}, [record]);
	return record;
}

function Bar({ name, way: { previous, next, place, count }, onClose }) {
	const icon = (symbol) => html`<svg aria-hidden="true"><use href="#icon-${symbol}" /></svg>`;
	return html`<header class="panel-bar">
		<button type="button" class="icon-button back" aria-label=${__("Back")} onClick=${onClose}>${icon("back")}</button>
		<button type="button" class="icon-button upward" aria-label=${__("Previous opportunity")} title=${__("Previous opportunity")} disabled=${!previous} onClick=${previous}>${icon("chevron")}</button>
		<button type="button" class="icon-button downward" aria-label=${__("Next opportunity")} title=${__("Next opportunity")} disabled=${!next} onClick=${next}>${icon("chevron")}</button>
		<span class="place" role="status">${place && __("{0} of {1}", [number(place, 0), number(count, 0)])}</span>
		<span class="name" dir="auto">${name}</span>
		${boot.desk?.opportunity && html`<a class="icon-button" href="${boot.desk.opportunity}${encodeURIComponent(name)}" target="_blank" rel="noopener" aria-label=${__("Open in Desk")} title=${__("Open in Desk")}>${icon("open")}</a>`}
		<button type="button" class="icon-button close" aria-label=${__("Close")} title=${__("Close")} onClick=${onClose}>${icon("close")}</button>
	</header>`;
}

function Body({ record, way }) {
	const trouble = record.trouble.value;
	if (record.panel.value && trouble?.status !== 404) return html`${trouble && html`<${Trouble} record=${record} />`}<${Opportunity} record=${record} way=${way} />`;
	if (trouble) return html`<${Trouble} record=${record} />`;
	return html`<div class="panel-body waiting"><h2 dir="auto">${cardOf(record.name)?.title || record.name}</h2><p class="quiet">${__("Loading")}</p></div>`;
}

/** Why nothing, or nothing new, is shown. */
function Trouble({ record }) {
	const error = record.trouble.value;
	const isGone = error.status === 404 || (error.status === 403 && !record.panel.value);
	if (isGone && !error.isSignedOut) return html`<div class="panel-body gone" role="alert"><h2>${__("Not here")}</h2><p>${__("{0} does not exist, or you may not see it.", [record.name])}</p></div>`;
	const words = error.isOffline ? __("The server cannot be reached.") : error.message;
	return html`<div class="trouble" role="alert"><p dir="auto">${words} ${record.panel.value && __("What is shown may be out of date.")}</p>
		<button type="button" class="button small" onClick=${record.load}>${__("Try Again")}</button></div>`;
}

function Opportunity({ record, way }) {
	const [tab, setTab] = useState("activity");
	const about = record.panel.value;
	const isComposing = draftWanted.value?.name === record.name;
	useEffect(() => {
		if (isComposing) setTab("activity");
	}, [isComposing]);
	const write = (recipients) => compose(record.name, "Email", { recipients });
	return html`<div class="panel-body">
		<div role="status">${way.isMissing && html`<${OutOfView} card=${about.card} />`}</div>
		<${Head} record=${record} />
		<${StageBar} record=${record} />
		<${Actions} record=${record} />
		<${Facts} record=${record} />
		<${Tabs} tab=${tab} about=${about} onTab=${setTab} />
		<div role="tabpanel" id="panel-${tab}" aria-labelledby="panel-tab-${tab}">
			${tab === "activity" && html`${Boolean(about.may_write) && html`<${Composer} record=${record} />`}<${Tasks} record=${record} /><${Timeline} record=${record} />`}
			${tab === "details" && html`<${Details} record=${record} onWrite=${write} />`}
			${tab === "offers" && html`<${Offers} record=${record} />`}
		</div>
	</div>`;
}

function Tabs({ tab, about, onTab }) {
	const count = about.quotations.length + about.supplier_quotations.length;
	const tabs = [["activity", __("Activity")], ["details", __("Details")], ["offers", count ? `${__("Offers")} ${count}` : __("Offers")]];
	const step = (event) => {
		const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
		if (!by) return;
		event.preventDefault();
		event.stopPropagation();
		const forward = getComputedStyle(event.currentTarget).direction === "rtl" ? -by : by;
		const [next] = tabs[(tabs.findIndex(([key]) => key === tab) + forward + tabs.length) % tabs.length];
		onTab(next);
		document.getElementById(`panel-tab-${next}`).focus();
	};
	return html`<div class="tabs" role="tablist" aria-label=${__("Opportunity")} onKeyDown=${step}>
		${tabs.map(
			([key, label]) => html`<button key=${key} type="button" role="tab" id="panel-tab-${key}" aria-selected=${tab === key} aria-controls="panel-${key}" tabindex=${tab === key ? 0 : -1} onClick=${() => onTab(key)}>${label}</button>`,
		)}
	</div>`;
}
