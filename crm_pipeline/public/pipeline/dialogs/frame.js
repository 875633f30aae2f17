/** What every dialog has: a native modal with a form, a button that sends once, and what was typed kept until it is sent. */

import { requestId } from "../api.js";
import { __ } from "../boot.js";
import { dialog } from "../moves.js";
import { giveBack } from "../typed_ahead.js";
import { html, useEffect, useId, useLayoutEffect, useRef, useState } from "../vendor/preact.js";
import { useSending, wordsOf } from "./sending.js";

const drafts = new Map();

/**
 * What is typed into a dialog, kept when it is closed and given back when it is opened again.
 *
 * @param {string} key the dialog and what it is about
 * @param {object} initial values of a dialog that is opened for the first time
 * @returns {{values: object, set: (part: object) => void, drop: () => void}} `values.request_id` is the same until `drop`
 */
export function useDraft(key, initial) {
	const [values, setValues] = useState(() => drafts.get(key) || { request_id: requestId(), ...initial });
	const newest = useRef(values);
	const set = (part) => {
		newest.current = { ...newest.current, ...part };
		drafts.set(key, newest.current);
		setValues(newest.current);
	};
	return { values, set, drop: () => drafts.delete(key) };
}

/**
 * What a dialog has to ask the server before it can be filled in.
 *
 * @param {() => Promise} ask
 * @param {string} key ask again when it changes
 * @returns {[any, string]} the answer, null before it has come, and why it could not be had
 */
export function useAnswer(ask, key) {
	const [[answer, trouble], set] = useState([null, ""]);
	useEffect(() => {
		ask().then(
			(given) => set([given, ""]),
			(error) => set([null, wordsOf(error)]),
		);
	}, [key]);
	return [answer, trouble];
}

/**
 * A modal dialog.
 *
 * @param {object} props
 * @param {string} props.title
 * @param {string} [props.about] a line below the title
 * @param {string} [props.submit] what the button says; without it there is nothing to send
 * @param {() => Promise|void} [props.onSubmit] sends; the dialog closes when it is done, and shows the refusal if it throws one
 * @param {() => void} [props.onClose] closes it; left out by dialogs that `ask` opens
 * @param {boolean} [props.isDangerous] whether the button is a warning
 * @param {boolean} [props.isReady] whether there is something to send
 * @param {boolean} [props.isStaying] whether it stays open when it has sent
 * @param {boolean} [props.isInforming] whether there is nothing to cancel
 * @param {boolean} [props.isSheet] whether it comes up from the foot of a phone
 * @param {string} [props.trouble] why what it needs could not be read
 * @param {object} [props.footer] more buttons
 */
export function Dialog({ title, about, submit, onSubmit, onClose, trouble, footer, children, isReady = true, ...looks }) {
	const { isDangerous, isInforming, isSheet, isStaying, isWide } = looks;
	const id = useId();
	const asked = useRef(dialog.value);
	const close = onClose || (() => dialog.value === asked.current && (dialog.value = null)); // not one that it has led to
	const node = useModal(close);
	const { busy, problem, send } = useForm(onSubmit, isStaying ? () => {} : close);
	const byKey = (event) => {
		event.stopPropagation(); // the keys of the board do not mean what is typed here
		if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && submit && isReady) send(event);
	};
	const byPointer = (event) => event.target === node.current && event.button === 0 && close();
	return html`
		<dialog ref=${node} class=${["dialog", isWide && "wide", isSheet && "sheet"].filter(Boolean).join(" ")} aria-labelledby=${id} aria-busy=${busy} onKeyDown=${byKey} onPointerDown=${byPointer}>
			<form onSubmit=${isReady ? send : hold}>
				<header>
					<h2 id=${id}><bdi>${title}</bdi></h2>
					${about && html`<p class="about"><bdi>${about}</bdi></p>`}
					<button type="button" class="icon-button close" aria-label=${__("Close")} onClick=${close}>
						<svg aria-hidden="true"><use href="#icon-close" /></svg>
					</button>
				</header>
				<div class="body">
					<div role="alert">${(problem || trouble) && html`<p class="problem" dir="auto">${problem || trouble}</p>`}</div>
					<fieldset class="entries" disabled=${busy}>${children}</fieldset>
				</div>
				${(submit || footer) &&
				html`<footer>
					${submit &&
					html`<button type="submit" class="button primary ${isDangerous ? "danger" : ""}" disabled=${busy || !isReady}>${submit}</button>
						${!isInforming && html`<button type="button" class="button" onClick=${close}>${__("Cancel")}</button>`}`}
					${footer}
				</footer>`}
			</form>
		</dialog>
	`;
}

/** Show the dialog while it is mounted; the focus goes to its first field, and back to where it was. */
function useModal(onClose) {
	const node = useRef(null);
	const closing = useRef(onClose);
	closing.current = onClose;
	useLayoutEffect(() => {
		const shown = node.current;
		const close = (event) => {
			event.preventDefault();
			closing.current();
		};
		shown.showModal();
		keepFirstFocused(shown);
		giveBack();
		shown.addEventListener("cancel", close);
		shown.addEventListener("close", close);
		return () => {
			shown.removeEventListener("close", close);
			shown.close();
		};
	}, []);
	return node;
}

/** Send what the form asks for, once it is complete; then close. */
function useForm(onSubmit, onClose) {
	const { isBusy, problem, send } = useSending();
	const submit = (event) => {
		event.preventDefault();
		if (!event.currentTarget.closest("dialog").querySelector("form").reportValidity()) return;
		send(async () => {
			await onSubmit();
			onClose();
		});
	};
	return { busy: isBusy, problem, send: submit };
}

const hold = (event) => event.preventDefault();

/** Focus the first field, also of what comes in or may be pressed later, until the reader does something. */
function keepFirstFocused(node) {
	const later = new MutationObserver(() => focusFirst(node));
	const leave = () => later.disconnect();
	later.observe(node, { childList: true, subtree: true, attributeFilter: ["disabled"] });
	node.addEventListener("keydown", leave, { once: true });
	node.addEventListener("pointerdown", leave, { once: true });
	focusFirst(node);
}

/** The first field, the one with `data-first` before others; without fields the first button that is not *Close*. */
function focusFirst(node) {
	const fields = ".body :is(input:checked, input:not([type=radio]), select, textarea, button, a):not(:disabled, .standing *)";
	(node.querySelector("[data-first]") || node.querySelector(fields) || node.querySelector("footer button"))?.focus();
}
