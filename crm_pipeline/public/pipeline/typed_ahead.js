/** Keys pressed while the first dialog is still on its way are kept, and typed into its first field when it has come. */

import { dialog } from "./moves.js";
import { effect } from "./vendor/preact.js";

const TYPED = "input:not([type=radio], [type=checkbox], [type=date], [type=datetime-local]), textarea";

let kept = "";
let hasCome = false;

effect(() => {
	if (dialog.value && !hasCome) addEventListener("keydown", keep, true);
	else stop();
});

/** Type what was kept, once the dialog has the focus. */
export function giveBack() {
	hasCome = true;
	const [field, text] = [document.activeElement, kept];
	stop();
	if (!text || !field?.matches(TYPED)) return;
	field.value += text;
	field.dispatchEvent(new Event("input", { bubbles: true }));
}

function keep(event) {
	if (event.ctrlKey || event.metaKey || event.altKey) return;
	if (event.key === "Escape") dialog.value = null;
	else if (event.key === "Backspace") kept = kept.slice(0, -1);
	else if (event.key.length === 1) kept += event.key;
	else return;
	event.preventDefault();
	event.stopPropagation();
}

function stop() {
	kept = "";
	removeEventListener("keydown", keep, true);
}
