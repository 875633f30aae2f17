"""Annotated arguments of whitelisted functions are checked before the call."""

import types
import typing
from collections.abc import Callable
from functools import wraps
from inspect import Parameter, isclass, signature

from frappe.exceptions import FrappeTypeError

WORDS = {
	**dict.fromkeys(("1", "t", "true", "y", "yes", "on"), True),
	**dict.fromkeys(("0", "f", "false", "n", "no", "off"), False),
}
COLLECTIONS = (list, set, tuple)


class _Mismatch(Exception):
	"""The value is not, and cannot be read as, of the annotated type."""


def validate_argument_types(fn: Callable, apply_condition: Callable[[], bool] = lambda: True) -> Callable:
	"""Decorator: convert the arguments to their annotated types where `apply_condition` holds.

	:raises frappe.FrappeTypeError: naming the argument, its type and what came instead."""
	declared = signature(fn)
	hints = {name: _accepted_type(parameter) for name, parameter in declared.parameters.items()}

	@wraps(fn)
	def wrapper(*args, **kwargs):
		if not apply_condition():
			return fn(*args, **kwargs)
		given = declared.bind_partial(*args, **kwargs)
		for name, value in given.arguments.items():
			if hints[name] is not None:
				given.arguments[name] = _checked(name, hints[name], value)
		return fn(*given.args, **given.kwargs)

	return wrapper


def _accepted_type(parameter: Parameter):
	"""Return the annotation widened by the type of the default; None where nothing can be checked."""
	hint = parameter.annotation
	is_collector = parameter.kind in (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)
	if hint is Parameter.empty or isinstance(hint, str) or is_collector:
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
		wanted, got = _type_name(hint), _type_name(type(value))
		message = f"Argument '{name}' should be of type '{wanted}' but got '{got}' instead."
		raise FrappeTypeError(message) from None


def _type_name(hint) -> str:
	if not isclass(hint) or typing.get_args(hint):
		return str(hint)
	return hint.__name__ if hint.__module__ == "builtins" else f"{hint.__module__}.{hint.__qualname__}"


def _convert(hint, value):
	origin = typing.get_origin(hint)
	if hint is typing.Any or isinstance(hint, str | typing.ForwardRef | typing.TypeVar):
		return value
	if origin in (typing.Union, types.UnionType):
		return _convert_union(typing.get_args(hint), value)
	if origin is typing.Literal and value in typing.get_args(hint):
		return value
	return _convert_plain(origin or hint, value)


def _convert_union(members: tuple, value):
	"""A value that already is of one member stays as it is; else the first member that can read it wins."""
	if type(value) in members:
		return value
	for member in members:
		try:
			return _convert(member, value)
		except _Mismatch:
			continue
	raise _Mismatch


def _convert_plain(kind, value):
	try:
		if kind in (int, float) and isinstance(value, str | int | float):
			return _to_int(value) if kind is int else float(value)
		if kind is bool:
			return WORDS[str(value).strip().lower()]
	except (KeyError, ValueError):
		raise _Mismatch from None
	if isclass(kind) and isinstance(value, kind):
		return value
	if kind in COLLECTIONS and isinstance(value, COLLECTIONS):
		return kind(value)
	raise _Mismatch


def _to_int(value: str | float) -> int:
	"""Raises ValueError for a number with a fraction, also one written out."""
	number = float(value)
	if not number.is_integer():
		raise ValueError
	return int(value) if isinstance(value, int) or str(value).lstrip("+-").isdigit() else int(number)
