/** Parts of the page that are fetched when they are first needed, or when the browser has nothing else to do. */

import { refused } from "./moves.js";
import { ApiError } from "./api.js";
import { html, signal, useEffect } from "./vendor/preact.js";

/**
 * A component out of a module that is not there yet.
 *
 * @param {() => Promise<object>} load imports the module
 * @param {string} name of the component in it
 * @param {function} [Meanwhile] the component that stands there until then
 */
export function lazy(load, name, Meanwhile) {
	const component = signal(null);
	const fetch = () => load().then((module) => (component.value = module[name]));
	whenIdle(() => fetch().catch(() => component.value)); // asked for again when it is needed
	return function Lazy(props) {
		useEffect(() => {
			if (!component.value) fetch().catch(() => refused(new ApiError(0, "", "")));
		}, []);
		const shown = component.value || Meanwhile;
		return shown && html`<${shown} ...${props} />`;
	};
}

function whenIdle(work) {
	if ("requestIdleCallback" in window) requestIdleCallback(work, { timeout: 3000 });
	else setTimeout(work, 1000);
}
