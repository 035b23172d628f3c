"""Whether the process lives, and whether it can answer."""

from typing import Literal

from flask import Response
from flask_smorest import Blueprint
from msgspec import Struct

from service.api.access import store
from service.api.describing import reads
from service.api.parameters import refuse_parameters
from service.api.representations import representation
from service.store.answers import encode

health = Blueprint("health", __name__, description="For those who look after the service")


class Health(Struct, frozen=True):
    status: Literal["ok"] = "ok"


@health.get("/healthz")
@reads(Health)
def healthz() -> Response:
    """The process lives. Says nothing of the store."""
    refuse_parameters()
    return representation(encode(Health()))


@health.get("/readyz")
@reads(Health)
def readyz() -> Response:
    """The store can be read and has this release's schema; else 503."""
    refuse_parameters()
    store().ready()
    return representation(encode(Health()))
