/** What the page says: at the foot of the window, and to screen readers. */

import { __ } from "./boot.js";
import { html, signal, useLayoutEffect, useRef } from "./vendor/preact.js";

const UNDO_SECONDS = 10;
const SAY_SECONDS = 4;
const TELL_SECONDS = 8;

const notice = signal(null);
const spoken = signal("");
let timer = 0;

/** Say that something is done. */
export const say = (text) => put({ text }, SAY_SECONDS);

/** Say that something is done, and offer to undo it for ten seconds. */
export const confirm = (text, undo) => put({ text, undo }, undo ? UNDO_SECONDS : SAY_SECONDS);

/** Say why something was not done; it stays until it is closed, and with it the offer to undo the rest. */
export const sayProblem = (text, lines = [], undo = null) => put({ text, lines, undo, isProblem: true }, 0);

/**
 * Say what others did, unless what the reader did can still be undone, or a refusal still stands there.
 *
 * @returns {boolean} whether it was said
 */
export function tell(text, lines = []) {
	const isTaken = notice.value?.undo || notice.value?.isProblem;
	if (!isTaken) put({ text, lines }, TELL_SECONDS);
	return !isTaken;
}

/** Say something to screen readers alone. */
export const speak = (text) => (spoken.value = text);

/** Undo what was done last, if that is still offered; for the key. */
export function undoLast() {
	const { undo } = notice.value || {};
	if (undo) take(undo);
	return Boolean(undo);
}

const closeNotice = () => (notice.value = null);

function put(said, seconds) {
	clearTimeout(timer);
	notice.value = said;
	spoken.value = [said.text, ...(said.lines || [])].join(" ");
	if (seconds) timer = setTimeout(closeNotice, seconds * 1000);
}

function take(undo) {
	closeNotice();
	undo();
}

export function Notices() {
	const said = notice.value;
	const toast = useRef();
	useLayoutEffect(() => toast.current?.showPopover?.(), [said]); // above a dialog that is open
	return html`
		<p class="sr-only" role="status" aria-live="polite">${spoken.value}</p>
		${said &&
		html`<section ref=${toast} popover="manual" class="toast ${said.isProblem ? "problem" : ""}" aria-label=${__("Notice")}>
			<div>
				<p dir="auto">${said.text}</p>
				${said.lines?.length > 0 && html`<ul>${said.lines.map((line) => html`<li dir="auto">${line}</li>`)}</ul>`}
			</div>
			${said.undo && html`<button type="button" class="button small" onClick=${() => take(said.undo)}>${__("Undo")} <kbd>Z</kbd></button>`}
			<button type="button" class="icon-button" aria-label=${__("Close")} onClick=${closeNotice}><svg aria-hidden="true"><use href="#icon-close" /></svg></button>
		</section>`}
	`;
}
