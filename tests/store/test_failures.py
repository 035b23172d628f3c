"""What a failure of the database means to whoever asked."""

import psycopg
import pytest
from psycopg import errors
from sqlalchemy.exc import DBAPIError

from service.store.failures import is_mended_at_once, is_outage
from service.store.sessions import Unconfirmed


def failed(reason):
    return DBAPIError(None, None, reason, connection_invalidated=False)


def test_what_the_driver_lost_is_tried_on_a_new_connection():
    lost = failed(psycopg.OperationalError("connection socket closed"))

    assert is_mended_at_once(lost)
    assert is_outage(lost)


def test_a_commit_without_an_answer_is_not_tried_again():
    unsure = failed(Unconfirmed("there was no answer in time"))

    assert not is_mended_at_once(unsure)
    assert is_outage(unsure)


@pytest.mark.parametrize("reason", [errors.UniqueViolation(), errors.UndefinedTable()])
def test_what_the_server_refuses_is_no_outage(reason):
    assert not is_outage(failed(reason))
    assert not is_mended_at_once(failed(reason))
