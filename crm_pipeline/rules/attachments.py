"""Which files are taken from somebody outside: by size, name and content, none of which is believed alone."""

import re
from typing import IO

from crm_pipeline.rules import office_documents

LARGEST = 10 * 1024 * 1024  # bytes
LONGEST_NAME = 120  # bytes before the ending; file systems take 255, and Frappe adds some of its own
HEAD = 4096  # bytes that tell what a file is

TOO_LARGE, EMPTY, KIND, CONTENT = "too large", "empty", "kind", "content"

_OFFICE = {
	"docx": "word/document.xml",
	"xlsx": "xl/workbook.xml",
	"ods": "content.xml",
	"odt": "content.xml",
}
_BEGINNINGS = {
	"pdf": (b"%PDF-",),
	"png": (b"\x89PNG\r\n\x1a\n",),
	"jpg": (b"\xff\xd8\xff",),
	"jpeg": (b"\xff\xd8\xff",),
}
_PLAIN = ("csv", "txt")
KINDS = (*_BEGINNINGS, *_OFFICE, *_PLAIN)
# What programs and browsers would run, however the file is called.
_RUNNABLE = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa", b"<")
_UNSAFE_IN_NAME = re.compile(r"[^\w .,()+-]")


def refusal(name: str, file: IO[bytes]) -> str | None:
	"""Return why a file is not taken, or None if it is; reads no more of it than that needs, and leaves it at its beginning.

	Args:
		name: as the sender calls it; its ending says what the file claims to be.
	"""
	size = file.seek(0, 2)
	kind = ending(name)
	file.seek(0)
	head = file.read(HEAD)
	file.seek(0)
	if size > LARGEST:
		return TOO_LARGE
	if not size:
		return EMPTY
	if kind not in KINDS:
		return KIND
	return None if _is(kind, head, file) else CONTENT


def ending(name: str) -> str:
	"""Return what follows the last point of a name, in small letters."""
	return name.rpartition(".")[2].lower() if "." in name else ""


def safe_name(name: str) -> str:
	"""Return the name without folders and without what a page, a shell or a file system might take for something else."""
	last = re.split(r"[/\\]", name)[-1]
	stem, _point, kind = last.rpartition(".")
	stem = _UNSAFE_IN_NAME.sub("_", stem).replace("..", ".").strip(" ._-")
	stem = stem.encode()[:LONGEST_NAME].decode(errors="ignore").rstrip(" ._-") or "file"  # whole characters
	return f"{stem}.{kind.lower()}"


def _is(kind: str, head: bytes, file: IO[bytes]) -> bool:
	if kind in _BEGINNINGS:
		return head.startswith(_BEGINNINGS[kind])
	if kind in _OFFICE:
		return head.startswith(b"PK\x03\x04") and office_documents.is_harmless(file, _OFFICE[kind])
	return _is_text(head, file)


def _is_text(head: bytes, file: IO[bytes]) -> bool:
	start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
	try:
		return not start.startswith(_RUNNABLE) and b"\x00" not in file.read()
	finally:
		file.seek(0)
