/** The session has ended: sign in again, without losing what is shown and what was typed. */

import { signIn } from "../api.js";
import { __, boot } from "../boot.js";
import { dialog } from "../moves.js";
import { condition, refresh } from "../store.js";
import { html, signal, useEffect, useState } from "../vendor/preact.js";
import { Entry } from "./fields.js";
import { Dialog } from "./frame.js";

const isPutOff = signal(false);

/** Shown over everything else as soon as the session is known to have ended. */
export const SignIn = () => condition.value === "signed-out" && !isPutOff.value && html`<${Ask} />`;

/** Asks for the password again after it was postponed. */
export function SignInAgain() {
	useEffect(() => {
		isPutOff.value = false;
		dialog.value = null;
	}, []);
	return null;
}

const putOff = () => (isPutOff.value = condition.value === "signed-out");

/** A wrong password is said in the server's words: that the session has ended is known here. */
function tellWhy({ message, status, isOffline }) {
	throw Object.assign(new Error(message || __("This password is not the right one.")), { status, isOffline });
}

function Ask() {
	const [password, setPassword] = useState("");
	const send = async () => {
		await signIn(password).catch(tellWhy);
		condition.value = "refreshing";
		refresh();
	};
	const login = `/login?redirect-to=${encodeURIComponent(location.pathname + location.search)}`;
	const footer = html`<a class="button" href=${login}>${__("Sign in another way")}</a>`;
	return html`<${Dialog} title=${__("Your session has ended")} about=${__("What is shown and what you typed is kept.")} submit=${__("Sign In")} onSubmit=${send} onClose=${putOff} footer=${footer}>
		<input class="sr-only" type="text" autocomplete="username" value=${boot.user} readonly tabindex="-1" aria-hidden="true" />
		<${Entry} label=${__("Password of {0}", [boot.full_name || boot.user])} type="password" autocomplete="current-password" value=${password} onInput=${setPassword} required data-first />
	<//>`;
}
