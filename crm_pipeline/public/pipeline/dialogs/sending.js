/** How dialogs and the forms of the panel send: once per click, with the refusal where it belongs and the focus where it was. */

import { __ } from "../boot.js";
import { condition } from "../store.js";
import { useEffect, useRef, useState } from "../vendor/preact.js";

/**
 * @returns {{isBusy: boolean, problem: string, send: Function}} `send(work, onRefused)` runs `work` unless something is
 *   on its way, and hands a refusal to `onRefused`
 */
export function useSending() {
	const [state, setState] = useState({ isBusy: false, problem: "" });
	const isSending = useRef(false);
	const focused = useRef(null);
	useEffect(() => {
		if (!state.isBusy && document.activeElement === document.body) focused.current?.focus(); // which a disabled field has lost
	}, [state]);

	async function send(work, onRefused) {
		if (isSending.current) return;
		isSending.current = true;
		focused.current = document.activeElement;
		setState({ isBusy: true, problem: "" });
		let problem = "";
		try {
			await work();
		} catch (error) {
			problem = wordsOf(error);
			onRefused?.(error);
		} finally {
			isSending.current = false;
			setState({ isBusy: false, problem });
		}
	}
	return { ...state, send };
}

/** The server's words, or what has become of the connection; what is no refusal is thrown on. */
export function wordsOf(error) {
	if (!("status" in error)) throw error;
	if (error.isSignedOut) {
		condition.value = "signed-out";
		return __("Your session has ended. Sign in and send this again.");
	}
	if (error.isOffline) return __("The server cannot be reached. Nothing is lost: try again when it answers.");
	return error.message;
}
