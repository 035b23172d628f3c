"""What is said of something that does not hold."""


class Doubt(Exception):
    """A proof, a signature or an event that does not hold; `str()` of it says why."""
