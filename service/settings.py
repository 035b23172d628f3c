"""What the environment may set. Every setting has a default that runs."""

import logging
from dataclasses import dataclass
from typing import Self

from environs import Env, EnvError, validate

_SAID = validate.Length(min=1)
_RATE = validate.Range(0, 1_000_000)
_SECONDS = validate.Range(0.1, 86_400)
_HOURS = validate.Range(0.01, 8_760)
_BURST = validate.Range(1, 10_000_000)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """`SITREP_` and the name in capitals is the variable of each.

    - `database_url`: an SQLAlchemy URL of SQLite or PostgreSQL
    - `replica_url`: an SQLAlchemy URL of a standby of that PostgreSQL, to read from
    - `lanes`: read when a store is made, and kept by it: 1 for one total order, 256 for a cluster
    - `signing_key`: the file with the key that signs the log; else beside an SQLite store, or
      `var/sitrep.signing-key`
    - `log_name`: what the signed log goes by, read when the signing key is made; else made up
    - `pg_programs`: the folder with pg_dump and pg_restore; else they are looked for on the path
    - `host`, `port`: where the server listens
    - `max_body_bytes`: the longest body that is read; a longer one is answered 413
    - `max_reports`, `max_depth`, `max_characters`: the most reports in an update, levels of JSON,
      and characters in any one text; the defaults are the contract's, and none can be larger
    - `max_page`: the most things on a page; the default is the contract's likewise
    - `threads`: requests that the server works on at the same time
    - `proxies`: reverse proxies in front, of which X-Forwarded-For, -Proto and -Host are believed
    - `max_query_bytes`, `max_parameters`: the longest query, and the most parameters in one
    - `header_seconds`, `body_seconds`: how long a client may take to send the head of a request, or
      to begin the next one, and how long for all of it
    - `max_connections`: so many clients are listened to at once; others wait in the backlog
    - `max_listeners`: so many of them may follow a stream; the next is answered 503
    - `reads_per_second`, `reads_burst`, `writes_per_second`, `writes_burst`: how often one address,
      and one key, may ask; 0 a second is no limit. This machine's own requests are not counted
    - `key_uses_days`: for how long it is kept what was done with keys
    - `desk_hours`, `desk_idle_hours`: how long a sign-in at the desk lasts, and how long where
      nothing is done with it
    - `reading`: whether whoever sends no key may read: `public`, or `private` for no
    - `log_level`: debug, info, warning, error or critical
    """

    database_url: str = "sqlite:///var/sitrep.db"
    replica_url: str = ""
    lanes: int = 1
    signing_key: str = ""
    log_name: str = ""
    pg_programs: str = ""
    host: str = "127.0.0.1"
    port: int = 8080
    max_body_bytes: int = 1024 * 1024
    max_reports: int = 1_000
    max_depth: int = 32
    max_characters: int = 50_000
    max_page: int = 1_000
    threads: int = 8
    proxies: int = 0
    max_query_bytes: int = 16_384
    max_parameters: int = 200
    header_seconds: float = 15.0
    body_seconds: float = 60.0
    max_connections: int = 4_096
    max_listeners: int = 2_000
    reads_per_second: float = 200.0
    reads_burst: int = 2_000
    writes_per_second: float = 100.0
    writes_burst: int = 1_000
    key_uses_days: int = 90
    desk_hours: float = 24.0
    desk_idle_hours: float = 8.0
    reading: str = "public"
    log_level: int = logging.INFO

    @classmethod
    def read(cls) -> Self:
        """Raises ValueError that names every variable with a bad value."""
        env = Env(eager=False)
        with env.prefixed("SITREP_"):
            settings = cls(
                database_url=env.str("DATABASE_URL", cls.database_url, validate=_SAID),
                replica_url=env.str("REPLICA_URL", cls.replica_url),
                lanes=env.int("LANES", cls.lanes, validate=validate.Range(1, 1024)),
                signing_key=env.str("SIGNING_KEY", cls.signing_key),
                log_name=env.str("LOG_NAME", cls.log_name),
                pg_programs=env.str("PG_PROGRAMS", cls.pg_programs),
                host=env.str("HOST", cls.host, validate=_SAID),
                port=env.int("PORT", cls.port, validate=validate.Range(0, 65_535)),
                max_body_bytes=env.int(
                    "MAX_BODY_BYTES", cls.max_body_bytes, validate=validate.Range(1024, 2**30)
                ),
                max_reports=env.int(
                    "MAX_REPORTS", cls.max_reports, validate=validate.Range(1, cls.max_reports)
                ),
                max_depth=env.int(
                    "MAX_DEPTH", cls.max_depth, validate=validate.Range(8, cls.max_depth)
                ),
                max_characters=env.int(
                    "MAX_CHARACTERS",
                    cls.max_characters,
                    validate=validate.Range(200, cls.max_characters),
                ),
                max_page=env.int(
                    "MAX_PAGE", cls.max_page, validate=validate.Range(1, cls.max_page)
                ),
                threads=env.int("THREADS", cls.threads, validate=validate.Range(1, 1024)),
                proxies=env.int("PROXIES", cls.proxies, validate=validate.Range(0, 16)),
                max_query_bytes=env.int(
                    "MAX_QUERY_BYTES", cls.max_query_bytes, validate=validate.Range(1024, 65_536)
                ),
                max_parameters=env.int(
                    "MAX_PARAMETERS", cls.max_parameters, validate=validate.Range(10, 10_000)
                ),
                header_seconds=env.float("HEADER_SECONDS", cls.header_seconds, validate=_SECONDS),
                body_seconds=env.float("BODY_SECONDS", cls.body_seconds, validate=_SECONDS),
                max_connections=env.int(
                    "MAX_CONNECTIONS", cls.max_connections, validate=validate.Range(1, 65_536)
                ),
                max_listeners=env.int(
                    "MAX_LISTENERS", cls.max_listeners, validate=validate.Range(0, 65_536)
                ),
                reads_per_second=env.float(
                    "READS_PER_SECOND", cls.reads_per_second, validate=_RATE
                ),
                reads_burst=env.int("READS_BURST", cls.reads_burst, validate=_BURST),
                writes_per_second=env.float(
                    "WRITES_PER_SECOND", cls.writes_per_second, validate=_RATE
                ),
                writes_burst=env.int("WRITES_BURST", cls.writes_burst, validate=_BURST),
                key_uses_days=env.int(
                    "KEY_USES_DAYS", cls.key_uses_days, validate=validate.Range(1, 36_500)
                ),
                desk_hours=env.float("DESK_HOURS", cls.desk_hours, validate=_HOURS),
                desk_idle_hours=env.float("DESK_IDLE_HOURS", cls.desk_idle_hours, validate=_HOURS),
                reading=env.str(
                    "READING", cls.reading, validate=validate.OneOf(["public", "private"])
                ),
                log_level=env.log_level("LOG_LEVEL", cls.log_level),
            )
        try:
            env.seal()
        except EnvError as bad:
            raise ValueError(str(bad)) from bad
        return settings
