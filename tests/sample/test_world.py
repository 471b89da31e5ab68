"""The sample world as files, and its code lists."""

from app.domain.vocabulary import ResultCode
from app.reference import codes
from app.reference.codes import AGENCIES, CHECK_METHODS, DISPOSALS, ENTITY_TYPES, REGIONS, RESULT_CODES
from app.sample import write_world


def test_a_world_is_four_files_with_the_rows_it_says(tmp_path):
    written = write_world(tmp_path / "new" / "folder", 400)
    assert set(written) == {"检查对象.csv", "名单.csv", "检查人员.csv", "事项清单.csv"}
    for name, count in written.items():
        assert len((tmp_path / "new" / "folder" / name).read_text("utf-8-sig").splitlines()) == count + 1
    assert written["检查对象.csv"] == 400


def test_the_same_world_twice_is_byte_for_byte_the_same(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    names = write_world(first, 700, seed=5)
    write_world(second, 700, seed=5)
    assert all((first / name).read_bytes() == (second / name).read_bytes() for name in names)


def test_code_lists_have_no_doubles_and_every_parent():
    region_codes = [region.code for region in REGIONS]
    assert len(set(region_codes)) == len(region_codes)
    assert {region.parent for region in REGIONS} <= {*region_codes, None}
    assert len({entity_type.code for entity_type in ENTITY_TYPES}) == len(ENTITY_TYPES)
    assert len({agency.code for agency in AGENCIES}) == len(AGENCIES)


def test_r53_result_codes_are_those_of_the_platform_worded_for_commerce():
    labels = dict(RESULT_CODES)
    assert set(labels) == {str(number) for number in range(1, 13)} | set("ABCDEFG")
    assert "商务" in labels[ResultCode.VIOLATION_OWN.value]
    assert "商务" in labels[ResultCode.VIOLATION_DETAIL.value]


def test_r65_r48_six_disposals_and_six_methods():
    assert len(DISPOSALS) == len(CHECK_METHODS) == 6


def test_one_agency_is_the_bureau():
    assert [agency.name for agency in AGENCIES if agency.is_bureau] == [codes.BUREAU]
