/** My Day: one queue over all processes, of what is to be done next. */

import { boardFilters, open, shown } from "./address.js";
import { __, boot, word } from "./boot.js";
import { TitleLink, Worth, partyOf } from "./card.js";
import { focused } from "./focus.js";
import { FoldingHead, foldOf, isFolded, unfolded } from "./folding.js";
import { ask, compose } from "./moves.js";
import { currency, day, marked } from "./store.js";
import { clock, compact, money, number } from "./values.js";
import { html } from "./vendor/preact.js";

const BY_THE_HOUR = ["today", "tomorrow"];

export function Day() {
	if (!day.value) return html`<section class="day placeholder" aria-busy="true" aria-label=${__("My Day")}><i /><i /><i /></section>`;
	const sections = day.value.filter((section) => section.count);
	const entry = unfolded(sections).flatMap((section) => section.rows.map((row) => row.name));
	const first = entry.includes(focused.value.name) ? focused.value.name : entry[0];
	return html`<section class="day" aria-label=${__("My Day")}>
		<h2>${__("My Day")}${boot.processes.length > 1 && html` <small>${__("All Processes")}</small>`}</h2>
		${sections.length ? sections.map((section) => html`<${Section} key=${section.key} section=${section} entry=${first} />`) : html`<${Calm} />`}
	</section>`;
}

/** The end of the queue, or of what filters leave of it. */
function Calm() {
	const { view } = shown.value;
	const { scope, state, ...others } = boardFilters.value;
	if (Object.keys(others).length || (state && view === "day")) return html`<p class="empty">${__("No match")}</p>`;
	const text =
		scope === "team"
			? __("All done. In your team nothing is due, nobody waits, everything has a next step.")
			: __("All done. Nothing is due, nobody waits, everything has a next step.");
	return html`<div class="calm">
		<p>${text}</p>
	</div>`;
}

function Section({ section, entry }) {
	const { key, label, count, amount, rows } = section;
	return html`<section class="day-section ${key}">
		<${FoldingHead} fold=${foldOf(section)} name=${label} count=${count}><small title=${money(amount, currency.value)}>${compact(amount, currency.value)}</small><//>
		${!isFolded(foldOf(section)) && html`<ul>${rows.map((card) => html`<${Row} key=${card.name} card=${card} section=${key} isEntry=${card.name === entry} />`)}</ul>
			${count > rows.length && html`<p class="day-more">${__("{0} more", [number(count - rows.length, 0)])}</p>`}`}
	</section>`;
}

function Row({ card, section, isEntry }) {
	const isOpen = shown.value.open === card.name;
	return html`<li class="day-row ${isOpen ? "open" : ""} ${marked.value.has(card.name) ? "marked" : ""}" data-name=${card.name}
		onFocusIn=${() => (focused.value = { lane: "day", name: card.name })}>
		<h4>
			${BY_THE_HOUR.includes(section) && html`<time>${clock(card.next_contact_date)}</time>`}
			<${TitleLink} card=${card} isEntry=${isEntry} />
		</h4>
		<p class="party" dir="auto">${partyOf(card)} · ${word(card.sales_stage)}</p>
		<${Worth} card=${card} />
		${boot.may_write &&
		html`<p class="day-actions">
			${buttonsOf(card, section).map(([label, named, work]) => html`<button key=${label} type="button" class="button small" aria-label=${named} onClick=${work}>${label}</button>`)}
		</p>`}
	</li>`;
}

/** The two buttons of a row, each as label, name and work: whoever waits is answered, else what is due is worked off, or a step is planned. */
function buttonsOf(card, section) {
	const [title, isPlanned] = [[card.title], Boolean(card.next_contact_date)];
	const plan = [__("Plan Next Step"), __("Plan next step: {0}", title), () => ask("note", card)];
	const look = [__("Open It"), __("Open {0}", title), () => open(card.name)];
	if (section === "waiting" && boot.may_mail) return [[__("Reply"), __("Reply: {0}", title), () => reply(card)], isPlanned ? look : plan];
	if (!isPlanned) return [plan, look];
	return [
		[__("Done"), __("Done: {0}", title), () => ask("done", card)],
		[__("Snooze"), __("Snooze: {0}", title), () => ask("snooze", card)],
	];
}

function reply(card) {
	compose(card.name, "Email");
	open(card.name);
}
