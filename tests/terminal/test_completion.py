"""What shells are offered for the last word."""

import pytest

from service.cli import main
from tests.process.taji import TAJI


def completed(capsys, monkeypatch, words, **environment):
    """What a shell is offered for the last word."""
    settings = {"COMP_WORDS": words, "COMP_CWORD": str(words.count(" ")), **environment}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("_SITREP_COMPLETE", "bash_complete")
    with pytest.raises(SystemExit):
        main.main(args=[], prog_name="sitrep")
    return capsys.readouterr().out.split()


@pytest.mark.parametrize("taji", ["sqlite"], indirect=True)
@pytest.mark.parametrize("command", ["show", "watch"])
def test_names_of_incidents_are_completed(capsys, monkeypatch, taji, command):
    offered = completed(capsys, monkeypatch, f"sitrep {command} taji-rocket", SITREP_URL=taji.url)

    assert f"plain,{TAJI}" in offered
    assert all(one.startswith("plain,taji-rocket") for one in offered)


def test_where_nobody_can_be_asked_nothing_is_offered(capsys, monkeypatch):
    offered = completed(capsys, monkeypatch, "sitrep show t", SITREP_URL="http://127.0.0.1:1")

    assert offered == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_shell_that_the_page_names_is_given_its_script(capsys, monkeypatch, shell):
    monkeypatch.setenv("_SITREP_COMPLETE", f"{shell}_source")

    with pytest.raises(SystemExit) as ended:
        main.main(args=[], prog_name="sitrep")

    assert ended.value.code == 0
    assert f"_SITREP_COMPLETE={shell}_complete" in capsys.readouterr().out
