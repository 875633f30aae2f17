"""Mail servers on a free port of this machine, as an Email Account fetches from: POP3 and IMAP, as much as that asks for."""

import re
import socketserver
import threading


class MailServer(socketserver.ThreadingTCPServer):
	"""A server that hands out raw messages; `left` is what is still there for the next to fetch."""

	daemon_threads = True

	def __init__(self, messages: list[bytes], protocol: type):
		super().__init__(("127.0.0.1", 0), protocol)
		self.messages = {uid: with_crlf(message) for uid, message in enumerate(messages, 1)}
		self.seen: set[int] = set()
		self.refused: set[int] = set()
		self.protocol = protocol

	def __enter__(self) -> "MailServer":
		threading.Thread(target=self.serve_forever, daemon=True).start()
		return self

	def __exit__(self, *exc):
		self.shutdown()
		self.server_close()

	def refuse_to_hand_out(self, uid: int):
		self.refused.add(uid)

	@property
	def port(self) -> int:
		return self.server_address[1]

	@property
	def left(self) -> list[int]:
		return [uid for uid in self.messages if uid not in self.seen]


def with_crlf(message: bytes) -> bytes:
	"""Return a message with the line ends that mails have on their way."""
	return re.sub(rb"(?<!\r)\n", b"\r\n", message)


class Pop3(socketserver.StreamRequestHandler):
	"""RFC 1939: what is to be deleted goes when the client says QUIT, and stays if the line breaks before."""

	def handle(self):
		uids, deleted = self.server.left, set()
		self.say(b"+OK ready")
		for line in self.rfile:
			command, *arguments = line.upper().split() or [b""]
			if command == b"LIST":
				sizes = [b"%d %d" % (i, len(self.server.messages[uid])) for i, uid in enumerate(uids, 1)]
				self.say(b"+OK", *sizes, b".")
			elif command == b"RETR" and uids[int(arguments[0]) - 1] in self.server.refused:
				self.say(b"-ERR not today")
			elif command == b"RETR":
				message = self.server.messages[uids[int(arguments[0]) - 1]]
				lines = message.removesuffix(b"\r\n").split(b"\r\n")
				self.say(b"+OK", *(b"." + each if each.startswith(b".") else each for each in lines), b".")
			elif command == b"DELE":
				deleted.add(uids[int(arguments[0]) - 1])
				self.say(b"+OK")
			elif command == b"QUIT":
				self.server.seen |= deleted
				self.say(b"+OK")
				return
			elif command == b"TOP":
				self.say(b"-ERR not here")
			else:
				self.say(b"+OK")

	def say(self, *lines: bytes):
		self.wfile.write(b"\r\n".join(lines) + b"\r\n")


class Imap(socketserver.StreamRequestHandler):
	"""RFC 3501 with one folder. Message numbers are UIDs, since nothing is expunged."""

	readonly = True

	def handle(self):
		self.say(b"* OK ready")
		for line in self.rfile:
			tag, command, *arguments = line.split()
			if command.upper() == b"UID":
				command = arguments.pop(0)
			answer = getattr(self, f"on_{command.decode().lower()}", None)
			if answer:
				answer(arguments)
			self.say(tag + b" OK done")
			if command.upper() == b"LOGOUT":
				return

	def on_capability(self, arguments):
		self.say(b"* CAPABILITY IMAP4rev1")

	def on_select(self, arguments):
		self.readonly = False
		self.say(b"* %d EXISTS" % len(self.server.messages))

	def on_examine(self, arguments):
		self.on_select(arguments)
		self.readonly = True

	def on_status(self, arguments):
		self.say(b"* STATUS INBOX (UIDVALIDITY 7 UIDNEXT %d)" % (len(self.server.messages) + 1))

	def on_search(self, arguments):
		uids = self.server.left if b"UNSEEN" in arguments else self.server.messages
		self.say(b"* SEARCH " + b" ".join(b"%d" % uid for uid in uids))

	def on_fetch(self, arguments):
		uid = int(arguments[0])
		if uid in self.server.refused:
			return
		message, flags = self.server.messages[uid], b"\\Seen" if uid in self.server.seen else b""
		head = b"* %d FETCH (UID %d FLAGS (%s) BODY[] {%d}" % (uid, uid, flags, len(message))
		self.say(head, message + b")")

	def on_store(self, arguments):
		if not self.readonly:
			self.server.seen.add(int(arguments[0]))

	def say(self, *lines: bytes):
		self.wfile.write(b"\r\n".join(lines) + b"\r\n")
