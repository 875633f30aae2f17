/** A refusal in words, where it belongs. */

import { __ } from "../boot.js";
import { condition } from "../store.js";

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
