"""Frappe's exception classes; `http_status_code` is what a request answers with."""

from werkzeug.exceptions import NotFound


class QueryDeadlockError(Exception):
	"""Another connection kept writing for as long as this one would wait."""


class QueryTimeoutError(Exception):
	"""A lock was not to be had in time; SQLite says deadlock instead."""


class ValidationError(Exception):
	http_status_code = 417


class FrappeTypeError(TypeError):
	http_status_code = 417


class SecurityException(Exception):
	pass


class AuthenticationError(Exception):
	http_status_code = 401


class PermissionError(Exception):
	http_status_code = 403


class DoesNotExistError(ValidationError):
	"""`doctype` says of which kind the record is that is not there."""

	http_status_code = 404

	def __init__(self, *message: object, doctype: str | None = None) -> None:
		self.doctype = doctype
		self.args = message


class NameError(Exception):
	http_status_code = 409


class OutgoingEmailError(Exception):
	http_status_code = 501


class CSRFTokenError(Exception):
	http_status_code = 400


class Redirect(Exception):
	def __init__(self, http_status_code: int = 301) -> None:
		self.http_status_code = http_status_code


class InvalidAuthorizationToken(CSRFTokenError): ...


class DuplicateEntryError(NameError): ...


class IncorrectSitePath(NotFound): ...


class AppNotInstalledError(ValidationError): ...


class CannotChangeConstantError(ValidationError): ...


class CharacterLengthExceededError(ValidationError): ...


class DataError(ValidationError): ...


class DocstatusTransitionError(ValidationError): ...


class InvalidEmailAddressError(ValidationError): ...


class InvalidPhoneNumberError(ValidationError): ...


class LinkExistsError(ValidationError): ...


class LinkValidationError(ValidationError): ...


class MandatoryError(ValidationError): ...


class NonNegativeError(ValidationError): ...


class RateLimitExceededError(ValidationError):
	http_status_code = 429


class TimestampMismatchError(ValidationError): ...


class UniqueValidationError(ValidationError): ...


class UpdateAfterSubmitError(ValidationError): ...


class CancelledLinkError(LinkValidationError): ...
