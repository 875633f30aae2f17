/** Parts of the page that are fetched when they are first needed, or when the browser has nothing else to do. */

import { refused } from "./moves.js";
import { ApiError } from "./api.js";
import { html, signal, useEffect } from "./vendor/preact.js";

const there = signal({});

/** Take over components, by their names; where all of the page is one file they need not be fetched. */
export const provide = (components) => (there.value = { ...there.value, ...components });

/**
 * A component out of a module that may not be there yet.
 *
 * @param {string} module its path, in a variable, so that who makes one file of the page does not follow it
 * @param {string} name of the component in it
 * @param {function} [Meanwhile] the component that stands there until then
 */
export function lazy(module, name, Meanwhile) {
	const fetch = async () => there.value[name] || provide(await import(module));
	whenIdle(() => fetch().catch(() => null)); // asked for again when it is needed
	return function Lazy(props) {
		useEffect(() => {
			fetch().catch(() => refused(new ApiError(0, "", "")));
		}, []);
		const shown = there.value[name] || Meanwhile;
		return shown && html`<${shown} ...${props} />`;
	};
}

function whenIdle(work) {
	if ("requestIdleCallback" in window) requestIdleCallback(work, { timeout: 3000 });
	else setTimeout(work, 1000);
}
