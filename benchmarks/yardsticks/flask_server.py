"""`python -m benchmarks.yardsticks.flask_server`: the yardstick on the project's server.

It serves by WSGI, which is granian's quickest for Flask; the project goes through its bridge.
"""

from granian import Granian
from granian.constants import HTTPModes, Interfaces

from service.settings import Settings

APPLICATION = "benchmarks.yardsticks.flask_app:application"


def main() -> None:
    chosen = Settings.read()
    Granian(
        APPLICATION,
        factory=True,
        address=chosen.host,
        port=chosen.port,
        interface=Interfaces.WSGI,
        websockets=False,
        workers=1,
        blocking_threads=chosen.threads,
        http=HTTPModes.http1,
    ).serve()


if __name__ == "__main__":
    main()
