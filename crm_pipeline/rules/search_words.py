"""What somebody who types a word may mean: databases differ in which letters they take for the same.

They compare without regard to the case of the letters a to z at least; MariaDB also without regard to accents.
"""

import unicodedata

MOST_WORDS = 10
# Letters that are no letter with an accent to Unicode, but to whoever lacks them on the keyboard.
PLAIN = str.maketrans({"ø": "o", "ł": "l", "ı": "i", "đ": "d", "ħ": "h", "æ": "ae", "œ": "oe", "ß": "ss"})


def words(text: str) -> list[tuple[str, ...]]:
	"""Return, for each word of a text, the ways to look for it, the word itself first; at most ten words count.

	What no database takes, zero bytes and halves of characters, counts as nothing.
	"""
	return [spellings(word) for word in dict.fromkeys(split(text))]


def split(text: str) -> list[str]:
	"""Return the words of a text that count, as they were typed and in their order."""
	text = text.encode(errors="ignore").decode().replace("\0", " ")
	return text.split()[:MOST_WORDS]


def spellings(word: str) -> tuple[str, ...]:
	"""Return a word in small letters, in capitals, with a capital, in plain letters and with ß for ss.

	Those that differ in the case of a to z alone are one.
	"""
	plain = unicodedata.normalize("NFKC", word)
	small = plain.lower()
	forms = (
		word,
		small,
		plain.upper(),
		small.capitalize(),
		without_accents(plain.casefold()),
		small.replace("ss", "ß"),
	)
	return tuple(dict.fromkeys(_small_ascii(form) for form in forms))


def without_accents(text: str) -> str:
	"""Return a text in small letters without what stands above or below them."""
	parts = unicodedata.normalize("NFKD", text.translate(PLAIN))
	return "".join(part for part in parts if not unicodedata.combining(part))


def _small_ascii(text: str) -> str:
	return "".join(letter.lower() if letter.isascii() else letter for letter in text)
