"""Words as they are searched: of any script, without case and accents, the same on every engine."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from msgspec import Struct

from service.domain.editorial import ReportCorrected
from service.domain.overview import LocationReported
from service.domain.report import Event, Publisher, Report, origin_of
from service.domain.responses import ResponseReported
from service.domain.standing import replacement_of

LONGEST_WORD = 64
LONGEST_NAME = 100
"""What is longer is hardly told again: its words are not remembered."""
LONGEST_PHRASE = 16
MOST_TERMS = 16
BREAK = "\ue000"
"""Stands between two texts, so that no phrase runs from one into the next. Never part of a word."""

SEARCHED = (
    "title",
    "name",
    "actor",
    "weapon",
    "subject",
    "speaker",
    "place",
    "object",
    "paraphrase",
    "quote",
    "headline",
    "body",
    "question",
    "text",
    "phrase",
)
"""What is searched of a report, of whatever type it is."""

_ASCII_WORD = re.compile(r"[a-z0-9]+")
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|[^\ue000 ]+")
_UNDECOMPOSED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
)
_RUN = re.compile(r'"([^"]*)(?:"(\*)?|$)|([^\s"]+)')


class Term(Struct, frozen=True):
    """Words that must follow one another. Of a prefix the last one may go on."""

    words: tuple[str, ...]
    prefix: bool = False


@lru_cache(maxsize=4096)
def words_in(text: str) -> tuple[str, ...]:
    """The words of a text, folded. Each Chinese character and each kana is a word."""
    ascii_only = text.isascii()
    found = _ASCII_WORD.findall(text.lower()) if ascii_only else _WORD.findall(_folded(text))
    return tuple(word[:LONGEST_WORD] for word in found)


def sought(query: str) -> tuple[Term, ...]:
    """What a reader looks for: words, `"whole phrases"`, beginnings such as `rock*`.

    All must be told of an incident. Raises ValueError where there is no word to look for, or more
    than can be.
    """
    terms = list(dict.fromkeys(_terms(query)))
    if not terms:
        raise ValueError("holds no word to look for")
    if len(terms) > MOST_TERMS:
        raise ValueError(f"must hold at most {MOST_TERMS} words and phrases")
    if any(len(term.words) > LONGEST_PHRASE for term in terms):
        raise ValueError(f"must hold no phrase of more than {LONGEST_PHRASE} words")
    return tuple(terms)


def texts_of(publisher: Publisher, summary: str | None, told: Sequence[Event]) -> tuple[str, ...]:
    """The texts of an update that are searched; `told` are those of its events that hold and that
    the public may read.
    """
    texts = [publisher.name or publisher.key, summary or ""]
    for event in told:
        origin = origin_of(event.report, publisher)
        texts += [origin.name or origin.key, *_texts_in(event.report)]
    return tuple(text for text in dict.fromkeys(texts) if text)


def words_of(texts: Iterable[str]) -> list[str]:
    """The words of several texts, with a break between each two."""
    words: list[str] = []
    for text in texts:
        found = words_in(text) if len(text) < LONGEST_NAME else words_in.__wrapped__(text)
        if found:
            words += [BREAK, *found] if words else found
    return words


def _texts_in(report: Report) -> Iterator[str]:
    for name in SEARCHED:
        text = getattr(report, name, None)
        if isinstance(text, str):
            yield text
    match report:
        case LocationReported() if report.relative is not None:
            yield report.relative.of
        case ResponseReported() if report.target is not None:
            yield report.target
        case ReportCorrected():
            yield from _texts_in(replacement_of(report))


def _terms(query: str) -> Iterator[Term]:
    for phrase, star, word in _RUN.findall(query):
        begins = bool(star) or word.endswith("*")
        words = words_in(phrase or word)
        if words:
            yield Term(words, begins)


def _folded(text: str) -> str:
    """Letters, digits and the marks that words cannot be without; all else is blank."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    kept = (_kept(char) for char in plain if not unicodedata.combining(char))
    return "".join(kept).translate(_UNDECOMPOSED)


def _kept(char: str) -> str:
    return char if char.isalnum() or unicodedata.category(char) in {"Mn", "Mc"} else " "
