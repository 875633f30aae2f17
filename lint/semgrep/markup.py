"""What lint/semgrep/markup.yml finds in Python, and what it lets pass."""

from frappe import _

from crm_pipeline.utils.markup import bold, escaped, link_to


def paragraph(title: str, name: str) -> list[str]:
	return [
		# ruleid: unescaped-markup
		f"<p>{title}</p>",
		# ruleid: unescaped-markup
		"<p>{0}</p>".format(title),
		# ruleid: unescaped-markup
		"<p>%s</p>" % title,
		# ok: unescaped-markup
		f"<p>{escaped(title)}: {link_to('Lead', name)}</p>",
		# ok: unescaped-markup
		"<p>{0}</p>".format(bold(title)),
		# ok: unescaped-markup
		f"{title}: 1 < 2",
		# ok: unescaped-markup
		f"<p>{_('Open')}</p>",
	]


def head(title: str) -> str:
	title_html = f"<b>{escaped(title)}</b>"
	# ok: unescaped-markup
	return f"<p>{title_html}</p>"
