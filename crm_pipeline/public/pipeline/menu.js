/** A menu of the bar: shut by Escape, and when the focus goes elsewhere. */

import { html, useRef } from "./vendor/preact.js";

/**
 * @param {object} props
 * @param {string} props.label what it is, for who hears the page
 * @param {object} props.face what is shown of it while it is shut
 * @param {Function} props.content given what shuts the menu, returns what is in it
 */
export function Menu({ label, face, content }) {
	const menu = useRef();
	const shut = () => (menu.current.open = false);
	const onKeyDown = (event) => {
		if (event.key !== "Escape" || !menu.current.open) return;
		event.stopPropagation();
		shut();
		menu.current.querySelector("summary").focus();
	};
	const onFocusOut = (event) => !menu.current.contains(event.relatedTarget) && event.relatedTarget && shut();
	return html`<details class="menu" ref=${menu} onKeyDown=${onKeyDown} onFocusOut=${onFocusOut}>
		<summary aria-label=${label} title=${label}>${face}</summary>
		<div>${content(shut)}</div>
	</details>`;
}
