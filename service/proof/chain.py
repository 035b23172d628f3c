"""What an event is hashed to (docs/adr/0003): `commitment = SHA-256(salt ‖ payload)`, `leaf =
SHA-256(envelope ‖ commitment ‖ previous leaf)`. Hashes have 32 bytes, salts 16.
"""

from hashlib import sha256

GENESIS = bytes(32)
"""What comes before the first leaf of an incident."""


def commitment_of(salt: bytes, payload: bytes) -> bytes:
    return sha256(salt + payload).digest()


def leaf_of(envelope: bytes, commitment: bytes, previous: bytes) -> bytes:
    """`previous` is the leaf of the same incident's event before."""
    return sha256(envelope + commitment + previous).digest()
