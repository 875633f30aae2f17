/** Frappe's REST API: reading, and the methods of documents. */

const token = document.querySelector('meta[name="csrf-token"]').content;

export class ApiError extends Error {
	/**
	 * @param {number} status HTTP status, 0 if the server was not reached
	 * @param {boolean} isStale whether the session is no longer the one that this page was made for
	 */
	constructor(status, message, isStale = false) {
		super(message);
		this.status = status;
		this.isStale = isStale;
	}
}

/** Call a whitelisted method; arguments that are undefined are left out. */
export async function call(method, args = {}, signal) {
	const given = Object.entries(args).filter(([, value]) => value !== undefined);
	const answer = await ask(`/api/method/${method}?${new URLSearchParams(given)}`, { signal });
	return answer.message;
}

/** One document with its child tables. */
export async function getDocument(doctype, name, signal) {
	const path = [doctype, name].map(encodeURIComponent).join("/");
	return (await ask(`/api/resource/${path}`, { signal })).data;
}

/** Run a whitelisted method of a document. */
export async function run(doctype, name, method, args) {
	const body = JSON.stringify({ dt: doctype, dn: name, method, args: JSON.stringify(args) });
	const headers = { "Content-Type": "application/json", "X-Frappe-CSRF-Token": token };
	return (await ask("/api/method/run_doc_method", { method: "POST", headers, body })).message;
}

async function ask(url, { headers, ...options }) {
	let response;
	try {
		response = await fetch(url, { headers: { Accept: "application/json", ...headers }, ...options });
	} catch (error) {
		throw error.name === "AbortError" ? error : new ApiError(0, "");
	}
	const answer = await response.json().catch(() => ({}));
	if (!response.ok) throw new ApiError(response.status, messageOf(answer) || response.statusText, isStale(answer));
	return answer;
}

const isStale = (answer) => answer.exc_type === "CSRFTokenError" || Boolean(answer.session_expired);

/** What the server says to people: a JSON list of JSON messages, which may carry markup. */
function messageOf(answer) {
	const messages = JSON.parse(answer._server_messages || "[]").map((text) => JSON.parse(text).message);
	const html = messages.join(" ") || (answer.exception || "").replace(/^[\w.]+(: |$)/, "");
	return new DOMParser().parseFromString(html, "text/html").body.textContent.trim();
}
