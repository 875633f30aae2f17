"""Annotated arguments of whitelisted functions are checked before the call."""

import types
import typing
from collections.abc import Callable
from functools import wraps
from inspect import Parameter, isclass, signature

from frappe.exceptions import FrappeTypeError

TRUE_WORDS = {"1", "t", "true", "y", "yes", "on"}
FALSE_WORDS = {"0", "f", "false", "n", "no", "off"}


class _Mismatch(Exception):
	"""The value is not, and cannot be read as, of the annotated type."""


def validate_argument_types(fn: Callable, apply_condition: Callable[[], bool] = lambda: True) -> Callable:
	"""Decorator: convert the arguments to their annotated types where `apply_condition` holds.

	:raises frappe.FrappeTypeError: naming the argument, its type and what came instead."""

	@wraps(fn)
	def wrapper(*args, **kwargs):
		if apply_condition():
			args, kwargs = transform_parameter_types(fn, args, kwargs)
		return fn(*args, **kwargs)

	return wrapper


def transform_parameter_types(fn: Callable, args: tuple, kwargs: dict) -> tuple[list, dict]:
	parameters = signature(fn).parameters
	args, kwargs = list(args), dict(kwargs)
	for position, (name, parameter) in enumerate(parameters.items()):
		hint = _accepted_type(parameter)
		if hint is None or parameter.kind in (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD):
			continue
		if name in kwargs:
			kwargs[name] = _checked(name, hint, kwargs[name])
		elif position < len(args):
			args[position] = _checked(name, hint, args[position])
	return args, kwargs


def _accepted_type(parameter: Parameter):
	"""The annotation widened by the type of the default; None where nothing can be checked."""
	hint = parameter.annotation
	if hint is Parameter.empty or isinstance(hint, str | typing.ForwardRef):
		return None
	if any(isinstance(arg, str | typing.ForwardRef) for arg in typing.get_args(hint)) and (
		typing.get_origin(hint) is not typing.Literal
	):
		return None
	if hint is bool:
		hint = int | bool | float
	if parameter.default is not Parameter.empty:
		hint = typing.Union[hint, type(parameter.default)]  # noqa: UP007
	return hint


def _checked(name: str, hint, value):
	try:
		return _convert(hint, value)
	except _Mismatch:
		raise FrappeTypeError(
			f"Argument '{name}' should be of type '{_type_name(hint)}' but got '{_type_name(type(value))}' instead."
		) from None


def _type_name(hint) -> str:
	if not isclass(hint) or typing.get_args(hint):
		return str(hint)
	return hint.__name__ if hint.__module__ == "builtins" else f"{hint.__module__}.{hint.__qualname__}"


def _convert(hint, value):
	origin = typing.get_origin(hint)
	if hint is typing.Any or isinstance(hint, typing.TypeVar):
		return value
	if origin in (typing.Union, types.UnionType):
		return _convert_union(typing.get_args(hint), value)
	if origin is typing.Literal:
		if value in typing.get_args(hint):
			return value
		raise _Mismatch
	if origin is typing.Annotated:
		return _convert(typing.get_args(hint)[0], value)
	return _convert_plain(origin or hint, value)


def _convert_union(members: tuple, value):
	"""A value that already is of one member stays as it is; else the first member that can read it wins."""
	for member in members:
		if isclass(member) and type(value) is member:
			return value
	for member in members:
		try:
			return _convert(member, value)
		except _Mismatch:
			continue
	raise _Mismatch


def _convert_plain(kind, value):
	if kind is None or kind is type(None):
		if value is None:
			return None
		raise _Mismatch
	converter = {int: _to_int, float: _to_float, bool: _to_bool}.get(kind)
	if converter:
		return converter(value)
	if isclass(kind) and isinstance(value, kind):
		return value
	if kind in (list, set, tuple) and isinstance(value, list | set | tuple):
		return kind(value)
	raise _Mismatch


def _to_int(value) -> int:
	if isinstance(value, str | bool | int) or (isinstance(value, float) and value.is_integer()):
		try:
			return int(float(value)) if isinstance(value, str) and "." in value else int(value)
		except ValueError:
			raise _Mismatch from None
	raise _Mismatch


def _to_float(value) -> float:
	if isinstance(value, str | int | float):
		try:
			return float(value)
		except ValueError:
			raise _Mismatch from None
	raise _Mismatch


def _to_bool(value) -> bool:
	if isinstance(value, bool):
		return value
	word = str(value).strip().lower()
	if word in TRUE_WORDS or word in FALSE_WORDS:
		return word in TRUE_WORDS
	raise _Mismatch
