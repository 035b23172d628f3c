"""What every store of incidents must hold to, seen through HTTP alone (docs/reliability.md).

The tests know the paths and keys of the API, and nothing of what is behind it: neither SQL nor the
service's own code is imported. `site` is the store under test and `story` a new incident in it; a
further section is a further file that asks for them. Without options they run on stores of our own
(ours.py); `pytest tests/conformance --url http://… --key … --reporter-key …
--reader-key …` holds any other store to them.
"""
