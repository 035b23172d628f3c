"""The pages a person looks at, all of them: importing a module of pages adds its routes."""

from service.web import charts, front, incident, language, why
from service.web.site import pages

__all__ = ["charts", "front", "incident", "language", "pages", "why"]
