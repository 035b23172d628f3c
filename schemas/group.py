"""Groups of people (DOMAIN.md §5)."""

from schemas.fields import Text, Word
from schemas.shape import Shape
from service.domain.group import Role


class GroupSchema(Shape):
    nationality = Text()
    role = Word(Role)
    role_other = Text()
    affiliation = Text()
    sex = Text()
    age_band = Text()
    severity = Text()
    cause = Text()
