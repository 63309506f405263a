"""How forms look: one accessible field template; and what was typed, shown again in another language."""

from contextvars import ContextVar
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest, QueryDict

# What the reader had typed when she changed the language (config.middleware.Typed); nothing in any other answer.
typed: ContextVar[QueryDict | None] = ContextVar("typed", default=None)
_NEVER_AGAIN = {"password", "file"}


class Renderer(TemplatesSetting):
    """Renders forms and fields with the site's own templates (config/templates/forms/)."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> Any:
        """A field as Django draws it, with what was typed in it."""
        given = typed.get()
        if given is not None and "widget" in context:
            _fill_in(context["widget"], given)
        return super().render(template_name, context, request)


def _fill_in(widget: dict[str, Any], given: QueryDict) -> None:
    name, kind = widget["name"], widget.get("type", "")
    if "optgroups" in widget:
        mark = "checked" if kind in {"radio", "checkbox"} else "selected"
        for _group, options, _index in widget["optgroups"]:
            for option in options:
                _mark(option, mark, str(option["value"]) in given.getlist(name))
    elif kind in {"radio", "checkbox"}:
        value = widget.get("value")
        _mark(widget, "checked", ("on" if value is None else str(value)) in given.getlist(name))
    elif name in given and kind not in _NEVER_AGAIN:
        widget["value"] = given[name]


def _mark(widget: dict[str, Any], mark: str, chosen: bool) -> None:
    widget["attrs"] = {key: value for key, value in widget["attrs"].items() if key != mark}
    if chosen:
        widget["attrs"][mark] = True
