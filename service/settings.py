"""What the environment may set. Every setting has a default that runs."""

from dataclasses import dataclass
from typing import Self

from environs import Env, EnvError, validate


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One process's settings.

    SITREP_DATABASE_URL: an SQLAlchemy URL, `sqlite:///file` or `postgresql+psycopg://…`.
    SITREP_LANES: how many lanes a new store gets, 1 to 1024; an existing one keeps its own.
    SITREP_HOST, SITREP_PORT: where `sitrep serve` listens.
    SITREP_THREADS: how many requests one process answers at once.
    SITREP_MAX_BODY_BYTES: the largest body that a POST may have.
    SITREP_LOG_LEVEL: debug, info, warning or error.
    """

    database_url: str = "sqlite:///var/sitrep.db"
    lanes: int = 1
    host: str = "127.0.0.1"
    port: int = 8080
    threads: int = 8
    max_body_bytes: int = 1024 * 1024
    log_level: str = "info"

    @classmethod
    def read(cls) -> Self:
        """From the environment. Raises ValueError that names the variable and what is wrong with it."""
        env = Env(prefix="SITREP_")
        try:
            return cls(
                database_url=env.str("DATABASE_URL", cls.database_url),
                lanes=env.int("LANES", cls.lanes, validate=validate.Range(1, 1024)),
                host=env.str("HOST", cls.host),
                port=env.int("PORT", cls.port, validate=validate.Range(1, 65535)),
                threads=env.int("THREADS", cls.threads, validate=validate.Range(1, 256)),
                max_body_bytes=env.int(
                    "MAX_BODY_BYTES", cls.max_body_bytes, validate=validate.Range(min=1024)
                ),
                log_level=env.str(
                    "LOG_LEVEL",
                    cls.log_level,
                    validate=validate.OneOf(["debug", "info", "warning", "error"]),
                ),
            )
        except EnvError as wrong:
            raise ValueError(str(wrong)) from wrong
