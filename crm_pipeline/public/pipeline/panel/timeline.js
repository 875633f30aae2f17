/** What was said and what changed, in one stream, the newest first. */

import { __, word } from "../boot.js";
import { clock, day, toOwn } from "../values.js";
import { html, useState } from "../vendor/preact.js";

const ICONS = { Note: "note", Call: "phone", Meeting: "people", Email: "mail", Change: "change", Task: "task", Event: "clock" };
const LONG = 280; // characters that are shown before *Show all*

export function Timeline({ record }) {
	const said = record.timeline.value;
	if (!said.rows.length) return html`<p class="quiet empty">${__("Nothing has been said or changed yet.")}</p>`;
	return html`<section class="timeline" aria-label=${__("What was said and what changed")}>
		${byDay(said.rows).map((each) => html`<${Day} key=${each.day} rows=${each.rows} />`)}
		${Boolean(said.more) && html`<button type="button" class="button small more" disabled=${record.isReading.value} onClick=${record.readMore}>${__("Show older")}</button>`}
	</section>`;
}

/** The rows by the reader's days; what one save changed is one row with several `changes`. */
function byDay(rows) {
	const days = [];
	for (const row of rows) {
		const its = toOwn(row.at).slice(0, 10);
		if (days.at(-1)?.day !== its) days.push({ day: its, rows: [] });
		const before = days.at(-1).rows.at(-1);
		if (isSameSave(before, row)) before.changes.push(row.change);
		else days.at(-1).rows.push({ ...row, changes: row.change ? [row.change] : [] });
	}
	return days;
}

const isSameSave = (one, other) => Boolean(one?.change && other.change && one.at === other.at && one.by === other.by);

function Day({ rows }) {
	return html`<h3>${day(rows[0].at)}</h3>
		<ol>${rows.map((row) => html`<${Row} key=${`${row.doctype} ${row.name}`} row=${row} />`)}</ol>`;
}

function Row({ row }) {
	const { kind, direction } = row;
	return html`<li class="said ${direction}" data-kind=${kind}>
		<span class="said-icon"><svg aria-hidden="true"><use href="#icon-${ICONS[kind] || "note"}" /></svg></span>
		<div>
			<p class="said-head">
				<strong dir="auto">${row.by_name || row.by}</strong>
				<span>${kindWords(kind, direction)}</span>
				<time datetime=${row.at}>${clock(row.at)}</time>
			</p>
			${row.changes.map((change) => html`<${Change} key=${change.what} change=${change} />`)}
			${row.subject && html`<p class="said-subject" dir="auto">${row.subject}</p>`}
			${row.content && html`<${Content} text=${row.content} />`}
		</div>
	</li>`;
}

function kindWords(kind, direction) {
	if (kind === "Email" || kind === "Call") {
		const words = { Email: { in: __("Mail received"), out: __("Mail sent") }, Call: { in: __("Call received"), out: __("Call made") } };
		return words[kind][direction] || (kind === "Email" ? __("Mail") : __("Call"));
	}
	return { Note: __("Note"), Meeting: __("Meeting"), Change: "", Task: __("Task"), Event: __("Event") }[kind] ?? word(kind);
}

function Change({ change: { what, old, new: now } }) {
	return html`<p class="said-change">
		<span dir="auto">${what}</span>
		${old && html`<del dir="auto">${old}</del>`}
		${old && now && html`<svg class="towards" aria-hidden="true"><use href="#icon-chevron" /></svg>`}
		${now && html`<ins dir="auto">${now}</ins>`}
	</p>`;
}

function Content({ text }) {
	const [isAll, setAll] = useState(false);
	const isLong = text.length > LONG || text.split("\n").length > 6;
	return html`<p class="said-content ${isLong && !isAll ? "cut" : ""}" dir="auto">${text}</p>
		${isLong && html`<button type="button" class="link" aria-expanded=${isAll} onClick=${() => setAll(!isAll)}>${isAll ? __("Show less") : __("Show all")}</button>`}`;
}
