"""Moments on the command line."""

import click

from service.domain.moments import read_moment


class Moment(click.ParamType[int]):
    """A timestamp, or a date, which counts as the end of that day."""

    name = "time"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> int:
        try:
            return read_moment(value)
        except ValueError as wrong:
            self.fail(f"{value!r}: {wrong}", param, ctx)
