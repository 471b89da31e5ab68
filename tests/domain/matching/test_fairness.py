from app.domain.matching.fairness import concentration, load_histogram, never_drawn

VISITS = {"T1": ("A", "B"), "T2": ("A", "C"), "T3": ("A", "B")}


def test_the_load_histogram_counts_people_without_visits_too():
    assert load_histogram(VISITS, "ABCD") == {0: 1, 1: 1, 2: 1, 3: 1}


def test_who_is_never_drawn_over_several_matches():
    assert never_drawn([VISITS, {"T9": ("D", "A")}], "ABCDEF") == ("E", "F")


def test_r20_concentration_is_the_share_of_possible_pairs_that_occurred():
    found = concentration({2026: [VISITS]}, ["ABCD"])
    assert (found.possible, found.occurred) == (6, 2)
    assert found.share_ppm == 333_333
    assert found.top == ((("A", "B"), 2), (("A", "C"), 1))


def test_r20_the_same_pair_at_the_same_target_in_consecutive_years_is_listed():
    years = {
        2024: [{"T1": ("A", "B"), "T2": ("A", "B")}],
        2025: [{"T1": ("B", "A")}],
        2026: [{"T2": ("A", "B")}],
    }
    assert concentration(years, ["AB"]).repeated == (("T1", ("A", "B"), (2024, 2025)),)


def test_members_of_two_agencies_form_no_pair():
    found = concentration({2026: [{"T1": ("A", "B", "X")}]}, ["AB", "XY"])
    assert (found.possible, found.occurred) == (2, 1)


def test_an_empty_pool_has_no_concentration():
    assert concentration({}, []).share_ppm == 0


def test_the_longest_list_is_cut():
    assert len(concentration({2026: [VISITS]}, ["ABC"], top=1).top) == 1
