"""Messages as mail servers hand them out, byte by byte: what real programs send, and what no program should."""

from base64 import encodebytes

TEXT = b"Content-Type: text/plain; charset=utf-8\n\nSee attached.\n"
INVITATION = (
	b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:Visit\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def message(
	number: str,
	sender: bytes = b"Ann Gen <ann-%s@buyer.example>",
	subject: bytes = b"Racks",
	more: bytes = b"",
	kind: bytes = b"Content-Type: text/plain; charset=utf-8\n",
	body: bytes = b"Forty bays, please.\n",
) -> bytes:
	"""Make a message.

	Args:
		number: what tells it from others; stands in sender (for %s) and Message-ID.
		more: further headers, each with its line end.
	"""
	tag = number.encode()
	return (
		(b"From: " + sender.replace(b"%s", tag) + b"\n" if sender else b"")
		+ (b"Subject: " + subject + b"\nTo: sales@seller.example\nMessage-ID: <")
		+ (tag + b"@buyer.example>\nDate: Tue, 10 Nov 2020 09:30:00 +0100\n")
		+ (more + kind + b"\n" + body)
	)


def of_parts(number: str, *parts: bytes, kind: bytes = b"mixed", end: bytes = b"--XX--\n", **values) -> bytes:
	head = b"Content-Type: multipart/" + kind + b'; boundary="XX"\n'
	return message(
		number, kind=head, body=b"".join(b"--XX\n" + part + b"\n" for part in parts) + end, **values
	)


def attachment(kind: bytes, name: bytes, content: bytes) -> bytes:
	head = b'Content-Type: %s\nContent-Disposition: attachment; filename="%s"\n' % (kind, name)
	return head + b"Content-Transfer-Encoding: base64\n\n" + encodebytes(content)


def nested(number: str, depth: int) -> bytes:
	"""Make a message of parts in parts."""
	boxes = (b'--B%d\nContent-Type: multipart/mixed; boundary="B%d"\n\n' % (i, i + 1) for i in range(depth))
	kind = b'Content-Type: multipart/mixed; boundary="B0"\n'
	return message(number, kind=kind, body=b"".join(boxes) + b"--B%d\n" % depth + TEXT)


def charset(name: bytes) -> bytes:
	return b'Content-Type: text/plain; charset="' + name + b'"\n'


# Each as (title of the opportunity, sender, what they are called, part of the text); None where nothing is promised.
UNREADABLE = {
	"no sender": (lambda n: message(n, b""), ("Racks", "", "Unknown sender", "Forty bays")),
	"an empty sender": (lambda n: message(n, b" "), ("Racks", "", "Unknown sender", "Forty bays")),
	"another header says who": (
		lambda n: message(n, b"", more=b"Sender: Sue <sue-%s@buyer.example>\n" % n.encode()),
		("Racks", "sue-%s@buyer.example", "Sue", "Forty bays"),
	),
	"a name without address": (lambda n: message(n, b"Ann Gen"), ("Racks", "", "Ann Gen", "Forty bays")),
	"an address of this machine only": (
		lambda n: message(n, b"root@localhost"),
		("Racks", "", "root@localhost", "Forty bays"),
	),
	"a name in a charset that nobody knows": (
		lambda n: message(n, b"=?x-unknown?q?Ann_caf=E9?= <ann-%s@buyer.example>"),
		("Racks", "ann-%s@buyer.example", "Ann café", "Forty bays"),
	),
	"a broken encoded word for a name": (
		lambda n: message(n, b"=?utf-8?b?A?= <ann-%s@buyer.example>"),
		("Racks", "ann-%s@buyer.example", None, "Forty bays"),
	),
	"a broken encoded word for a subject": (
		lambda n: message(n, subject=b"=?utf-8?b?A?="),
		("=?utf-8?b?A?=", "ann-%s@buyer.example", "Ann Gen", "Forty bays"),
	),
	"a broken Reply-To": (
		lambda n: message(n, more=b"Reply-To: =?utf-8?b?A?=\n"),
		("Racks", "ann-%s@buyer.example", "Ann Gen", "Forty bays"),
	),
	"bytes in the Message-ID": (
		lambda n: message(n).replace(b"Message-ID: <", b"Message-ID: <\xfc"),
		("Racks", "ann-%s@buyer.example", "Ann Gen", "Forty bays"),
	),
	"bytes in what it answers": (
		lambda n: message(n, more=b"In-Reply-To: <\xfc@buyer.example>\n"),
		("Racks", "ann-%s@buyer.example", "Ann Gen", "Forty bays"),
	),
	"bytes in the recipients": (
		lambda n: message(n, more=b"Cc: K\xe4ufer <all@buyer.example>\n"),
		("Racks", "ann-%s@buyer.example", "Ann Gen", "Forty bays"),
	),
	"latin bytes in names and subject": (
		lambda n: message(n, "Jörg <ann-%s@buyer.example>".encode("latin-1"), "Räder".encode("latin-1")),
		("Räder", "ann-%s@buyer.example", "Jörg", "Forty bays"),
	),
	"a byte order mark": (
		lambda n: b"\xef\xbb\xbf" + message(n),
		("Racks", "ann-%s@buyer.example", "Ann Gen", "Forty bays"),
	),
	"a charset that decodes nothing": (
		lambda n: message(n, kind=charset(b"undefined")),
		("Racks", "ann-%s@buyer.example", "Ann Gen", "Forty bays"),
	),
	"parts within parts within parts": (
		lambda n: nested(n, 1500),
		("Racks", "ann-%s@buyer.example", "Ann Gen", "See attached."),
	),
	"an apostrophe in the address": (
		lambda n: message(n, b"Bob <bob.o'neil-%s@buyer.example>"),
		("Racks", "bob.o'neil-%s@buyer.example", "Bob", "Forty bays"),
	),
	"an address longer than a field": (
		lambda n: message(n, b"Ann <ann@" + b"d" * 200 + b".example>"),
		("Racks", "", "Ann", "Forty bays"),
	),
	"text alone": (
		lambda n: b"\n\nForty bays " + n.encode(),
		("No Subject", "", "Unknown sender", "Forty bays"),
	),
}

RARE = {
	"a folded subject": (
		lambda n: message(n, subject=b"Racks for\n the whole\n\thouse"),
		("Racks for the whole house", "ann-%s@buyer.example", "Ann Gen", "Forty bays"),
	),
	"a subject of two encoded words": (
		lambda n: message(n, subject=b"=?utf-8?q?R=C3=A4der_f=C3=BCr?=\n =?utf-8?q?_das_Haus?="),
		("Räder für das Haus", "ann-%s@buyer.example", "Ann Gen", "Forty bays"),
	),
	"Cyrillic": (
		lambda n: message(n, kind=charset(b"koi8-r"), body="Сорок стеллажей".encode("koi8-r")),
		("Racks", "ann-%s@buyer.example", "Ann Gen", "Сорок стеллажей"),
	),
	"Chinese": (
		lambda n: message(n, kind=charset(b"gb2312"), body="你好".encode("gb2312")),
		("Racks", "ann-%s@buyer.example", "Ann Gen", "你好"),
	),
	"windows-1252": (
		lambda n: message(n, kind=charset(b"windows-1252"), body="5 € – für".encode("cp1252")),
		("Racks", "ann-%s@buyer.example", "Ann Gen", "5 € – für"),
	),
	"no body": (lambda n: message(n, body=b""), ("Racks", "ann-%s@buyer.example", "Ann Gen", "")),
	"a boundary that never comes": (
		lambda n: of_parts(n, TEXT, end=b""),
		("Racks", "ann-%s@buyer.example", "Ann Gen", "See attached."),
	),
	"parts of an unknown boundary": (
		lambda n: of_parts(n, TEXT).replace(b'boundary="XX"', b"boundary=YY"),
		("Racks", "ann-%s@buyer.example", "Ann Gen", ""),
	),
	"an invitation": (
		lambda n: of_parts(n, TEXT, b"Content-Type: text/calendar\n\n" + INVITATION, kind=b"alternative"),
		("Racks", "ann-%s@buyer.example", "Ann Gen", "See attached."),
	),
	"forwarded": (
		lambda n: message(
			n, subject=b"Fwd: enquiry", body=b"---- Forwarded message ----\nFrom: x@y.example\n"
		),
		("Fwd: enquiry", "ann-%s@buyer.example", "Ann Gen", "Forwarded message"),
	),
	"an answer to what nobody knows": (
		lambda n: message(n, subject=b"Re: Racks", more=b"In-Reply-To: <nobody@knows.example>\n"),
		("Re: Racks", "ann-%s@buyer.example", "Ann Gen", "Forty bays"),
	),
	"a date that is none": (
		lambda n: message(n).replace(b"Tue, 10 Nov 2020", b"Some day"),
		("Racks", "ann-%s@buyer.example", "Ann Gen", "Forty bays"),
	),
	"several recipients": (
		lambda n: message(n, more=b"Cc: Bob <bob@buyer.example>, sales@seller.example\n"),
		("Racks", "ann-%s@buyer.example", "Ann Gen", "Forty bays"),
	),
	"dots at the begin of lines": (
		lambda n: message(n, body=b"Forty bays\n.\n..\nend\n"),
		("Racks", "ann-%s@buyer.example", "Ann Gen", "Forty bays"),
	),
}

# With files, which a bench alone stores: (names of the files, part of the text).
WITH_FILES = {
	"a broken PDF": (
		lambda n: of_parts(
			n, TEXT, attachment(b"application/pdf", b"offer.pdf", b"%PDF-1.7\nThis is no PDF.")
		),
		["offer.pdf"],
	),
	"winmail.dat": (
		lambda n: of_parts(
			n, TEXT, attachment(b"application/ms-tnef", b"winmail.dat", b"\x78\x9f\x3e\x22" * 9)
		),
		["winmail.dat"],
	),
	"an invitation as a file": (
		lambda n: of_parts(n, TEXT, attachment(b"text/calendar", b"invite.ics", INVITATION)),
		["invite.ics"],
	),
	"an empty file": (lambda n: of_parts(n, TEXT, attachment(b"text/csv", b"empty.csv", b"")), []),
}
