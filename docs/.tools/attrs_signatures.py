"""Shows the constructors of attrs classes in the reference: an extension of griffe, which reads sources.

griffe makes the constructors of dataclasses by itself, and knows nothing of attrs.
"""

from typing import Any

import griffe

DECORATORS = {"attrs.frozen", "attrs.define"}


def read_arguments(call: object, function: str) -> dict[str, Any] | None:
    """The keyword arguments of `function(...)` or of its bare name; None for anything else."""
    if not isinstance(call, griffe.Expr) or call.canonical_path != function:
        return None
    arguments = call.arguments if isinstance(call, griffe.ExprCall) else []
    return {item.name: item.value for item in arguments if isinstance(item, griffe.ExprKeyword)}


def make_parameter(attribute: griffe.Attribute, *, kw_only: bool) -> griffe.Parameter | None:
    """The constructor's parameter for a field; None for what `init=False` leaves out."""
    given = read_arguments(attribute.value, "attrs.field")
    default = attribute.value if given is None else given.get("default")
    given = given or {}
    if given.get("init") == "False":
        return None
    if "factory" in given:
        default = "..."
    named = kw_only or given.get("kw_only") == "True"
    kinds = griffe.ParameterKind
    kind = kinds.keyword_only if named else kinds.positional_or_keyword
    return griffe.Parameter(
        attribute.name, annotation=attribute.annotation, kind=kind, default=default
    )


class AttrsSignatures(griffe.Extension):
    """Gives each attrs class the `__init__` that attrs writes when it runs."""

    def on_class_members(self, *, cls: griffe.Class, **_: object) -> None:
        found = [read_arguments(item.value, name) for item in cls.decorators for name in DECORATORS]
        decorator = next((arguments for arguments in found if arguments is not None), None)
        if decorator is None or "__init__" in cls.members:
            return
        kw_only = decorator.get("kw_only") == "True"
        fields = [
            make_parameter(member, kw_only=kw_only)
            for member in cls.members.values()
            if isinstance(member, griffe.Attribute)
            and member.annotation is not None
            and "property" not in member.labels
        ]
        self_ = griffe.Parameter("self", kind=griffe.ParameterKind.positional_or_keyword)
        parameters = griffe.Parameters(self_, *filter(None, fields))
        init = griffe.Function("__init__", parameters=parameters, parent=cls)
        cls.set_member("__init__", init)
