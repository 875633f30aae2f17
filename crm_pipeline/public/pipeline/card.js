/** A card of the board: title, party, amount, the worst state, the owner; and what can be done, on hover and focus. */

import { actions } from "./actions.js";
import { open, shown } from "./address.js";
import { __, word } from "./boot.js";
import { carried } from "./carry.js";
import { draggable } from "./drag.js";
import { focused, wanted } from "./focus.js";
import { ask, moving } from "./moves.js";
import { worstState } from "./state_of_card.js";
import { marked, personOf } from "./store.js";
import { compact, day, initials, money, percent } from "./values.js";
import { html, useLayoutEffect, useRef } from "./vendor/preact.js";

const ON_CARD = ["advance", "done", "note", "won", "lost"];

export function Card({ card, lane, isEntry, isDraggable }) {
	const isOpen = shown.value.open === card.name;
	const classes = ["card", isOpen && "open", moving.value.has(card.name) && "moving", marked.value.has(card.name) && "marked", carried.value?.name === card.name && "carried", card.status === "Paused" && "paused"];
	return html`<article class=${classes.filter(Boolean).join(" ")} data-name=${card.name} onFocusIn=${() => (focused.value = { lane, name: card.name })} ...${isDraggable ? draggable(card) : {}}>
		<h3><${TitleLink} card=${card} isEntry=${isEntry} /></h3>
		<div class="chance"><p class="party" dir="auto">${partyOf(card)}</p>${shown.value.view === "forecast" && html`<${Chance} card=${card} />`}</div>
		<${Worth} card=${card} />
		<${CardActions} card=${card} />
	</article>`;
}

/** How likely it is, and when it is expected: what a forecast is made of. */
function Chance({ card: { probability, expected_closing: closing } }) {
	return html`<p>
		${probability !== undefined && html`<span title=${__("Probability")}>${percent(probability)}</span>`}
		${closing && html`<span title=${__("Expected Closing")}>${day(closing)}</span>`}
	</p>`;
}

/** The title, which leads to the panel: what the keyboard walks through, and what gets the focus. */
export function TitleLink({ card, isEntry, onClick = choose }) {
	const link = useRef();
	useLayoutEffect(() => takeFocus(link.current, card.name), [wanted.value, card.name]);
	return html`<a ref=${link} href=${`#${encodeURIComponent(card.name)}`} dir="auto" title=${card.title} tabindex=${isEntry ? 0 : -1}
		aria-current=${shown.value.open === card.name ? "true" : undefined} onClick=${(event) => onClick(event, card)}>${card.title}</a>`;
}

export function Worth({ card }) {
	const { opportunity_amount: amount, currency } = card;
	return html`<p class="worth">
		${amount !== undefined &&
		html`<strong class="in-full">${money(amount, currency)}</strong><strong class="in-short" aria-hidden="true" title=${money(amount, currency)}>${compact(amount, currency)}</strong>`}
		<${State} card=${card} />
		<${Owner} user=${card.opportunity_owner} />
	</p>`;
}

export function State({ card }) {
	const { kind, icon, text, title } = worstState(card);
	return html`<span class="state ${kind}" title=${title}>
		<svg aria-hidden="true"><use href="#icon-${icon}" /></svg><span class="sr-only">${title}: </span>${text}
	</span>`;
}

export function Owner({ user }) {
	const name = personOf(user);
	return html`<span class="owner" title=${name}>
		<span aria-hidden="true">${user ? initials(name) : "–"}</span><span class="sr-only">${user ? `${__("Owner")} ${name}` : __("No owner")}</span>
	</span>`;
}

export const partyOf = (card) => (card.customer_name === card.title ? word(card.status) : card.customer_name || word(card.status));

function CardActions({ card }) {
	const offered = actions.filter((action) => ON_CARD.includes(action.id) && action.isOffered(card));
	return html`<p class="card-actions">
		${offered.map((action) => html`<button type="button" class="icon-button" tabindex="-1" title="${action.label} (${action.key.toUpperCase()})" aria-label=${`${action.label}: ${card.title}`} onClick=${() => action.run(card)}>
			<svg aria-hidden="true"><use href="#icon-${action.icon}" /></svg>
		</button>`)}
		<button type="button" class="icon-button" tabindex="-1" title=${__("All Actions")} aria-label=${__("All actions: {0}", [card.title])} aria-haspopup="dialog" onClick=${() => ask("actions", card)}>
			<svg aria-hidden="true"><use href="#icon-more" /></svg>
		</button>
	</p>`;
}

/** A plain click opens the panel; one with a key held does what it does to every link. */
export function choose(event, card) {
	if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
	event.preventDefault();
	open(card.name);
}

/** Give the browser's focus to the opportunity, or the row, that is to have it. */
export function takeFocus(node, name) {
	if (wanted.value !== name || !node) return;
	wanted.value = "";
	node.focus({ preventScroll: true });
}
