"""What the scripts of the phone say; they carry no sentence of their own."""

from __future__ import annotations

from flask_babel import gettext as _


def words() -> dict[str, str]:
    """The sentences of the scripts in the reader's language; {n} is a count, {s} a name or a sentence."""
    return {**_network(), **_form(), **_evidence(), **_signing()}


def _network() -> dict[str, str]:
    return {
        "saved": _("Saved {s}"),
        "offline": _("Offline: {n} kept on this device, sent by itself when the network is back"),
        "offlineClean": _("Offline: what you type is kept on this device"),
        "trouble": _("The server does not answer; {n} kept on this device, tried again by itself"),
        "signIn": _("Signed out meanwhile; {n} kept on this device. Sign in again, then sending goes on"),
        "signInLink": _("Sign in again"),
        "other": _(
            "{n} entries of another account are kept on this device; that account has to sign in to send them"
        ),
        "refused": _("{n} could not be taken over by the server"),
        "unsent": _("{n} not sent yet"),
        "noStore": _("This browser keeps nothing on the device; stay online, or use another browser"),
        "discard": _("Discard"),
        "again": _("Send again"),
        "carried": _("{n} visits are on this device and open without a network"),
    }


def _form() -> dict[str, str]:
    return {
        "another": _("{s} wrote here:"),
        "takeTheirs": _("Take this"),
        "keepMine": _("Keep mine"),
        "empty": _("(nothing)"),
        "completing": _("Completed on this device, not sent yet"),
        "completed": _("Completed, version {n}"),
        "changed": _("Changed since; complete it again"),
        "draft": _("Not completed yet"),
        "pointsMissing": _("{n} check points are not answered."),
        "noResult": _("Choose a result."),
        "needs": _("Needed as evidence: {s}"),
        "barred": _("More than two years ago: limitation may have run out"),
        "returned": _("Sent back: {s}"),
    }


def _evidence() -> dict[str, str]:
    return {
        "waiting": _("not sent yet"),
        "placed": _("with place"),
        "unplaced": _("without place"),
        "tooLarge": _("{s} is larger than 60 MB and was not taken."),
        "noFiles": _("No evidence yet."),
        "undecided": _("decide by {s}"),
    }


def _signing() -> dict[str, str]:
    return {
        "signed": _("Signed {s}"),
        "stale": _("Signed {s}, but the form was changed since"),
        "refusedToSign": _("Refused to sign: {s}"),
        "unsigned": _("Not signed"),
        "draw": _("Please sign in the box."),
        "nameFirst": _("Please give the name."),
        "reasonFirst": _("Please give the reason."),
        "completeFirst": _("Complete every item first; the signature stands under the completed form."),
        "handedIn": _("The form was handed in for review."),
        "onlineOnly": _("Handing in needs the network."),
        "handIn": _("Hand the whole form in for review?"),
    }
