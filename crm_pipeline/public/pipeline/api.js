/** Frappe's REST API, reading only. */

export class ApiError extends Error {
	/** @param {number} status HTTP status, 0 if the server was not reached */
	constructor(status, message) {
		super(message);
		this.status = status;
	}
}

/** Call a whitelisted method; arguments that are undefined are left out. */
export async function call(method, args = {}, signal) {
	const given = Object.entries(args).filter(([, value]) => value !== undefined);
	const answer = await read(`/api/method/${method}?${new URLSearchParams(given)}`, signal);
	return answer.message;
}

/** One document with its child tables. */
export async function getDocument(doctype, name, signal) {
	const path = [doctype, name].map(encodeURIComponent).join("/");
	return (await read(`/api/resource/${path}`, signal)).data;
}

async function read(url, signal) {
	let response;
	try {
		response = await fetch(url, { headers: { Accept: "application/json" }, signal });
	} catch (error) {
		throw error.name === "AbortError" ? error : new ApiError(0, "");
	}
	const answer = await response.json().catch(() => ({}));
	if (!response.ok) throw new ApiError(response.status, messageOf(answer) || response.statusText);
	return answer;
}

/** What the server says to people: a JSON list of JSON messages, which may carry markup. */
function messageOf(answer) {
	const messages = JSON.parse(answer._server_messages || "[]").map((text) => JSON.parse(text).message);
	const html = messages.join(" ") || answer.exception || "";
	return new DOMParser().parseFromString(html, "text/html").body.textContent.trim();
}
