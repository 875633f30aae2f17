"""Frappe's exception classes; `http_status_code` is what a request answers with."""

# ruff: noqa: A001
from werkzeug.exceptions import NotFound


class ValidationError(Exception):
	http_status_code = 417


class FrappeTypeError(TypeError):
	http_status_code = 417


class AuthenticationError(Exception):
	http_status_code = 401


class SessionExpired(Exception):
	http_status_code = 401


class PermissionError(Exception):
	http_status_code = 403


class DoesNotExistError(ValidationError):
	http_status_code = 404

	def __init__(self, *args, doctype: str | None = None):
		super().__init__(*args)
		self.doctype = doctype


class PageDoesNotExistError(ValidationError):
	http_status_code = 404


class NameError(Exception):
	http_status_code = 409


class OutgoingEmailError(Exception):
	http_status_code = 501


class UnsupportedMediaType(Exception):
	http_status_code = 415


class CSRFTokenError(Exception):
	http_status_code = 400


class InvalidAuthorizationToken(CSRFTokenError):
	pass


class TooManyRequestsError(Exception):
	http_status_code = 429


class Redirect(Exception):
	def __init__(self, http_status_code: int = 301):
		super().__init__()
		self.http_status_code = http_status_code


class RateLimitExceededError(ValidationError):
	http_status_code = 429


class LinkExpired(ValidationError):
	http_status_code = 410


class SiteNotSpecifiedError(Exception):
	def __init__(self, *args):
		super().__init__(*(args or ("Please specify --site sitename",)))


class DuplicateEntryError(NameError):
	pass


class IncorrectSitePath(NotFound):
	pass


class AppNotInstalledError(ValidationError):
	pass


class AttachmentLimitReached(ValidationError):
	pass


class CannotChangeConstantError(ValidationError):
	pass


class CharacterLengthExceededError(ValidationError):
	pass


class CircularLinkingError(ValidationError):
	pass


class DataError(ValidationError):
	pass


class DataTooLongException(ValidationError):
	pass


class DocstatusTransitionError(ValidationError):
	pass


class DocumentLockedError(ValidationError):
	pass


class EmptyTableError(ValidationError):
	pass


class ImplicitCommitError(ValidationError):
	pass


class IncompatibleApp(ValidationError):
	pass


class InvalidColumnName(ValidationError):
	pass


class InvalidDates(ValidationError):
	pass


class InvalidEmailAddressError(ValidationError):
	pass


class InvalidNameError(ValidationError):
	pass


class InvalidPhoneNumberError(ValidationError):
	pass


class InvalidSignatureError(ValidationError):
	pass


class InvalidStatusError(ValidationError):
	pass


class LinkExistsError(ValidationError):
	pass


class LinkValidationError(ValidationError):
	pass


class MandatoryError(ValidationError):
	pass


class MappingMismatchError(ValidationError):
	pass


class NonNegativeError(ValidationError):
	pass


class PrintFormatError(ValidationError):
	pass


class TemplateNotFoundError(ValidationError):
	pass


class TimestampMismatchError(ValidationError):
	pass


class UniqueValidationError(ValidationError):
	pass


class UpdateAfterSubmitError(ValidationError):
	pass


class CancelledLinkError(LinkValidationError):
	pass


class SecurityException(Exception):
	pass


class FileAlreadyAttachedException(Exception):
	pass


class QueryTimeoutError(Exception):
	pass


class QueryDeadlockError(Exception):
	pass


class RetryBackgroundJobError(Exception):
	pass


class TooManyWritesError(Exception):
	pass


class UnknownDomainError(Exception):
	pass
