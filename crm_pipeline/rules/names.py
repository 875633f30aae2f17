"""Names of organizations: how they are kept, and when two of them are one."""

import unicodedata


def plain_name(name: str) -> str:
	"""Return a name in the usual Unicode form, without spaces around it and with single ones in it."""
	return " ".join(unicodedata.normalize("NFC", name).split())


def name_key(name: str) -> str:
	"""Return what equal names have in common, whatever their case, spaces and Unicode form (as of half-width letters)."""
	return plain_name(unicodedata.normalize("NFKC", name).casefold())
