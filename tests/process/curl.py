"""As much of `curl` as the documents use, so that a machine without it can follow them."""

import sys
from argparse import ArgumentParser
from pathlib import Path

import httpx


def main() -> None:
    parser = ArgumentParser("curl")
    parser.add_argument("-s", action="store_true")
    parser.add_argument("-I", dest="head", action="store_true")
    parser.add_argument("-H", dest="headers", action="append", default=[])
    parser.add_argument("-d", dest="body")
    parser.add_argument("-o", dest="file", type=Path)
    parser.add_argument("url")
    asked = parser.parse_args()
    method = "HEAD" if asked.head else "GET" if asked.body is None else "POST"
    headers = dict(one.split(": ", 1) for one in asked.headers)
    answer = httpx.request(method, asked.url, headers=headers, content=asked.body, timeout=60)
    told = answer.content
    if asked.head:
        lines = [f"HTTP/1.1 {answer.status_code}", *map(": ".join, answer.headers.items()), "", ""]
        told = "\r\n".join(lines).encode()
    if asked.file is not None:
        asked.file.write_bytes(told)
    else:
        sys.stdout.buffer.write(told)


main()
