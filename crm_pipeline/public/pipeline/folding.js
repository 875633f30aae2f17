/** Sections that their headings fold, so that one need not go through a long one; the address remembers which are. */

import { show, shown } from "./address.js";
import { number } from "./values.js";
import { html } from "./vendor/preact.js";

const foldedKeys = () => shown.value.folded.split(",").filter(Boolean);
export const isFolded = (fold) => foldedKeys().includes(fold);
/** What a section of My Day is called in the address, where sections of the activities have their own names. */
export const foldOf = ({ key }) => `day_${key}`;
/** The sections of My Day that are not folded. */
export const unfolded = (sections) => sections.filter((section) => !isFolded(foldOf(section)));

/** The heading of a section with its count, which folds the section. */
export function FoldingHead({ fold, name, count, children }) {
	const keys = foldedKeys();
	const others = keys.filter((key) => key !== fold);
	const isOpen = others.length === keys.length;
	const toggle = () => show({ folded: (isOpen ? [...keys, fold] : others).join() }, false);
	return html`<h3><button type="button" class="fold" aria-expanded=${isOpen} onClick=${toggle}>
		<svg aria-hidden="true"><use href="#icon-chevron" /></svg>${name} <span class="count">${number(count, 0)}</span> ${children}
	</button></h3>`;
}
