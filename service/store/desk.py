"""What the desk needs of a store beside the record: who is signed in, and what was begun."""

from collections.abc import Sequence

from service.store import drafts, signing_in
from service.store.drafts import Begun
from service.store.keyring import Keyring
from service.store.keys import Holder
from service.store.replica import anywhere
from service.store.signing_in import Lasting


class Desk(Keyring):
    """Sign-ins, and drafts: each is of one key, by its name."""

    def sign_in(self, key: str, lasting: Lasting) -> tuple[Holder | None, str | None]:
        """Whose key it is, and the token of a new sign-in; None where the key opens nothing."""
        with self._writing() as connection:
            return signing_in.sign_in(connection, key, lasting, self._now_us(connection))

    @anywhere(needs=lambda *_: None)
    def signed_in(self, token: str, lasting: Lasting) -> Holder | None:
        """Who signed in with a key that opens yet; None where the sign-in has ended."""
        with self._reading() as connection:
            return signing_in.signed_in(connection, token, lasting, self._now_us(connection))

    def sign_out(self, token: str) -> None:
        with self._writing() as connection:
            signing_in.sign_out(connection, token)

    def keep_draft(self, name: str, begun: Begun) -> None:
        """Raises Refused where too many are kept already."""
        with self._writing() as connection:
            drafts.keep(connection, name, begun, self._now_us(connection))

    def draft(self, name: str, update_id: str) -> Begun:
        """Raises NotFound."""
        with self._reading() as connection:
            return drafts.one(connection, name, update_id)

    def drafts(self, name: str) -> Sequence[Begun]:
        """The last changed first."""
        with self._reading() as connection:
            return drafts.all_of(connection, name)

    def drop_draft(self, name: str, update_id: str) -> None:
        with self._writing() as connection:
            drafts.drop(connection, name, update_id)
