"""The gate: only `approve` makes an ApprovedPortrait, and only an ApprovedPortrait is animated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Never, NoReturn, final
from weakref import WeakKeyDictionary

from avatar.consent.photo import decode, read_photo
from avatar.consent.record import Basis, Record
from avatar.consent.trust import Trust
from avatar.consent.verification import check_bytes

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class _Approval:
    pixels: npt.NDArray[np.uint8]
    record: Record
    path: Path
    name: str


@final
class ApprovedPortrait:
    """A photo that its record allows to be animated in one course. Only `approve` makes one.

    The gate keeps its data under the object's identity, so an object that was made in another way
    has none: its attributes raise TypeError. It can be neither copied nor pickled. A worker process
    asks the gate itself, which then also sees revocations that were made in the meantime.
    """

    __slots__ = ("__weakref__",)

    # Nothing has the type Never, so no call of this type-checks; and every call raises.
    def __init__(self, use_approve_instead: Never) -> None:
        raise TypeError("Only avatar.consent.approve makes an ApprovedPortrait.")

    def __init_subclass__(cls, **kwargs: object) -> NoReturn:
        raise TypeError("ApprovedPortrait cannot be subclassed.")

    @property
    def pixels(self) -> npt.NDArray[np.uint8]:
        """(height, width, 3) RGB, upright, read-only."""
        return _approval(self).pixels

    @property
    def record(self) -> Record:
        return _approval(self).record

    @property
    def path(self) -> Path:
        """The photo's file, as it was given."""
        return _approval(self).path

    @property
    def name(self) -> str:
        """The presenter's name in the course; by default, the record's subject."""
        return _approval(self).name

    @property
    def photo_sha256(self) -> str:
        """SHA-256 of the photo's file, in hexadecimal; `pixels` was decoded from the same bytes."""
        return _approval(self).record.photo_sha256

    @property
    def record_id(self) -> str:
        return _approval(self).record.id

    @property
    def subject(self) -> str:
        return _approval(self).record.subject

    @property
    def basis(self) -> Basis:
        return _approval(self).record.basis

    def __repr__(self) -> str:
        return f"<ApprovedPortrait of {self.subject!r}, record {self.record_id}>"

    def __copy__(self) -> NoReturn:
        raise TypeError("An ApprovedPortrait cannot be copied. Call avatar.consent.approve again.")

    def __deepcopy__(self, memo: object) -> NoReturn:
        self.__copy__()

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("An ApprovedPortrait cannot be pickled. Call avatar.consent.approve again.")


def _vault() -> tuple[Callable[[_Approval], ApprovedPortrait], Callable[[object], _Approval]]:
    """The maker and the reader of approvals. Nothing outside can name the table itself."""
    approvals: WeakKeyDictionary[ApprovedPortrait, _Approval] = WeakKeyDictionary()

    def make(approval: _Approval) -> ApprovedPortrait:
        portrait = object.__new__(ApprovedPortrait)
        approvals[portrait] = approval
        return portrait

    def read(portrait: object) -> _Approval:
        # `type is` and not isinstance, since an object can lie to isinstance through __class__.
        approval = approvals.get(portrait) if type(portrait) is ApprovedPortrait else None
        if approval is None:
            raise TypeError("Only an ApprovedPortrait from avatar.consent.approve is accepted.")
        return approval

    return make, read


_make, _approval = _vault()


def require(portrait: object) -> ApprovedPortrait:
    """Return the portrait itself if the gate made it. Raises TypeError for anything else."""
    _approval(portrait)
    assert type(portrait) is ApprovedPortrait
    return portrait


def approve(
    photo: Path,
    record: Path,
    *,
    course: str,
    trust: Trust,
    now: datetime | None = None,
    name: str | None = None,
) -> ApprovedPortrait:
    """Approve a photo if its record allows it now in the course with this id.

    The photo is read once: the bytes that are hashed are the bytes that are decoded. `now`, by
    default the system's time, must have a time zone. `name` is what the course calls the presenter.
    Raises ConsentError, or PhotoError if the picture itself cannot be used.
    """
    if not isinstance(course, str):  # None would leave the scope unchecked
        raise TypeError("`course` is the course's id.")
    data = read_photo(photo)
    allowed = check_bytes(data, photo, record, course=course, trust=trust, now=now)
    return _make(_Approval(decode(data, photo), allowed, photo, name or allowed.subject))
