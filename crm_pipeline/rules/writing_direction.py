"""In which direction a language is written."""

# Frappe's Kurdish, `ku`, is the one of the Arabic script.
RIGHT_TO_LEFT = frozenset("ar ckb dv fa he ku ps sd ug ur yi".split())


def is_right_to_left(language: str | None) -> bool:
	"""Tell whether a language is written from right to left, whatever its country: `ar`, `ar-EG`, `fa_IR`."""
	return (language or "").replace("_", "-").partition("-")[0].lower() in RIGHT_TO_LEFT
