"""The desk's pages, all of them: importing a module of pages adds its routes."""

from service.web.desk import drafts, home, posting, quantities, signing_in
from service.web.desk.room import desk

__all__ = ["desk", "drafts", "home", "posting", "quantities", "signing_in"]
