"""A lease says what it says, and nobody can make it say something else."""

from __future__ import annotations

from datetime import date

import pytest

from trongdan.kernel.errors import Refusal
from trongdan.kernel.lease import Lease, check_lease, signed_lease
from trongdan.platform import keys

LEASE = Lease("TD7K39QXM4P", "d1", "p1", "c04978-vp/reception", "c04978", date(2026, 7, 1), date(2026, 7, 15))


def check(document: object) -> Lease:
    return check_lease(document, lambda signature, message: keys.verify(keys.public_key(), signature, message))


def test_a_signed_lease_is_read_back_as_it_was() -> None:
    assert check(signed_lease(LEASE, keys.sign)) == LEASE


@pytest.mark.parametrize(("key", "value"), [("reference", "TD7K39QXM4Q"), ("device", "d2"), ("person", "p2"), ("until", "2027-01-01")])
def test_a_lease_made_out_to_somebody_else_or_for_longer_is_forged(key: str, value: str) -> None:
    document = signed_lease(LEASE, keys.sign)
    document["statement"][key] = value
    with pytest.raises(Refusal) as caught:
        check(document)
    assert caught.value.code == "lease.forged"


@pytest.mark.parametrize("junk", [None, {}, [], "x", {"statement": {}}, {"statement": {"type": "trongdan/receipt", "v": 1}},
                                  {"statement": signed_lease(LEASE, keys.sign)["statement"], "signature": "*"}])  # fmt: skip
def test_what_is_no_lease_is_said_to_be_unreadable(junk: object) -> None:
    with pytest.raises(Refusal) as caught:
        check(junk)
    assert caught.value.code == "lease.unreadable"
