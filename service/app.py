"""Where the parts are joined."""

from collections.abc import Callable, Iterable
from functools import partial

from flask import Blueprint, Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from schemas.sizes import Sizes
from service.api.access import EXTENSION, PRIVATE_READING, know_readers, refuse_undeclared
from service.api.across import across
from service.api.auditing import note_uses
from service.api.converters import know_paths
from service.api.cookies import LASTING
from service.api.docs import docs
from service.api.feed import feed
from service.api.formats import formats
from service.api.guarding import guard_browsers
from service.api.health import health
from service.api.history import history
from service.api.incidents import incidents
from service.api.keys import keys
from service.api.limits import Limits, refuse_excess, refuse_hasty_keys
from service.api.log import log
from service.api.openapi import document_of
from service.api.pace import Rate
from service.api.parameters import MOST_ON_A_PAGE
from service.api.posting import SIZES, admit_bodies
from service.api.problems import answer_problems
from service.api.series import series
from service.api.sources import origins, publishers
from service.api.timemap import timemap
from service.settings import Settings
from service.store.keys import HOUR_US
from service.store.signers import key_file, read_key
from service.store.signing_in import Lasting
from service.store.store import Store
from service.web.desk.pages import desk
from service.web.pages import pages
from service.web.tongues.speaking import speak

DESCRIBED = (
    *(incidents, history, series, timemap, formats, across, feed, publishers, origins),
    *(log, keys, health),
)
"""What the OpenAPI document tells of."""


def create_app(
    settings: Settings | None = None,
    clock: Callable[[], int] | None = None,
    *,
    further: Iterable[Blueprint] = (),
) -> Flask:
    """The WSGI application over a migrated store. `clock` gives microseconds since 1970, UTC;
    `further` are routes beside those of the service.

    Raises Unavailable where there is no store, or one of another release, and Undeclared for a
    route that the table of roles does not have.
    """
    chosen = settings or Settings.read()
    app = Flask("service", static_folder=None)
    app.config[PRIVATE_READING] = chosen.reading == "private"
    app.config["MAX_CONTENT_LENGTH"] = chosen.max_body_bytes + 1
    app.config[SIZES] = Sizes(chosen.max_reports, chosen.max_depth, chosen.max_characters)
    app.config[MOST_ON_A_PAGE] = chosen.max_page
    hours = (chosen.desk_hours, chosen.desk_idle_hours)
    app.config[LASTING] = Lasting(*(int(one * HOUR_US) for one in hours))
    app.logger.setLevel(chosen.log_level)
    know_paths(app)
    speak(app)
    answer_problems(app)
    guard_browsers(app)
    note_uses(app)
    limits = limits_of(chosen)
    refuse_excess(app, limits)
    know_readers(app)
    refuse_hasty_keys(app, limits)
    admit_bodies(app)
    described = docs(partial(document_of, *DESCRIBED))
    for blueprint in (*DESCRIBED, described, pages, desk, *further):
        app.register_blueprint(blueprint)
    refuse_undeclared(app)
    signer = read_key(key_file(chosen.database_url, chosen.signing_key))
    store = Store.connect(
        chosen.database_url, clock=clock, signer=signer, replica=chosen.replica_url
    )
    app.extensions[EXTENSION] = store
    store.keep_uses(days=chosen.key_uses_days)
    if chosen.proxies:
        forwarded = ProxyFix(
            app.wsgi_app, x_for=chosen.proxies, x_proto=chosen.proxies, x_host=chosen.proxies
        )
        app.wsgi_app = forwarded  # type: ignore[method-assign] # as Flask's documentation has it
    return app


def limits_of(settings: Settings) -> Limits:
    return Limits(
        query_bytes=settings.max_query_bytes,
        parameters=settings.max_parameters,
        reads=Rate(settings.reads_per_second, settings.reads_burst),
        writes=Rate(settings.writes_per_second, settings.writes_burst),
    )
