"""YAML as nodes: the safe parts of the language alone, with the line of what is refused."""

from typing import Any

import yaml
from django.utils.translation import gettext as _
from yaml.nodes import Node

from campaign.files.faults import Refused

MOST_BYTES = 2_000_000
_DEEPEST = 12


def compose(source: str, *, most: int = MOST_BYTES) -> Node:
    """The file as nodes. Raises Refused."""
    if len(source.encode("utf-8", "surrogatepass")) > most:
        raise Refused(1, _("the file is larger than 2 MB."))
    loader: _Loader | None = None
    try:
        loader = _Loader(source)
        node: Node | None = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        # An open quotation mark is noticed at the end of the file; where it stands is what helps.
        quoted = error.context_mark if error.context == "while scanning a quoted scalar" else None
        mark = quoted or error.problem_mark or error.context_mark
        raise Refused(
            mark.line + 1 if mark else 1, _("this is not YAML: %(problem)s.") % {"problem": error.problem}
        ) from error
    except yaml.reader.ReaderError as error:
        line = source.count("\n", 0, error.position) + 1
        raise Refused(line, _("this is not text: it has a character that cannot be shown.")) from error
    except (ValueError, OverflowError) as error:
        line = loader.get_mark().line + 1 if loader else 1
        raise Refused(line, _("there is no such character.")) from error
    if node is None:
        raise Refused(1, _("the file is empty."))
    return node


class _Loader(yaml.SafeLoader):
    """PyYAML's safe loader without anchors, aliases and tags, and with a floor."""

    depth = 0

    def compose_node(self, parent: Node | None, index: Any) -> Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]  # PyYAML has no types
        line = event.start_mark.line + 1
        if getattr(event, "anchor", None) is not None:
            raise Refused(line, _("anchors (&) and aliases (*) are not allowed; quote a text that begins so."))
        if getattr(event, "tag", None) is not None:
            raise Refused(line, _("tags (!) are not allowed; quote a text that begins so."))
        if self.depth >= _DEEPEST:
            raise Refused(line, _("this is nested too deeply."))
        self.depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1
