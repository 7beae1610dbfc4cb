"""What logs say, and what they never say."""

import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from passerelle.kit import log


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Log to what ``capfd`` reads; afterwards as before."""
    handlers, level = logging.root.handlers[:], logging.root.level
    monkeypatch.setattr(sys, "stderr", sys.__stderr__)
    yield
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


def _lines(capfd: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capfd.readouterr().err.splitlines()]


@pytest.mark.usefixtures("fresh")
def test_a_fact_is_one_line_with_its_values(capfd: pytest.CaptureFixture[str]) -> None:
    log.configure()
    log.logger("passerelle.somewhere").warning("push_failed", status=410, odd="\ud800", thing={1})
    (line,) = _lines(capfd)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "level": "warning",
        "module": "passerelle.somewhere",
        "event": "push_failed",
        "status": 410,
        "odd": "\ud800",
        "thing": "{1}",
    }


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize("name", ["email", "phone", "first_name", "push_token", "token", "secret_key", "e_mail"])
@pytest.mark.parametrize("form", ["json", "console"])
def test_what_must_not_be_told_is_withheld(capfd: pytest.CaptureFixture[str], name: str, form: Any) -> None:
    log.configure(form=form)
    log.logger("passerelle.somewhere").warning("failed", **{name: "ada@example.com"})
    told = capfd.readouterr().err
    assert "ada@" not in told
    assert "withheld" in told


@pytest.mark.usefixtures("fresh")
def test_traces_stay_on_the_line_and_libraries_go_through_the_same_door(capfd: pytest.CaptureFixture[str]) -> None:
    log.configure(level="error")
    try:
        int("no such thing")
    except ValueError as fault:
        log.logger("passerelle.somewhere").exception("failed")
        log.logger("passerelle.somewhere").error("failed", exc_info=fault)
    log.logger("passerelle.somewhere").info("quiet")
    logging.getLogger("a.library").error("It is %s", "broken")
    first, second, third = _lines(capfd)
    assert "ValueError: invalid literal" in first["exception"]
    assert first["exception"] == second["exception"]
    assert (third["module"], third["event"]) == ("a.library", "It is broken")


@pytest.mark.usefixtures("fresh")
def test_a_console_shows_the_trace_below(capfd: pytest.CaptureFixture[str]) -> None:
    log.configure(form="console")
    log.logger("passerelle.somewhere").error("failed", device="d", exc_info=ValueError("no such thing"))
    line, *trace = capfd.readouterr().err.splitlines()
    assert line.endswith("error    failed [passerelle.somewhere] device='d'")
    assert trace[-1] == "ValueError: no such thing"
