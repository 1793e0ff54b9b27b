"""YAML in, tree with lines out: every trap answered with one line, with or without libyaml."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from aimarket.config.canonical import _Dumper
from aimarket.config.nodes import MAX_DEPTH, locate, plain
from aimarket.config.scalars import resolve_scalar
from aimarket.config.yaml_reading import MAX_BYTES, parse_yaml, read_yaml
from aimarket.errors import ConfigError


@pytest.fixture(params=["libyaml", "pure Python"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "pure Python":
        monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    return str(request.param)


def parsed(text: str) -> object:
    root = parse_yaml(text, "x.yaml")
    assert root is not None
    return plain(root)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e6", 1_000_000),
        ("1.5e3", 1500),
        ("1e-3", 0.001),
        ("2.5e-1", 0.25),
        ("1e300", 1e300),
        ("-4", -4),
        ("1_000_000", 1_000_000),
        ("0.30", 0.3),
        (".5", 0.5),
        ("5.", 5.0),
        ("on", "on"),
        ("no", "no"),
        ("Yes", "Yes"),
        ("true", True),
        ("False", False),
        ("~", None),
        ("null", None),
        ("2026-03", "2026-03"),
        ("2026-03-01", "2026-03-01"),
        ("010", "010"),
        ("0x10", "0x10"),
        ("12:30", "12:30"),
        ("e5", "e5"),
        ("1e", "1e"),
        ("nan", "nan"),
        ("undercut", "undercut"),
    ],
)
def test_unquoted_text(text: str, value: object, parser: str) -> None:
    assert parser
    found = parsed(f"{{a: {text}}}")
    assert found == {"a": value}
    assert type(found["a"]) is type(value)  # type: ignore[index]


def test_quoted_text_stays_text(parser: str) -> None:
    assert parser
    assert parsed("a: '1e6'\nb: \"true\"\nc: |\n  5\nd: ''") == {"a": "1e6", "b": "true", "c": "5\n", "d": ""}


@given(st.text(max_size=40))
def test_any_text_survives_writing_and_reading(text: str) -> None:
    if any(0xD800 <= ord(c) <= 0xDFFF for c in text):
        return  # lone surrogates are not text that a file can hold
    written = yaml.dump({"a": text}, Dumper=_Dumper, allow_unicode=True)
    assert parsed(written) == {"a": text}


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_any_number_survives_writing_and_reading(number: float) -> None:
    assert parsed(yaml.dump({"a": number}, Dumper=_Dumper)) == {"a": number}


@given(st.text(alphabet="0123456789+-._eE", max_size=12))
def test_scalars_are_numbers_exactly_when_python_agrees(text: str) -> None:
    try:
        value = resolve_scalar(text)
    except ValueError:
        return
    if isinstance(value, (int, float)):
        assert value == pytest.approx(float(text.replace("_", "")), rel=1e-15)


def test_lines_are_remembered() -> None:
    root = parse_yaml("a:\n  b: 1\n  c:\n    - x\n    - y\n", "x.yaml")
    assert root is not None
    assert locate(root, ("a", "b")).origin.line == 2
    assert locate(root, ("a", "c", "1")).origin.line == 5
    assert locate(root, ("a", "nowhere", "deep")).origin.file == "x.yaml"


BILLION_LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [" + ", ".join(["*" + before] * 10) + "]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: 2\na: 3\n", "a: line 3: is written twice; first near line 1"),
        ("a: {b: 1, b: 2}", "a.b: line 1: is written twice"),
        ("a: !!python/object/apply:os.system [ls]", "has a YAML tag"),
        ("a: !!str 5", "has a YAML tag"),
        ("a: .nan", "a: line 1: must be a finite number (got '.nan')"),
        ("a: [1, -.inf]", "a.1: line 1: must be a finite number"),
        ("a: 1e400", "a: line 1: must be a finite number"),
        ("a: " + "9" * 10_000, "is a number of more than 64 characters"),
        ("a: &x [*x]", "a.0: line 1: contains itself"),
        ("a: *nowhere", "nowhere"),
        ("a: 1\n---\nb: 2\n", "holds a second document"),
        ("? [1, 2]\n: 3\n", "has a key that is not plain text"),
        ("a: {x: 1}\nb:\n  <<: *a\n", "merge key"),
        (BILLION_LAUGHS, "grows without bound through YAML aliases"),
        ("a: " + "[" * 200 + "]" * 200, f"is nested deeper than {MAX_DEPTH} levels"),
        ("".join("  " * i + "a:\n" for i in range(100)), f"is nested deeper than {MAX_DEPTH} levels"),
        ("a: [1, 2", "is not valid YAML"),
        ("a: b: c", "line 1, column 5: is not valid YAML"),
        ("a:\n\t- 1\n", "line 2, column 1: is not valid YAML"),
        ("a: \x07", "is not valid YAML"),
    ],
)
def test_wrong_yaml_is_one_line(text: str, said: str, parser: str) -> None:
    assert parser
    with pytest.raises(ConfigError) as caught:
        parse_yaml(text, "x.yaml")
    assert said in str(caught.value)
    assert str(caught.value).startswith("x.yaml: ")
    assert "\n" not in str(caught.value)


def test_both_parsers_say_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [
        "a: [1, 2",
        "a: b: c",
        "a:\n\t- 1\n",
        "a: 'x",
        "- a\nb: 1",
        "{a: 1",
        "a: \x07",
        "%bad\n---\na: 1",
    ]
    fast = [_error(text) for text in texts]
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    assert fast == [_error(text) for text in texts]


def _error(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        parse_yaml(text, None)
    return str(caught.value)


def test_anchors_are_allowed_within_reason(parser: str) -> None:
    assert parser
    assert parsed("a: &x {p: 1, q: [2]}\nb: *x\n") == {"a": {"p": 1, "q": [2]}, "b": {"p": 1, "q": [2]}}


def test_deep_flow_nesting_of_a_whole_file_answers_at_once(tmp_path: Path, parser: str) -> None:
    assert parser
    path = tmp_path / "deep.yaml"
    path.write_text("a: " + "[" * (MAX_BYTES - 10))
    started = time.perf_counter()
    with pytest.raises(ConfigError, match="nested deeper"):
        read_yaml(path)
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"# only a comment\n", "the file is empty"),
        (b"---\n", "the file is empty"),
        (b"- a\n- b\n", "must be a mapping"),
        (b"just text", "must be a mapping"),
        (b"a: 1\nb: \xff\n", "line 2: is not UTF-8 text"),
        (b"\xff\xfea\x00:\x00 \x001\x00", "is not UTF-8 text"),
        (b"a: \x00", "is not valid YAML"),
    ],
)
def test_wrong_files(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        read_yaml(path)
    assert said in str(caught.value)
    assert caught.value.file == str(path)


def test_a_byte_order_mark_is_harmless(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert plain(read_yaml(path)) == {"a": 1}


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    with path.open("wb") as stream:
        stream.truncate(2 * 1024**3)  # sparse: takes no disk, but reading it would take memory and time
    started = time.perf_counter()
    with pytest.raises(ConfigError, match=r"is 2,147\.5 MB; a config may have 2 MB"):
        read_yaml(path)
    assert time.perf_counter() - started < 0.5


def test_pipes_and_devices_are_refused_without_blocking(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, Path(os.devnull)):
        with pytest.raises(ConfigError, match="not a regular file"):
            read_yaml(path)


def test_what_the_system_refuses_is_said(tmp_path: Path) -> None:
    loop = tmp_path / "loop.yaml"
    loop.symlink_to(loop)
    with pytest.raises(ConfigError, match="is a directory"):
        read_yaml(tmp_path)
    with pytest.raises(ConfigError, match="cannot be read: Too many levels"):
        read_yaml(loop)
    with pytest.raises(ConfigError, match="cannot be read: File name too long"):
        read_yaml(tmp_path / ("x" * 300))
    with pytest.raises(ConfigError, match="no such file"):
        read_yaml(tmp_path / "absent.yaml")
