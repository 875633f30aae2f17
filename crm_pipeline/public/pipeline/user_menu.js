/** Who is signed in, how the page looks to them, and the way out. */

import { show, shown } from "./address.js";
import { write } from "./api.js";
import { __, boot } from "./boot.js";
import { ask, refused } from "./moves.js";
import { theme, setTheme } from "./theme.js";
import { initials } from "./values.js";
import { html, useRef } from "./vendor/preact.js";

const themes = () => [
	["auto", __("As the system")],
	["light", __("Light")],
	["dark", __("Dark")],
];

export function UserMenu() {
	const menu = useRef();
	const shut = () => (menu.current.open = false);
	const onKeyDown = (event) => {
		if (event.key !== "Escape" || !menu.current.open) return;
		event.stopPropagation();
		shut();
		menu.current.querySelector("summary").focus();
	};
	const onFocusOut = (event) => !menu.current.contains(event.relatedTarget) && event.relatedTarget && shut();
	return html`<details class="user-menu" ref=${menu} onKeyDown=${onKeyDown} onFocusOut=${onFocusOut}>
		<summary aria-label=${__("Signed in as {0}", [boot.full_name])}><span class="owner" aria-hidden="true">${initials(boot.full_name)}</span></summary>
		<div>
			<p><strong dir="auto">${boot.full_name}</strong><br /><small>${boot.user}</small></p>
			<label>${__("Theme")}
				<select value=${theme.value} onChange=${(event) => setTheme(event.target.value)}>
					${themes().map(([key, label]) => html`<option key=${key} value=${key}>${label}</option>`)}
				</select>
			</label>
			<label class="check"><input type="checkbox" checked=${shown.value.dense} onChange=${(event) => show({ dense: event.target.checked }, false)} /> ${__("Compact")}</label>
			<button type="button" class="button small" onClick=${() => (shut(), ask("keys"))}>${__("Keys")} <kbd>?</kbd></button>
			${boot.desk && html`<a class="button small" href=${boot.desk.home}>${__("Desk")}</a>`}
			<button type="button" class="button small" onClick=${signOut}>${__("Sign Out")}</button>
		</div>
	</details>`;
}

async function signOut() {
	try {
		await write("logout");
		location.href = "/login?redirect-to=/pipeline";
	} catch (error) {
		refused(error);
	}
}
