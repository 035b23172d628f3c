"""XML and HTML: elements with text that every reader can take."""

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement, tostring

_STRANGE = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]"
    f"|[{''.join(chr(plane << 16 | last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))}]"
)
"""Controls, surrogates and what is no character: XML 1.0 §2.2 forbids or discourages them, HTML
calls each an error.
"""


def root(tag: str, namespace: str = "") -> Element:
    """An element whose namespace is the default one of its document."""
    return Element(tag, {"xmlns": namespace} if namespace else {})


def add(
    parent: Element, tag: str, text: str | None = None, attributes: Mapping[str, str] | None = None
) -> Element:
    kept = {name: clean(value) for name, value in (attributes or {}).items()}
    made = SubElement(parent, tag, kept)
    made.text = None if text is None else clean(text)
    return made


def document(whole: Element) -> bytes:
    written: bytes = tostring(whole, encoding="utf-8", xml_declaration=True)
    return written


def clean(text: str) -> str:
    return _STRANGE.sub("\ufffd", text)
