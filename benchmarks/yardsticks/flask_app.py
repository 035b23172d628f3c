"""The least that Flask can do: fixed bytes for a GET, the bare driver's rows for a POST."""

import os
import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, request

from benchmarks.rehearsal import Written
from benchmarks.yardsticks.bare import BareDriver

ORDERS = "SITREP_BENCH_ORDERS"
"""The variable that names the file with the pickled Orders."""

Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class Orders:
    """How each GET and each POST is answered. A POST's rows are found by its update's id."""

    get: tuple[bytes, Headers] = (b"", [])
    post: tuple[bytes, Headers] = (b"", [])
    database_url: str = ""
    written: Mapping[str, Written] | None = None


def application() -> Flask:
    orders: Orders = pickle.loads(Path(os.environ[ORDERS]).read_bytes())  # noqa: S301 - own file
    app = Flask("yardstick", static_folder=None)

    @app.get("/healthz")
    def healthz() -> Response:
        return Response()

    @app.get("/v1/incidents/<_incident>")
    def get_situation(_incident: str) -> Response:
        body, headers = orders.get
        return Response(body, headers=headers)

    if orders.written is not None:
        driver, written = BareDriver.connect(orders.database_url), orders.written

        @app.post("/v1/incidents/<_incident>/updates")
        def append_update(_incident: str) -> Response:
            driver.write(written[request.get_json()["update_id"]])
            body, headers = orders.post
            return Response(body, status=201, headers=headers)

    return app
