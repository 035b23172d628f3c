"""What is no address and no key, before anything is asked."""

import pytest

from tests.client.asking import asking


@pytest.mark.parametrize("url", ["localhost:8080", "ftp://example.org"])
def test_what_is_no_address_is_refused_at_once(kind, url):
    with pytest.raises(ValueError, match="http"), asking(kind, url):
        pass


@pytest.mark.parametrize("key", ["", "two words", "schlüssel", "line\n"])
def test_what_is_no_key_is_refused_at_once(kind, key):
    with pytest.raises(ValueError, match="one word"), asking(kind, "http://127.0.0.1:1", key=key):
        pass
