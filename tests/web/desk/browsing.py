"""A browser without scripts: it keeps cookies, follows redirections, and sends the forms it saw."""

from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from flask import Flask


class Form:
    """One form as a browser holds it: what it would send, and the buttons that send it."""

    def __init__(self, held: dict[str, str | None]) -> None:
        self.action = held.get("action") or ""
        self.method = (held.get("method") or "get").lower()
        self.fields: dict[str, str] = {}
        self.choices: dict[str, list[str]] = {}
        self.buttons: list[dict[str, str | None]] = []


class Forms(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._form: Form | None = None
        self._select = self._area = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        if tag == "form":
            self._form = Form(held)
            self.found.append(self._form)
        form = self._form
        if form is None:
            return
        name, value = held.get("name") or "", held.get("value") or ""
        if tag == "input" and name:
            is_ticked = held.get("type") not in {"checkbox", "radio"} or "checked" in held
            if is_ticked:
                form.fields[name] = value
        elif tag == "select":
            self._select = name
            form.choices[name] = []
        elif tag == "option" and self._select:
            form.choices[self._select].append(value)
            if "selected" in held or self._select not in form.fields:
                form.fields[self._select] = value
        elif tag == "textarea":
            self._area = name
            form.fields[name] = ""
        elif tag == "button":
            form.buttons.append(held)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._form is not None and self._area:
            held = self._form.fields[self._area]
            self._form.fields[self._area] = (held + data).removeprefix("\n")


class Browser:
    """What somebody sees and does. `shown` is the page they look at."""

    def __init__(self, app: Flask, base: str = "http://localhost") -> None:
        self.client = app.test_client()
        self.base = base
        self.shown: Any = None
        self.path = ""
        self.typed: dict[str, str] = {}

    def go(self, path: str) -> Any:
        self.shown = self.client.get(path, base_url=self.base, headers={"Sec-Fetch-Site": "none"})
        return self._followed(path)

    def sign_in(self, key: str) -> Any:
        self.go("/desk/sign-in")
        return self.type(key=key).press()

    def type(self, **fields: str) -> "Browser":
        """Into the form that is sent next. `__` stands for `/`: `publisher__key`, `_title`."""
        self.typed |= {_named(name): value for name, value in fields.items()}
        return self

    def press(self, button: str | None = None, *, form: str = "") -> Any:
        """The button with this value (the first one of all where none is named) of the page's main
        form, or of the one whose action ends so.
        """
        held = self.form(form, button)
        chosen = next(
            one for one in held.buttons if button is None or button in {one.get("value"), "*"}
        )
        unknown = self.typed.keys() - held.fields.keys()
        assert not unknown, f"{unknown} are no fields of {held.action}: {sorted(held.fields)}"
        for name, value in self.typed.items():
            assert value in held.choices.get(name, [value]), (name, value)
        sent = {**held.fields, **self.typed}
        if chosen.get("name"):
            sent[chosen["name"] or ""] = chosen.get("value") or ""
        self.typed = {}
        action = chosen.get("formaction") or held.action or self.path
        self.shown = self.client.post(
            action, data=sent, base_url=self.base, headers={"Sec-Fetch-Site": "same-origin"}
        )
        return self._followed(action)

    def form(self, action: str = "", button: str | None = None) -> Form:
        """The last such form: those of the page's head come before it."""
        found = [one for one in Forms(self.shown.text).found if one.method == "post"]
        if action:
            found = [one for one in found if one.action.endswith(action)]
        if button is not None:
            found = [one for one in found if button in {held.get("value") for held in one.buttons}]
        assert found, f"there is no such form on {self.path}"
        return found[-1]

    def _followed(self, path: str) -> Any:
        self.path = path
        while self.shown.status_code in {301, 302, 303, 307, 308}:
            gone = urlsplit(self.shown.headers["Location"])
            self.path = gone.path + (f"?{gone.query}" if gone.query else "")
            self.shown = self.client.get(self.path, base_url=self.base)
        return self.shown


def _named(name: str) -> str:
    if name.startswith("_"):
        return f"/{name[1:]}"
    return f"/{name.replace('__', '/')}" if "__" in name else name
