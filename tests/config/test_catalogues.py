"""What translators wrote fits what the sources say, and programs read what translators wrote."""

import re

import pytest

from config import messages

_PLACE = re.compile(r"%\((\w+)\)[sd]|%[sd]")
_MARKUP = re.compile(r"</?\w+|href=\"[^\"]*\"")


def forms(string: str | tuple[str, ...] | list[str]) -> list[str]:
    return [string] if isinstance(string, str) else list(string)


def places(text: str) -> set[str]:
    return {found.group(0) for found in _PLACE.finditer(text)}


def fits(said: str, in_english: list[str], *, says_the_number: bool) -> bool:
    """The same places to fill in and the same markup; a form for no, one or two may say the number in words."""
    wanted = set().union(*(places(one) for one in in_english))
    exact = places(said) == wanted or places(said) in [places(one) for one in in_english]
    same_markup = sorted(_MARKUP.findall(said)) in [sorted(_MARKUP.findall(one)) for one in in_english]
    same_end = said.endswith("\n") == in_english[-1].endswith("\n")
    return (exact or (not says_the_number and places(said) <= wanted)) and same_markup and same_end


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_translations_have_the_places_and_the_markup_of_the_original(language):
    wrong = []
    for message in messages.read(language):
        for number, said in enumerate(forms(message.string)):
            small = language == "ar" and len(forms(message.string)) > 1 and number < 3
            if message.id and said and not fits(said, forms(message.id), says_the_number=not small):
                wrong.append((message.id, said))

    assert wrong == []


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_the_compiled_catalogue_is_that_of_its_source(language):
    kept = messages.path_of(language).with_suffix(".mo").read_bytes()

    assert kept == messages.compiled(messages.read(language)), "run `make messages`"
