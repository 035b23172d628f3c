"""`python -m benchmarks.yardsticks.flask_server`: the yardstick on the project's own server.

The project's server, with its settings, is made to load another application; nothing else differs.
"""

from typing import Any

from granian.server import Server

from service.commands import server
from service.settings import Settings

APPLICATION = "benchmarks.yardsticks.flask_app:application"


def main() -> None:
    def load_another(_: str, **settings: Any) -> Any:
        return Server(APPLICATION, **settings)

    vars(server)["Granian"] = load_another
    chosen = Settings.read()
    server.serve_until_stopped(
        chosen.host, chosen.port, threads=chosen.threads, log_level=chosen.log_level
    )


if __name__ == "__main__":
    main()
