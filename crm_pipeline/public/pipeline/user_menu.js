/** Who is signed in, how the page looks to them, and the way out. */

import { show, shown } from "./address.js";
import { write } from "./api.js";
import { __, boot } from "./boot.js";
import { Menu } from "./menu.js";
import { ask, refused } from "./moves.js";
import { initials } from "./values.js";
import { effect, html, signal } from "./vendor/preact.js";

const KEY = "pipeline-theme";
const MEDIA = { auto: "(prefers-color-scheme: dark)", light: "not all", dark: "all" };

/** Light or dark: as the system has it, unless the reader has chosen. */
const theme = signal(localStorage.getItem(KEY) in MEDIA ? localStorage.getItem(KEY) : "auto");

const themes = () => [
	["auto", __("As the system")],
	["light", __("Light")],
	["dark", __("Dark")],
];

function setTheme(chosen) {
	theme.value = chosen;
	localStorage.setItem(KEY, chosen);
}

effect(() => {
	document.getElementById("dark").media = MEDIA[theme.value];
	document.documentElement.dataset.theme = theme.value;
});

export function UserMenu() {
	return html`<${Menu}
		label=${__("Signed in as {0}", [boot.full_name])}
		face=${html`<span class="owner" aria-hidden="true">${initials(boot.full_name)}</span>`}
		content=${(shut) => html`
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
		`}
	/>`;
}

async function signOut() {
	try {
		await write("logout");
		location.href = "/login?redirect-to=/pipeline";
	} catch (error) {
		refused(error);
	}
}
