/** Frappe's REST API: reading, and writing that says what it starts from. */

import { boot } from "./boot.js";

let token = boot.csrf_token;

export class ApiError extends Error {
	/**
	 * @param {number} status HTTP status, 0 if the server was not reached
	 * @param {string} kind the name of the refusal, such as StateGone
	 */
	constructor(status, kind, message) {
		super(message);
		this.status = status;
		this.kind = kind;
	}

	/** Whether the server could not be reached, or could not answer. */
	get isOffline() {
		return this.status === 0 || this.status >= 502;
	}

	/** Whether the session is over, or no longer the one that this page was made for. */
	get isSignedOut() {
		return this.kind === "CSRFTokenError" || this.kind === "SessionExpired" || this.status === 401;
	}
}

/** Call a whitelisted method that reads; arguments that are undefined are left out. */
export async function read(method, args = {}, signal) {
	return (await ask(`/api/method/${method}?${query(args)}`, { signal })).message;
}

/** Call a whitelisted method that writes, or is asked more than an address holds. */
export async function write(method, args = {}, signal) {
	return (await ask(`/api/method/${method}`, { ...posted(args), signal })).message;
}

/** Records of a DocType, as Frappe lists them. */
export async function list(doctype, args) {
	return (await ask(`/api/resource/${encodeURIComponent(doctype)}?${query(args)}`)).data;
}

export async function create(doctype, values) {
	return (await ask(`/api/resource/${encodeURIComponent(doctype)}`, posted(values))).data;
}

export async function remove(doctype, name) {
	const path = [doctype, name].map(encodeURIComponent).join("/");
	await ask(`/api/resource/${path}`, { ...posted({}), method: "DELETE" });
}

/** Attach a file to an opportunity; returns its File record. */
export async function upload(file, opportunity) {
	const body = new FormData();
	body.append("file", file, file.name);
	body.append("doctype", "Opportunity");
	body.append("docname", opportunity);
	body.append("is_private", "1");
	return (await ask("/api/method/upload_file", { method: "POST", body, headers: { "X-Frappe-CSRF-Token": token } })).message;
}

/** Sign in without leaving the page; what was typed stays. */
export async function signIn(password) {
	await ask("/api/method/login", posted({ usr: boot.user, pwd: password }));
	const page = await (await fetch(location.pathname, { cache: "no-store" })).text();
	const parsed = new DOMParser().parseFromString(page, "text/html");
	token = JSON.parse(parsed.getElementById("boot").textContent).csrf_token;
}

/** A new id by which the server knows a request that is sent again. */
export const requestId = () => crypto.randomUUID?.() || `${Date.now()}-${Math.random()}`;

/**
 * The id of a request that `known` was asked with already, or a new one: what is sent again unchanged is done once.
 *
 * @param {object} known kept by who asks; empty it when the answer has come
 */
export function idOf(known, args) {
	const body = JSON.stringify(args);
	if (known.body !== body) Object.assign(known, { body, id: requestId() });
	return known.id;
}

function query(args) {
	const given = Object.entries(args).filter(([, value]) => value !== undefined);
	return new URLSearchParams(given.map(([key, value]) => [key, typeof value === "object" ? JSON.stringify(value) : value]));
}

function posted(args) {
	const headers = { "Content-Type": "application/json", "X-Frappe-CSRF-Token": token };
	return { method: "POST", headers, body: JSON.stringify(args) };
}

async function ask(url, { headers, ...options } = {}) {
	let response;
	try {
		response = await fetch(url, { headers: { Accept: "application/json", ...headers }, ...options });
	} catch (error) {
		throw error.name === "AbortError" ? error : new ApiError(0, "", "");
	}
	const answer = await bodyOf(response);
	if (response.ok) return answer;
	const isOver = answer.session_expired || (response.status === 403 && !(await isSignedIn()));
	const kind = isOver ? "SessionExpired" : answer.exc_type || "";
	throw new ApiError(response.status, kind, messageOf(answer) || response.statusText);
}

/** Whether the session is still that of the user for whom the page was made: to a guest much is forbidden. */
async function isSignedIn() {
	const response = await fetch("/api/method/frappe.auth.get_logged_user", { headers: { Accept: "application/json" } });
	return response.ok && (await response.json()).message === boot.user;
}

/** The answer as an object; one that was cut off on its way is none. */
async function bodyOf(response) {
	try {
		return await response.json();
	} catch (error) {
		if (error.name === "AbortError") throw error;
		if (response.ok) throw new ApiError(0, "", "");
		return {};
	}
}

/** What the server says to people: a JSON list of JSON messages, which may carry markup. */
function messageOf(answer) {
	const messages = JSON.parse(answer._server_messages || "[]").map((text) => JSON.parse(text).message);
	const html = messages.join(" ") || (answer.exception || "").replace(/^[\w.]+(: |$)/, "");
	return new DOMParser().parseFromString(html, "text/html").body.textContent.trim();
}
