"""`python -m benchmarks.yardsticks.flask_server`: the yardstick on the project's own server.

The project's server, with its settings, serves another application; nothing else differs.
"""

from service.commands.server import serve_until_stopped
from service.settings import Settings

APPLICATION = "benchmarks.yardsticks.flask_app:application"


def main() -> None:
    chosen = Settings.read()
    serve_until_stopped(chosen.host, chosen.port, chosen, application=APPLICATION)


if __name__ == "__main__":
    main()
