"""What a line of the log may say, and what it never says."""

import json
import logging
from uuid import UUID

import psycopg
import pytest
from django.db import IntegrityError, connection

from kakehashi.kernel.logs import JsonFormatter, TextFormatter, exception_facts, logging_settings, masked
from kakehashi.kernel.trace import begin_request, note_act

ACT = UUID("01890000-0000-7000-8000-000000000001")


def record(name: str, message: str, *args: object, error: BaseException | None = None) -> logging.LogRecord:
    info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord(name, logging.ERROR, __file__, 1, message, args, info)


def line(*args: object, **kwargs: object) -> dict[str, object]:
    return dict(json.loads(JsonFormatter().format(record(*args, **kwargs))))  # type: ignore[arg-type]


def test_a_line_carries_request_and_act() -> None:
    request_id = begin_request()
    note_act(ACT)
    found = line("kakehashi.worker", "sweep %s failed", "journal.seal")
    assert found["message"] == "sweep journal.seal failed"
    assert (found["request"], found["act"]) == (request_id, str(ACT))


@pytest.mark.parametrize("given", ["abcd1234-ef", "0123456789abcdef"])
def test_a_proxys_request_id_is_kept(given: str) -> None:
    assert begin_request(given) == given


@pytest.mark.parametrize("given", ["山田", "a b c d e f g h", "x" * 65, "short", "a@example.jp-1234"])
def test_a_text_is_no_request_id(given: str) -> None:
    assert begin_request(given) != given


@pytest.mark.parametrize(
    "text",
    [
        "to hanako@example.jp now", "call 090-1234-5678", "call 0312345678", "number 123456789012",
        "token 1uXyZ:AbCdEf0123456789_-AbCdEf0123456789",
    ],
)  # fmt: skip
def test_addresses_numbers_and_tokens_are_masked(text: str) -> None:
    assert "‹…›" in masked(text)
    assert not set(text.split()[1:2]) & set(masked(text).split())


def test_ids_and_names_of_code_are_left() -> None:
    text = f"sweep people.mail_codes failed for {ACT} at kakehashi/people/services/mail_codes.py:12"
    assert masked(text) == text


def test_values_of_other_peoples_lines_are_left_out() -> None:
    assert line("django.core", "bad value %s in %d rows", "山田花子", 3)["message"] == "bad value ‹…› in 3 rows"


def test_a_traceback_has_places_but_no_values() -> None:
    try:
        answer = "山田花子"
        int(answer)
    except ValueError as problem:
        found = line("kakehashi.worker", "it failed", error=problem)
        text = TextFormatter().format(record("kakehashi.worker", "it failed", error=problem))
    assert "test_logs.py" in str(found["error"])
    assert "山田" not in str(found) + text


def test_a_database_error_tells_codes_and_not_the_row(db: None) -> None:
    with pytest.raises(IntegrityError) as caught, connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE t (mail text CONSTRAINT t_once UNIQUE)")
        cursor.execute("INSERT INTO t VALUES ('secret-person'), ('secret-person')")
    facts = exception_facts(caught.value)
    assert facts["because"]["sqlstate"] == "23505"
    assert facts["because"]["constraint_name"] == "t_once"
    assert "secret-person" not in str(facts)
    assert isinstance(caught.value.__cause__, psycopg.Error)


@pytest.mark.parametrize("shape", ["json", "text"])
def test_djangos_mail_of_tracebacks_is_gone(shape: str) -> None:
    settings = logging_settings(shape)
    assert settings["loggers"]["django"]["handlers"] == []
    assert "mail_admins" not in str(settings)
