// What lint/semgrep/markup_js.yml finds, and what it lets pass.
function paragraphs(title, rows) {
	const { escape_html: escape } = frappe.utils;
	const label_html = escape(title);
	const line_html = rows.map((row) => `<b>${escape(row)}</b>`).join("");
	return [
		// ruleid: unescaped-markup-js
		`<p>${title}</p>`,
		// ruleid: unescaped-markup-js
		`<p title="${title}">${escape(title)}</p>`,
		// ok: unescaped-markup-js
		`<p title="${escape(title)}">${__("Open")}: ${label_html}</p>`,
		// ok: unescaped-markup-js
		`<p>${line_html}</p>`,
		// ok: unescaped-markup-js
		`${title}: 1 < 2`,
	];
}
