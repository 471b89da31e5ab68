"""组织领导、培训、宣传 (art. 12, 16): three plain registers."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from app.models import GroupMeeting, PublicityActivity, TrainingSession
from app.views.base import RegisterInterface, RegisterView
from app.views.kept import Recorded
from app.views.labels import LABELS


class GroupMeetingView(Recorded, RegisterView):
    """Meetings of the leading group."""

    route_base = "/group-meetings"
    datamodel = RegisterInterface(GroupMeeting)
    class_permission_name = "GroupMeeting"
    title = _("Leading group")
    noun = _("meeting of the leading group")
    list_columns = ["held_on", "topic", "chair", "attendees"]
    show_columns = add_columns = edit_columns = ["held_on", "topic", "chair", "attendees", "decisions"]
    search_columns = ["held_on", "topic"]
    order_columns = ["held_on"]
    base_order = ("held_on", "desc")
    label_columns = LABELS


class TrainingSessionView(Recorded, RegisterView):
    """Training of the inspectors."""

    route_base = "/trainings"
    datamodel = RegisterInterface(TrainingSession)
    class_permission_name = "TrainingSession"
    title = _("Training")
    noun = _("training session")
    list_columns = ["held_on", "topic", "hours", "attendees", "passed"]
    show_columns = add_columns = edit_columns = [*list_columns, "note"]
    search_columns = ["held_on", "topic"]
    order_columns = ["held_on"]
    base_order = ("held_on", "desc")
    label_columns = LABELS


class PublicityActivityView(Recorded, RegisterView):
    """Publicity of the work."""

    route_base = "/publicity"
    datamodel = RegisterInterface(PublicityActivity)
    class_permission_name = "PublicityActivity"
    title = _("Publicity")
    noun = _("publicity activity")
    list_columns = ["held_on", "topic", "channel", "reach"]
    show_columns = add_columns = edit_columns = [*list_columns, "note"]
    search_columns = ["held_on", "topic", "channel"]
    order_columns = ["held_on"]
    base_order = ("held_on", "desc")
    label_columns = LABELS
