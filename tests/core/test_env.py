"""Whatever the environment holds, a reader gives a value to trust or one sentence that names the variable."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samskaping import env
from samskaping.env import BadEnvironment

READERS: dict[str, Callable[[], object]] = {
    "text": lambda: env.text("ODD", "", min_length=0),
    "long text": lambda: env.text("ODD", min_length=40),
    "flag": lambda: env.flag("ODD", default=False),
    "number": lambda: env.number("ODD", 8000, low=1, high=65535),
    "choice": lambda: env.choice("ODD", "json", among=("json", "text")),
    "url": lambda: env.url("ODD", schemes=("postgresql", "postgres")),
    "web_url": lambda: env.web_url("ODD"),
    "guarded_url": lambda: env.guarded_url("ODD"),
    "site_url": lambda: env.site_url("ODD", "http://localhost"),
    "hosts": lambda: env.hosts("ODD", ["localhost"]),
    "is_set": lambda: env.is_set("ODD"),
}
# A value in the environment cannot hold NUL or a lone surrogate; everything else can be there.
ANYTHING = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60)
NEARLY = st.sampled_from(
    [
        "0x10", "１２", "1_000", "+5", "-1", "1e3", " 8000 ", "65536", "999999999999999999999",
        "http://", "https://[::1", "https://a:b@c", "https://x:99999", "https://x/sti", "https://x?y",
        "//x", "postgresql://", "postgresql://user:pass@host:port/name", "postgres://h/%00", "*", "a b",
        "https://portal.example", "JSON", "ja", "True", "\t", "\u2028", "a\nb", "é" * 41, "x" * 5000,
    ]
)  # fmt: skip


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS.keys())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
@given(value=ANYTHING | NEARLY)
def test_any_value_is_trusted_or_refused_in_one_line(
    reader: Callable[[], object], value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ODD", value)
    try:
        reader()
    except BadEnvironment as refusal:
        sentence = str(refusal)
        assert "ODD" in sentence
        assert sentence.isprintable()
        assert len(sentence) < 250
        assert refusal.code == sentence  # SystemExit prints it and ends with status 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(secret=st.text("abcdefgh0123456789", min_size=8, max_size=30), around=ANYTHING)
def test_no_sentence_repeats_a_secret(secret: str, around: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ODD", f"{around}{secret}{around}")
    for name in ("long text", "url", "site_url", "text", "hosts"):
        try:
            READERS[name]()
        except BadEnvironment as refusal:
            assert secret not in str(refusal)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("1", True), ("TRUE", True), ("on", True), ("yes", True), ("", True), ("0", False), ("No", False)],
)  # fmt: skip
def test_flag(value: str, expected: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ODD", value)
    assert env.flag("ODD", default=True) is expected


@pytest.mark.parametrize("value", ["0", "65536", "-1", "１２", "1_000", "8000.0", "0x50", "1" * 13])
def test_number_takes_plain_digits_in_range_only(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ODD", value)
    with pytest.raises(BadEnvironment, match="Set a whole number from 1 to 65535"):
        READERS["number"]()


@pytest.mark.parametrize(
    "value", ["portal.example", "ftp://portal.example", "https://portal.example/sti", "https://a@b.example"]
)
def test_site_url_is_scheme_and_host(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ODD", value)
    with pytest.raises(BadEnvironment):
        READERS["site_url"]()


def test_site_url_loses_its_last_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ODD", "https://portal.example:8443/")
    assert READERS["site_url"]() == "https://portal.example:8443"


def test_unset_without_a_default_says_how_to_set_it() -> None:
    with pytest.raises(BadEnvironment, match="Set ODD, or ODD_FILE to a file that holds it"):
        env.text("ODD")


def test_secret_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "key"
    file.write_text("  from a file\n")
    monkeypatch.setenv("ODD_FILE", str(file))
    assert env.text("ODD") == "from a file"
    assert env.is_set("ODD")


def test_both_a_value_and_a_file_is_a_mistake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ODD", "secret-in-hand")
    monkeypatch.setenv("ODD_FILE", str(tmp_path / "key"))
    with pytest.raises(BadEnvironment, match="Both ODD and ODD_FILE") as refusal:
        env.text("ODD")
    assert "secret-in-hand" not in str(refusal.value)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: None, "No such file"),
        (lambda path: path.mkdir(), "Is a directory"),
        (lambda path: path.write_bytes(b"\xff\xfe\x00secret"), "it is not text"),
    ],
)
def test_file_that_cannot_be_read(
    make: Callable[[Path], object], reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path / "key")
    monkeypatch.setenv("ODD_FILE", str(tmp_path / "key"))
    with pytest.raises(BadEnvironment, match=f"ODD_FILE points to a file that cannot be read \\({reason}"):
        env.text("ODD")


def test_file_with_two_lines_is_refused_without_its_contents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "key").write_text("first-secret\nsecond-secret\n")
    monkeypatch.setenv("ODD_FILE", str(tmp_path / "key"))
    with pytest.raises(BadEnvironment, match="line break") as refusal:
        env.text("ODD")
    assert "secret" not in str(refusal.value)
