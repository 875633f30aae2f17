import io
import unittest
import zipfile

from crm_pipeline.rules import attachments, office_documents
from crm_pipeline.rules.attachments import CONTENT, EMPTY, KIND, LARGEST, TOO_LARGE, refusal, safe_name

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


TYPES = "[Content_Types].xml"
RELATED = '<Relationships><Relationship Type="http://x/{}" Target="http://x" TargetMode="External"/></Relationships>'
TYPED = '<Types><Override PartName="/xl/a.xml" ContentType="application/vnd.{}+xml"/></Types>'


def archive(*parts: str, compression: int = zipfile.ZIP_DEFLATED, **contents: bytes | str) -> bytes:
	made = io.BytesIO()
	with zipfile.ZipFile(made, "w", compression) as target:
		for part in parts:
			target.writestr(part, "<x/>")
		for part, content in contents.items():
			target.writestr(part, content)
	return made.getvalue()


class TestRefusal(unittest.TestCase):
	def told(self, name: str, content: bytes) -> str | None:
		return refusal(name, io.BytesIO(content))

	def test_what_is_taken(self):
		for name, content in (
			("Angebot.PDF", b"%PDF-1.7 ..."),
			("photo.png", PNG),
			("photo.jpeg", b"\xff\xd8\xff\xe0"),
			("prices.csv", "item;Preis\nSchränke;12,50".encode()),
			("prices.txt", b"12.50"),
			("prices.xlsx", archive("[Content_Types].xml", "xl/workbook.xml")),
			("letter.docx", archive("word/document.xml")),
			("prices.ods", archive("mimetype", "content.xml")),
		):
			with self.subTest(name):
				self.assertIsNone(self.told(name, content))

	def test_kinds_that_run_somewhere(self):
		for name in (
			"a.exe",
			"a.html",
			"a.svg",
			"a.js",
			"a.xlsm",
			"a.zip",
			"a.pdf.bat",
			"a.php",
			"a",
			".pdf.",
		):
			with self.subTest(name):
				self.assertEqual(self.told(name, b"%PDF-1.7"), KIND)

	def test_contents_under_another_name(self):
		for name, content in (
			("a.pdf", b"MZ\x90\x00"),
			("a.png", b"<svg onload=alert(1)>"),
			("a.txt", b"  <script>"),
			("a.csv", b"\xef\xbb\xbf<html>"),
			("a.txt", b"#!/bin/sh"),
			("a.txt", b"\x7fELF\x02"),
			("a.txt", b"a\x00b"),
			("a.xlsx", PNG),
			("a.xlsx", b"PK\x03\x04 broken"),
			("a.xlsx", archive("word/document.xml")),
			("a.xlsx", archive("xl/workbook.xml", "xl/vbaProject.bin")),
			("a.ods", archive("content.xml", "Basic/Standard/Module1.xml")),
		):
			with self.subTest(name, content=content[:20]):
				self.assertEqual(self.told(name, content), CONTENT)

	def test_office_documents_that_bring_something_along(self):
		for part in (
			"xl/macrosheets/sheet1.xml",
			"xl/embeddings/oleObject1.bin",
			"xl\\embeddings\\sheet.xml",
			"xl/activeX/activeX1.xml",
			"xl/media/setup.exe",
			"xl/media/a.DLL",
			"xl/a.vbs",
			"xl/a.js",
			"xl/a.bin",
		):
			with self.subTest(part):
				self.assertEqual(self.told("a.xlsx", archive("xl/workbook.xml", part)), CONTENT)

	def test_office_documents_that_say_so_only_inside(self):
		for name, contents in (
			("program", {"xl/media/image1.png": b"MZ\x90"}),
			("renamed macros", {"xl/theme.xml": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}),
			("their type", {TYPES: TYPED.format("ms-office.vbaProject")}),
			("old macros", {TYPES: TYPED.format("ms-excel.macrosheet")}),
			("kind with macros", {TYPES: TYPED.format("ms-excel.sheet.macroEnabled.main")}),
			("type in UTF-16", {TYPES: TYPED.format("ms-office.vbaProject").encode("utf-16")}),
			("template", {"word/_rels/settings.xml.rels": RELATED.format("attachedTemplate")}),
			("masked template", {"word/_rels/a.rels": RELATED.format("attached&#84;emplate")}),
			("remote object", {"word/_rels/a.rels": RELATED.format("oleObject")}),
			("remote frame", {"word/_rels/a.rels": RELATED.format("frame")}),
			("entities", {"word/_rels/a.rels": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
			("broken", {"word/_rels/a.rels": "<a>"}),
			("endless", {"word/_rels/a.rels": "<a>" + " " * office_documents.MOST_XML + "</a>"}),
		):
			with self.subTest(name):
				sent = archive("word/document.xml", "xl/workbook.xml", **contents)
				self.assertEqual(self.told("a.docx", sent), CONTENT)

	def test_what_honest_documents_have(self):
		sent = archive(
			"xl/workbook.xml",
			"xl/printerSettings/printerSettings1.bin",
			"docProps/app.xml",
			**{
				TYPES: TYPED.format("openxmlformats-officedocument.spreadsheetml.sheet.main"),
				"xl/worksheets/_rels/sheet1.xml.rels": RELATED.format("hyperlink"),
				"xl/media/image1.png": PNG,
			},
		)
		self.assertIsNone(self.told("a.xlsx", sent))

	def test_an_archive_has_an_end(self):
		most = office_documents.MOST_PARTS
		parts = ["xl/workbook.xml", *(f"xl/{number}.xml" for number in range(most - 1))]
		self.assertIsNone(self.told("a.xlsx", archive(*parts)))
		self.assertEqual(self.told("a.xlsx", archive(*parts, "xl/more.xml")), CONTENT)
		self.assertEqual(self.told("a.xlsx", archive(parts[0], compression=zipfile.ZIP_BZIP2)), CONTENT)

	def test_an_archive_with_a_password(self):
		sent = bytearray(archive("xl/workbook.xml"))
		for header, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
			sent[sent.index(header) + flags] |= 1
		self.assertEqual(self.told("a.xlsx", bytes(sent)), CONTENT)

	def test_text_is_text_to_its_end(self):
		text = b"a;b\n" * 300_000
		self.assertIsNone(self.told("a.csv", text))
		self.assertEqual(self.told("a.csv", text + b"\x00"), CONTENT)

	def test_the_size_at_its_limit(self):
		pdf = b"%PDF-"
		self.assertIsNone(self.told("a.pdf", pdf.ljust(LARGEST)))
		self.assertEqual(self.told("a.pdf", pdf.ljust(LARGEST + 1)), TOO_LARGE)
		self.assertEqual(self.told("a.pdf", b""), EMPTY)

	def test_it_reads_from_the_beginning_and_leaves_it_there(self):
		file = io.BytesIO(archive("xl/workbook.xml"))
		file.read(3)
		self.assertIsNone(refusal("a.xlsx", file))
		self.assertEqual(file.tell(), 0)


class TestNames(unittest.TestCase):
	def test_what_is_left_of_a_name(self):
		for name, left in (
			("Angebot Müller (2).PDF", "Angebot Müller (2).pdf"),
			("../../etc/passwd.txt", "passwd.txt"),
			("C:\\docs\\a.pdf", "a.pdf"),
			('x" onerror="alert(1).png', "x_ onerror=_alert(1).png".replace("=", "_")),
			("a\r\nb\x00.pdf", "a__b_.pdf".replace("_.", ".")),
			("....pdf", "file.pdf"),
			("عرض.pdf", "عرض.pdf"),
		):
			with self.subTest(name):
				self.assertEqual(safe_name(name), left)

	def test_long_names_keep_their_kind(self):
		self.assertEqual(safe_name("a" * 300 + ".pdf"), "a" * attachments.LONGEST_NAME + ".pdf")

	def test_a_name_fits_file_systems_with_room_for_what_frappe_adds(self):
		for name in (
			"価" * 100 + ".pdf",
			"ab" + "ü" * 300 + ".PDF",
			"😀" * 200 + ".xlsx",
			"a" * 119 + ". b.pdf",
		):
			with self.subTest(name):
				left = safe_name(name)
				self.assertLessEqual(len(left.encode()), attachments.LONGEST_NAME + len(".xlsx"))
				self.assertTrue(left.endswith(name[name.rindex(".") :].lower()))
				self.assertNotRegex(left, r"\ufffd|[. ]\.\w+$")
