"""Names, roles and employers as people write them: any script passes, what is not a name is refused kindly."""

import re
import unicodedata

from django.utils.translation import gettext as _

LONGEST = 120
# Letters that nobody sees: fillers and variation selectors (Unicode: Default_Ignorable_Code_Point).
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_LINK = re.compile(r"(https?:|www\.|[^\s]@[^\s]|\b\w+\.(com|org|net|io|ru|info|biz)\b)", re.IGNORECASE)


class NotAName(ValueError):
    """What was typed cannot be shown as a name; the text says why and what to write."""


def tidy(typed: str) -> str:
    """`typed` in NFKC with single spaces and without invisible characters. Raises NotAName.

    Joiners stay (Persian and Indic names need them); direction overrides and control characters go.
    """
    text = _UNSEEN.sub("", unicodedata.normalize("NFKC", typed))
    kept = "".join(c for c in text if c in "\u200c\u200d" or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co"})
    name = " ".join(kept.split()).strip("\u200c\u200d")
    if len(name) > LONGEST:
        raise NotAName(_("Please shorten it to %(most)s characters.") % {"most": LONGEST})
    if name[:1] in {"=", "+", "-", "@"}:
        raise NotAName(_("Please begin with a letter."))
    if _LINK.search(name):
        raise NotAName(_("Please write it without a link or an address."))
    if name and not any(unicodedata.category(c).startswith("L") for c in name):
        raise NotAName(_("Please use letters."))
    return name


def tidy_person(typed: str) -> str:
    """A person's name. Raises NotAName, for shouting too."""
    name = tidy(typed)
    words = [word for word in name.split() if len(word) > 3]
    if len(words) > 1 and all(word.isupper() for word in words):
        raise NotAName(_("Please write your name without capitals throughout."))
    return name
