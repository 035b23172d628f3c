"""A disk of a few megabytes that a test can fill and free."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

BLOCK = 4096
MIB = 1024 * 1024


class Disk:
    """`folder` is where it is from here; `inside` where it is for what is run `within`: SQLite
    would follow the way from here out again, as if it were a link.
    """

    def __init__(self, folder: Path, inside: Path, within: tuple[str, ...] = ()) -> None:
        self.folder, self.inside, self.within = folder, inside, within
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        """To the last byte."""
        with self._ballast.open("ab", buffering=0) as ballast, suppress(OSError):
            while True:
                ballast.write(bytes(MIB))
        with self._ballast.open("ab", buffering=0) as ballast, suppress(OSError):
            while True:
                ballast.write(bytes(BLOCK))

    def free(self) -> None:
        self._ballast.unlink(missing_ok=True)


@contextmanager
def small_disk(mebibytes: int) -> Iterator[Disk]:
    """A file system in memory, open to everybody. Who is not root gets it in a name space of their
    own.

    Raises RuntimeError where the machine allows neither.
    """
    with TemporaryDirectory(prefix="sitrep-disk-") as folder:
        Path(folder).chmod(0o755)
        with _mounted(Path(folder), mebibytes) as disk:
            yield disk


@contextmanager
def _mounted(folder: Path, mebibytes: int) -> Iterator[Disk]:
    if os.geteuid() == 0:
        subprocess.run(_mount(folder, mebibytes), check=True)
        try:
            yield Disk(folder, folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)  # noqa: S607
        return
    mounting = " ".join(map(str, _mount(folder, mebibytes)))
    apart = ["unshare", "--user", "--map-root-user", "--mount"]
    with subprocess.Popen(
        [*apart, "sh", "-c", f"{mounting} && echo $$ && exec cat"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        process = holder.stdout.readline().strip()
        if not process:
            raise RuntimeError("a small disk needs root, or name spaces for everybody")
        yield Disk(
            Path(f"/proc/{process}/root{folder}"),
            folder,
            ("nsenter", "--target", process, "--user", "--mount", "--preserve-credentials"),
        )
        holder.stdin.close()


def _mount(folder: Path, mebibytes: int) -> list[str | Path]:
    return ["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m,mode=1777", "tmpfs", folder]
