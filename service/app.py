"""Where the parts are joined."""

from collections.abc import Callable

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from service.api.access import EXTENSION, know_readers
from service.api.converters import know_paths
from service.api.docs import docs
from service.api.feed import feed
from service.api.health import health
from service.api.history import history
from service.api.incidents import incidents
from service.api.log import log
from service.api.openapi import describe
from service.api.problems import answer_problems
from service.api.series import series
from service.api.sources import origins, publishers
from service.api.timemap import timemap
from service.settings import Settings
from service.store.signers import key_file, read_key
from service.store.store import Store
from service.web.pages import pages


def create_app(settings: Settings | None = None, clock: Callable[[], int] | None = None) -> Flask:
    """The WSGI application over a migrated store. `clock` gives microseconds since 1970, UTC.

    Raises Unavailable where there is no store, or one of another release.
    """
    chosen = settings or Settings.read()
    app = Flask("service", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = chosen.max_body_bytes + 1
    app.logger.setLevel(chosen.log_level)
    signer = read_key(key_file(chosen.database_url, chosen.signing_key))
    store = Store.connect(chosen.database_url, clock=clock, signer=signer)
    app.extensions[EXTENSION] = store
    know_paths(app)
    api = describe(app)
    answer_problems(app)
    know_readers(app)
    parts = (incidents, history, series, timemap, feed, publishers, origins, log, health)
    for blueprint in parts:
        api.register_blueprint(blueprint)
    app.register_blueprint(docs(api.spec.to_dict()))
    app.register_blueprint(pages)
    if chosen.proxies:
        forwarded = ProxyFix(app.wsgi_app, x_for=0, x_proto=chosen.proxies, x_host=chosen.proxies)
        app.wsgi_app = forwarded  # type: ignore[method-assign] # as Flask's documentation has it
    return app
