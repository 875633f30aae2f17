"""Whether an archive is an office document that brings along nothing that runs or is fetched when it is opened."""

import zipfile
import zlib
from typing import IO
from xml.parsers import expat

MOST_PARTS = 2000
MOST_XML = 4 * 1024 * 1024  # bytes, unpacked, of all that is read whole
PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others unpack without end, and no office uses them

_TYPES, _RELATIONS = "[content_types].xml", ".rels"
_MACROS = ("vbaproject", "basic/", "scripts/")
_FOLDERS = {"macrosheets", "dialogsheets", "embeddings", "activex"}
_PROGRAMS = (
	".exe",
	".bin",
	".dll",
	".vbs",
	".vbe",
	".js",
	".jse",
	".wsf",
	".bat",
	".cmd",
	".com",
	".scr",
	".ps1",
	".hta",
	".jar",
	".lnk",
	".msi",
)
_HARMLESS = "printersettings/"  # which Excel writes with every sheet that was printed, as .bin
# Programs, and the format of objects and macros of old, whatever the part is called.
_BEGINNINGS = (b"MZ", b"\x7fELF", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_TYPES_WITH_MACROS = ("vbaproject", "macrosheet", "macroenabled")
_FETCHED = ("/attachedtemplate", "/oleobject", "/frame", "/subdocument", "/afchunk")
_UNREADABLE = (
	zipfile.BadZipFile,
	zlib.error,
	expat.ExpatError,
	ValueError,
	NotImplementedError,
	RuntimeError,
	EOFError,
)


def is_harmless(file: IO[bytes], main_part: str) -> bool:
	"""Return whether an archive is a document with a part of that name, and without macros, objects and programs.

	No more of it is unpacked than `MOST_XML` and the beginnings of its parts. The file is left at its beginning.
	"""
	try:
		with zipfile.ZipFile(file) as archive:
			return _has_harmless_parts(archive.infolist(), main_part) and _has_harmless_contents(archive)
	except _UNREADABLE:
		return False
	finally:
		file.seek(0)


def _has_harmless_parts(parts: list[zipfile.ZipInfo], main_part: str) -> bool:
	names = [_name(part) for part in parts]
	return (
		len(parts) <= MOST_PARTS
		and main_part in names
		and all(part.compress_type in PACKINGS for part in parts)
		and not any(_runs(name) for name in names)
	)


def _name(part: zipfile.ZipInfo) -> str:
	return part.filename.lower().replace("\\", "/")


def _runs(name: str) -> bool:
	return (
		any(macro in name for macro in _MACROS)
		or bool(_FOLDERS.intersection(name.split("/")))
		or (name.endswith(_PROGRAMS) and _HARMLESS not in name)
	)


def _has_harmless_contents(archive: zipfile.ZipFile) -> bool:
	left = MOST_XML
	for part in archive.infolist():
		with archive.open(part) as content:
			if content.read(8).startswith(_BEGINNINGS):
				return False
		if _name(part) == _TYPES or _name(part).endswith(_RELATIONS):
			left -= part.file_size
			if left < 0 or not _says_nothing_harmful(archive.read(part)):
				return False
	return True


def _says_nothing_harmful(xml: bytes) -> bool:
	"""Return whether neither a type of contents has macros nor a relation is fetched from outside."""
	harmful = False

	def look(_tag: str, attributes: dict[str, str]) -> None:
		nonlocal harmful
		values = [value.strip().lower() for value in attributes.values()]
		macros = any(kind in value for value in values for kind in _TYPES_WITH_MACROS)
		fetched = "external" in values and any(value.endswith(_FETCHED) for value in values)
		harmful = harmful or macros or fetched

	parser = expat.ParserCreate()
	parser.StartElementHandler = look
	parser.StartDoctypeDeclHandler = _refuse_entities
	parser.Parse(xml, True)
	return not harmful


def _refuse_entities(*_declared: object) -> None:
	raise ValueError("no office document declares a document type")
