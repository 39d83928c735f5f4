"""What the catalogue refuses, each with its stable code."""

from __future__ import annotations

from khaneh.kernel.refusal import Refusal, RefusalKind


class UnknownSource(Refusal):
    """There is no such house, profile or source. Facts: what, code."""

    code = "catalogue.unknown_source"
    kind = RefusalKind.NOT_FOUND


class FileUnreadable(Refusal):
    """The file cannot be opened or is no catalogue file that we know. Facts: file, why."""

    code = "catalogue.file_unreadable"
    kind = RefusalKind.INVALID


class FileTooLarge(Refusal):
    """The upload is larger than the operator permits. Facts: size, limit (bytes)."""

    code = "catalogue.file_too_large"
    kind = RefusalKind.LIMIT


class ImportRunning(Refusal):
    """Another process is importing this very file for this very source. Facts: batch."""

    code = "catalogue.import_running"
    kind = RefusalKind.CONFLICT


class ProfileInvalid(Refusal):
    """The profile's rules do not say what they must. Facts: where, why."""

    code = "catalogue.profile_invalid"
    kind = RefusalKind.INVALID


class ProfileInUse(Refusal):
    """A ready-made profile is not changed but copied under another name. Facts: name."""

    code = "catalogue.profile_builtin"
    kind = RefusalKind.CONFLICT


class ReasonMissing(Refusal):
    """An act that somebody may ask about later needs a reason. Facts: act."""

    code = "catalogue.reason_missing"
    kind = RefusalKind.INVALID


class AlreadyDecided(Refusal):
    """The item, pair or merge is not open any more. Facts: state."""

    code = "catalogue.already_decided"
    kind = RefusalKind.CONFLICT


class StillUnreadable(Refusal):
    """The retry failed too; the item stays open with what was found this time. Facts: reasons."""

    code = "catalogue.still_unreadable"
    kind = RefusalKind.CONFLICT


class CannotMerge(Refusal):
    """The two are one already, or one of them is merged away. Facts: why."""

    code = "catalogue.cannot_merge"
    kind = RefusalKind.CONFLICT


class EncodingUnknown(Refusal):
    """There is no such encoding. Facts: encoding."""

    code = "catalogue.encoding_unknown"
    kind = RefusalKind.INVALID
