"""What becomes of somebody when a run is finished."""

from __future__ import annotations

from khaneh.domains.learning.types import EnrolmentState


def outcome(
    *, attended: int, meetings: int, least_share: int, pass_mark: int | None, passed: bool | None
) -> EnrolmentState | None:
    """Completed, failed or not come; None where somebody came and has not been assessed.

    `least_share` is the part of the meetings that counts as having been there, in per cent; `passed` the latest assessment, None without
    one. Whoever was assessed was there.
    """
    if attended == 0 and passed is None:
        return EnrolmentState.NO_SHOW
    if pass_mark is not None:
        if passed is None:
            return EnrolmentState.FAILED if _too_seldom(attended, meetings, least_share) else None
        if not passed:
            return EnrolmentState.FAILED
    if attended and _too_seldom(attended, meetings, least_share):
        return EnrolmentState.FAILED
    return EnrolmentState.COMPLETED


def _too_seldom(attended: int, meetings: int, least_share: int) -> bool:
    return attended * 100 < least_share * meetings
