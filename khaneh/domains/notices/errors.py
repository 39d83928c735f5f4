"""What notices refuse."""

from khaneh.kernel.refusal import Refusal, RefusalKind


class TemplateWrong(Refusal):
    """A template cannot be used. Facts: problems, a list of {part, code, at, name}: part is subject or body, `at` counts signs from 0."""

    code = "notices.template_wrong"
    kind = RefusalKind.INVALID


class TemplateChanged(Refusal):
    """Somebody else saved the template meanwhile. Facts: revision, the one that stands."""

    code = "notices.template_changed"
    kind = RefusalKind.CONFLICT


class MessageSettled(Refusal):
    """The message is not in a state for this. Facts: state."""

    code = "notices.message_settled"
    kind = RefusalKind.CONFLICT
