import hashlib
import io
import re
import subprocess
import zipfile

import pytest

from app.domain.draw import bundle, readme
from app.domain.draw.verify import main, verify
from tests.domain.draw.builders import make_ceremony
from tests.domain.draw.tampering import pack, unzip

MATCH = {"assign.txt", "staff.tsv", "eligible.tsv", "demand.tsv", "assign.tsv", "prices.json"}
BASE = {"plan.txt", "seed.txt", "result.txt", "log.jsonl", "README.txt", "verify.py", "manifest.txt"}
LISTS = {f"{kind}/{name}.txt" for kind in ("drawn", "reserve") for name in ("A.H", "A.L", "A.M", "B.F")}


@pytest.mark.parametrize(
    ("kinds", "names"),
    [
        ({}, BASE | LISTS | {"roster.tsv"}),
        ({"matched": True}, BASE | LISTS | MATCH | {"roster.tsv"}),
        ({"sealed": True}, BASE | {"leaves.tsv", "drawn.txt"}),
        (
            {"sealed": True, "auditor": True},
            BASE | LISTS | {"leaves.tsv", "drawn.txt", "roster.tsv", "salts.tsv"},
        ),
    ],
)
def test_the_files_of_each_form(kinds, names):
    assert set(unzip(make_ceremony(**kinds).zip())) == names


def test_the_same_draw_gives_the_same_bytes(ceremony, bundle_bytes):
    assert ceremony.zip() == bundle_bytes


def test_content_may_come_in_blocks(ceremony, bundle_bytes):
    out = io.BytesIO()
    files = {name: [content[:7], content[7:]] for name, content in ceremony.bundle().files().items()}
    digest = bundle.write_zip(files, out)
    assert out.getvalue() == bundle_bytes
    assert digest == hashlib.sha256(bundle_bytes).hexdigest()


def test_a_sealed_bundle_shows_no_stratum_of_a_firm():
    ceremony = make_ceremony(sealed=True, matched=True)
    firms = {identifier for identifier, _ in ceremony.rows}
    for name, content in unzip(ceremony.zip()).items():
        for line in content.decode().splitlines():
            assert not (any(firm in line for firm in firms) and re.search(r"\b[HML](~\d)?\b", line)), (
                name,
                line,
            )


def test_a_missing_part_is_named():
    ceremony = make_ceremony()
    with pytest.raises(bundle.BundleIncomplete) as caught:
        bundle.Bundle(ceremony.plan, ceremony.seed, ceremony.result, ceremony.drawn, ceremony.log).files()
    assert caught.value.params == {"missing": "roster.tsv"}


def test_a_true_bundle_verifies(bundle_bytes, tmp_path, capsys):
    path = tmp_path / "bundle.zip"
    path.write_bytes(bundle_bytes)
    assert verify(path).failure is None
    assert main([str(path)]) == 0
    assert capsys.readouterr().out.endswith("全部一致\n")


def test_an_unpacked_folder_verifies(bundle_bytes, tmp_path):
    with zipfile.ZipFile(io.BytesIO(bundle_bytes)) as archive:
        archive.extractall(tmp_path)
    assert verify(tmp_path).failure is None
    (tmp_path / "README.txt").write_text("x\n")
    assert "README.txt" in verify(tmp_path).failure


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_repacked_bundle_verifies_and_says_so(bundle_bytes, compression, tmp_path):
    path = tmp_path / "bundle.zip"
    path.write_bytes(pack(unzip(bundle_bytes), compression))
    report = verify(path)
    assert report.failure is None
    assert "重新打包" in report.lines[0]


@pytest.mark.parametrize(
    ("kinds", "said"), [({}, True), ({"sealed": True}, False), ({"sealed": True, "auditor": True}, True)]
)
def test_the_report_says_what_could_not_be_checked(kinds, said, tmp_path):
    path = tmp_path / "bundle.zip"
    path.write_bytes(make_ceremony(**kinds).zip())
    lines = "\n".join(verify(path).lines)
    assert ("全部重新抽取" in lines) == said
    assert ("封存形式" in lines) == kinds.get("sealed", False)
    assert "未核对：种子数值须向发布机构查证" in lines


def test_the_shipped_verifier_runs_alone(bundle_bytes, tmp_path):
    (tmp_path / "verify.py").write_bytes(unzip(bundle_bytes)["verify.py"])
    (tmp_path / "bundle.zip").write_bytes(bundle_bytes)
    command = ["python3", "-I", "verify.py", "bundle.zip"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    (tmp_path / "bundle.zip").write_bytes(bundle_bytes[:-1] + b"-")
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "不一致：" in done.stdout


def test_the_verifier_is_short_and_plain():
    source = bundle.verifier_source().decode()
    assert source.count("\n") < 200
    imported = set(re.findall(r"^(?:import|from) (\w+)", source, re.MULTILINE))
    assert imported <= {
        "hashlib",
        "json",
        "re",
        "sys",
        "zipfile",
        "collections",
        "functools",
        "pathlib",
        "typing",
    }


def shell(command, folder):
    return subprocess.run(
        ["sh", "-c", command], cwd=folder, capture_output=True, text=True, check=True
    ).stdout


@pytest.fixture
def unpacked(tmp_path):
    ceremony = make_ceremony()
    with zipfile.ZipFile(io.BytesIO(ceremony.zip())) as archive:
        archive.extractall(tmp_path)
    return ceremony, tmp_path, (tmp_path / "README.txt").read_text()


def test_the_readmes_commands_work_without_our_programs(unpacked):
    ceremony, folder, text = unpacked
    key = dict(ceremony.result.keys)["unit"]
    assert shell("sha256sum plan.txt", folder).split()[0] == ceremony.result.plan
    assert "FAILED" not in shell(re.search(r"awk .*sha256sum -c", text)[0], folder)
    assert shell(re.search(r"printf 'ssj/1/key.*", text)[0], folder).strip() == key
    firm = ceremony.drawn["A", "M"].drawn[-1]
    own = re.search(r"printf '%s:%s'.*", text)[0].replace(readme.SAMPLE, firm.identifier)
    assert shell(own, folder).split()[0] == firm.ticket.hex()


def test_the_readmes_shell_draw_agrees(unpacked):
    ceremony, folder, text = unpacked
    command = re.search(r"    (awk -F'\\t' '\{split.*?-f3)$", text, re.DOTALL | re.MULTILINE)[1]
    found = ceremony.drawn["A", "H"]
    assert shell(command, folder).split() == [lot.identifier for lot in (*found.drawn, *found.reserve)]


def test_the_readme_of_an_sm3_draw_names_openssl():
    ceremony = make_ceremony(alg="sm3")
    text = readme.readme_text(ceremony.plan, ceremony.result, False)
    assert "openssl dgst -sm3" in text
    assert ceremony.result.plan in text
