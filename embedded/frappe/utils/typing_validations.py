"""Annotated arguments of whitelisted functions are checked before the call."""

import types
import typing
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from inspect import Parameter, isclass, signature
from typing import Any

from frappe.exceptions import FrappeTypeError


def validate_argument_types(fn: Callable, apply_condition: Callable[[], bool] = lambda: True) -> Callable:
	"""Decorator: convert the arguments to their annotated types where `apply_condition` holds.

	:raises frappe.FrappeTypeError: naming the argument, its type and what came instead."""
	declared = signature(fn)
	accepted = {name: _accepted_types(parameter) for name, parameter in declared.parameters.items()}

	@wraps(fn)
	def wrapper(*args: Any, **kwargs: Any) -> Any:
		if not apply_condition():
			return fn(*args, **kwargs)
		try:
			given = declared.bind_partial(*args, **kwargs)
		except TypeError:
			return fn(*args, **kwargs)  # which says what is wrong with them
		for name, value in given.arguments.items():
			if accepted[name]:
				given.arguments[name] = _checked(name, accepted[name], value)
		return fn(*given.args, **given.kwargs)

	return wrapper


def _accepted_types(parameter: Parameter) -> list:
	"""The annotated types, widened by that of the default; none where nothing can be checked."""
	hint = parameter.annotation
	is_collector = parameter.kind in (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)
	if hint in (Parameter.empty, typing.Any) or isinstance(hint, str) or is_collector:
		return []
	is_union = typing.get_origin(hint) in (typing.Union, types.UnionType)
	accepted = [typing.get_origin(each) or each for each in (typing.get_args(hint) if is_union else [hint])]
	if bool in accepted:
		accepted += [int, float]
	if parameter.default is not Parameter.empty:
		accepted.append(type(parameter.default))
	return accepted


def _checked(name: str, accepted: list, value: Any) -> Any:
	"""A value that already is of one type stays as it is; else the first number that can read it wins."""
	if isinstance(value, tuple(filter(isclass, accepted))):
		return value
	if bool in accepted and str(value).lower() in ("true", "false"):
		return str(value).lower() == "true"
	for kind, convert in ((int, _to_int), (float, float)):
		if kind in accepted and isinstance(value, str | int | float):
			with suppress(ValueError):
				return convert(value)
	wanted = " | ".join(dict.fromkeys(getattr(kind, "__name__", str(kind)) for kind in accepted))
	message = f"Argument '{name}' should be of type '{wanted}' but got '{type(value).__name__}' instead."
	raise FrappeTypeError(message)


def _to_int(value: str | float) -> int:
	"""Raises ValueError for a number with a fraction, also one written out."""
	if not float(value).is_integer():
		raise ValueError
	return int(float(value))
