/** A button that copies an address or a number, and says so. */

import { __ } from "../boot.js";
import { say, sayProblem } from "../notices.js";
import { html } from "../vendor/preact.js";

export function Copy({ text }) {
	const label = __("Copy {0}", [text]);
	return html`<button type="button" class="icon-button copy" aria-label=${label} title=${label} onClick=${() => copy(text)}><svg aria-hidden="true"><use href="#icon-copy" /></svg></button>`;
}

async function copy(text) {
	try {
		await (navigator.clipboard ? navigator.clipboard.writeText(text) : copyBySelection(text));
		say(__("Copied: {0}", [text]));
	} catch {
		sayProblem(__("The browser did not let {0} be copied. Select it and copy it yourself.", [text]));
	}
}

/** Where the page came without encryption, browsers have no clipboard but that of what is selected. */
function copyBySelection(text) {
	const focused = document.activeElement;
	const holder = Object.assign(document.createElement("textarea"), { value: text, className: "sr-only" });
	(focused.closest("dialog") || document.body).append(holder);
	holder.select();
	const isDone = document.execCommand("copy");
	holder.remove();
	focused.focus();
	if (!isDone) throw new Error("refused");
}
