"""完结: nothing closes with an open step (R65)."""

from itertools import product

import pytest

from app.domain.closing import ClosingNoteMissing, FollowUp, StepsOpen, open_steps, require_closable
from app.domain.vocabulary import Disposal, OpenStep

ENDS = {"none": (), "open": (False,), "ended": (True,), "both": (True, False)}


def follow_up(disposals=(Disposal.NONE_NEEDED,), disclosed=True, correcting=False, **steps):
    return FollowUp(disclosed, correcting, frozenset(disposals), **steps)


@pytest.mark.parametrize(
    ("field", "disposal", "step"),
    [
        ("rectifications", Disposal.RECTIFY, OpenStep.RECTIFICATION),
        ("transfers", Disposal.CASE, OpenStep.TRANSFER),
        ("notices", Disposal.NOTIFIED, OpenStep.NOTICE),
    ],
)
@pytest.mark.parametrize(("promised", "ends"), list(product([True, False], ENDS)))
def test_r65_a_promised_step_must_be_taken_and_every_step_must_have_ended(
    field, disposal, step, promised, ends
):
    given = follow_up([disposal] if promised else [Disposal.NONE_NEEDED], **{field: ENDS[ends]})
    waits = ends in ("open", "both") or (promised and ends == "none")
    assert open_steps(given) == ((step,) if waits else ())


@pytest.mark.parametrize("field", ["objections", "penalties"])
@pytest.mark.parametrize("ends", ENDS)
def test_r58_r65_objections_and_cases_keep_a_finding_open_until_decided(field, ends):
    assert bool(open_steps(follow_up(**{field: ENDS[ends]}))) is (ends in ("open", "both"))


@pytest.mark.parametrize(
    ("disclosed", "correcting", "step"),
    [
        (True, False, None),
        (False, False, OpenStep.DISCLOSURE),
        (False, True, OpenStep.CORRECTION),
    ],
)
def test_r65_what_is_not_disclosed_is_not_closed(disclosed, correcting, step):
    assert open_steps(follow_up(disclosed=disclosed, correcting=correcting)) == ((step,) if step else ())


@pytest.mark.parametrize(
    ("rectified", "transferred", "noticed", "objected"), list(product([True, False], repeat=4))
)
def test_r65_a_finding_with_several_disposals_closes_only_when_all_have_ended(
    rectified, transferred, noticed, objected
):
    given = follow_up(
        [Disposal.RECTIFY, Disposal.CASE, Disposal.NOTIFIED],
        rectifications=[rectified],
        transfers=[transferred],
        notices=[noticed],
        objections=[objected],
    )
    if all((rectified, transferred, noticed, objected)):
        require_closable(given, "")
    else:
        with pytest.raises(StepsOpen) as refusal:
            require_closable(given, "")
        assert refusal.value.params["count"] == [rectified, transferred, noticed, objected].count(False)


@pytest.mark.parametrize("disposal", [Disposal.OTHER, Disposal.REFERRED_DAILY])
def test_r65_what_stands_in_no_step_of_ours_is_closed_in_words(disposal):
    with pytest.raises(ClosingNoteMissing):
        require_closable(follow_up([disposal]), "  ")
    require_closable(follow_up([disposal]), "日常监管部门已处理")
