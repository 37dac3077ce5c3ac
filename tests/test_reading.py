"""The strict reading of files, and what it says when it refuses one."""

import enum
import math
import os
import pickle
import time
from pathlib import Path
from typing import Annotated, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError
from pydantic_core._pydantic_core import list_all_errors

from singlestep.regime.complaints import Complaint, Objection, Refused, describe, from_validation, nearest, show
from singlestep.regime.reading import MOST_BYTES, Document, read_yaml, read_yaml_text

SECONDS = 5.0


def refusal(text: str) -> str:
    with pytest.raises(Refused) as caught:
        read_yaml_text(text, "r.yaml")
    return str(caught.value)


def test_plain_data_and_lines() -> None:
    text = "name: a\nrules:\n  - act: b\n    points: -5\n  -\n    act: c\nlast: [1, 2.5, {x: y}]\n"
    document = read_yaml_text(text, "r.yaml")
    assert document.data == {
        "name": "a",
        "rules": [{"act": "b", "points": -5}, {"act": "c"}],
        "last": [1, 2.5, {"x": "y"}],
    }
    assert dict(document.lines) == {
        (): 1,
        ("name",): 1,
        ("rules",): 2,
        ("rules", 0): 3,
        ("rules", 0, "act"): 3,
        ("rules", 0, "points"): 4,
        ("rules", 1): 6,
        ("rules", 1, "act"): 6,
        ("last",): 7,
        ("last", 0): 7,
        ("last", 1): 7,
        ("last", 2): 7,
        ("last", 2, "x"): 7,
    }


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("NO", "NO"),
        ("yes", "yes"),
        ("on", "on"),
        ("True", "True"),
        ("Null", "Null"),
        ("12:30", "12:30"),
        ("1_000", "1_000"),
        ("2024-01-31", "2024-01-31"),
        ("0x10", "0x10"),
        ("0o7", "0o7"),
        ("inf", "inf"),
        ("nan", "nan"),
        ("-", None),
        ("1.2.3", "1.2.3"),
        ("1e", "1e"),
        (".", "."),
        ("5", 5),
        ("-5", -5),
        ("+5", 5),
        ("007", 7),
        ("9" * 18, 10**18 - 1),
        ("-" + "9" * 18, 1 - 10**18),
        ("2.5", 2.5),
        (".5", 0.5),
        ("5.", 5.0),
        ("1e3", 1000.0),
        ("-1.5E-3", -0.0015),
        ("1.7976931348623157e+308", 1.7976931348623157e308),
        ("'5'", "5"),
        ('"true"', "true"),
        ("'null'", "null"),
        ('".inf"', ".inf"),
        ("|\n  two\n  lines\n", "two\nlines\n"),
    ],
)
def test_scalars(written: str, value: object) -> None:
    if written == "-":
        written, value = "'-'", "-"
    found = read_yaml_text(f"a: {written}", "r.yaml").data["a"]
    assert found == value and type(found) is type(value)


def test_byte_order_mark_line_ends_and_end_marks_are_fine(tmp_path: Path) -> None:
    path = tmp_path / "r.yaml"
    path.write_bytes(b"\xef\xbb\xbf---\r\na: 1\r\nb: \xc3\xa9\r\n...\r\n")
    document = read_yaml(path)
    assert document.file == "r.yaml" and document.data == {"a": 1, "b": "é"} and document.lines[("b",)] == 3
    assert read_yaml_text("\ufeffa: 1", "r.yaml").data == {"a": 1}


EMPTY = """found no content.
  Why it cannot stand: the file must say something.
  Write: keys and their values, such as `name: a short name`"""
TOP = """at the top of the file.
  Why it cannot stand: the whole file must be keys with their values.
  Write: keys and their values, such as `name: a short name`"""
COMPLEX = """found a key that is not one word of text.
  Why it cannot stand: keys are plain text on one line.
  Write: a plain key, such as `name: value`; a text with `?`, `[` or `{` in front goes between quotes"""
DEEP = """found nesting deeper than 24 levels.
  Why it cannot stand: nothing in a regime or a society lies that deep, and people could not follow it.
  Write: the same in fewer levels; look for a bracket that is never closed"""
BRACKET = """found a `[` or `{` whose items are not set apart and closed rightly.
  Why it cannot stand: items are set apart by commas, and each bracket is closed by its partner.
  Write: a comma between any two items, and `]` or `}` at the end"""
QUOTE = """found a quote that is never closed.
  Why it cannot stand: the text would run to the end of the file.
  Write: the same quote after the text"""
DEEPER = """found a key that stands further to the right than the line above.
  Why it cannot stand: the line above has its value already, so this reads as more of that text.
  Write: the key under the first letter of the line above; or nothing after the colon there, if this belongs to it"""
COLON = """found a `: ` where no key can stand.
  Why it cannot stand: a text with `: ` inside reads as one more key.
  Write: the text between quotes, such as `note: "first: second"`; or the key on a line of its own"""
ESCAPE = """found a backslash that begins no known escape.
  Why it cannot stand: between double quotes a backslash has a special meaning.
  Write: `\\\\` for a backslash, or the text between single quotes"""


def number_refused(shown: str) -> str:
    return f"""found the number `{shown}`.
  Why it cannot stand: numbers must be finite and fit into a 64-bit float.
  Write: a finite number; or put it between quotes if it is meant as text"""


def long_number(shown: str, limit: int) -> str:
    return f"""found the number `{shown}`.
  Why it cannot stand: a number of this kind has at most {limit} digits.
  Write: a shorter number; or put it between quotes if it is meant as text"""


def odd_start(sign: str) -> str:
    return f"""found the character `{sign}` at the start of a value.
  Why it cannot stand: in YAML it has another meaning there.
  Write: the value between quotes"""


def key_not_text(what: str, key: str) -> str:
    return f"""found {what} as a key.
  Why it cannot stand: keys are text, and this reads as something else.
  Write: `"{key}":`, with quotes around the key"""


def hidden(code: str) -> str:
    return f"""found the hidden character U+{code}.
  Why it cannot stand: readers cannot see it, so the file would say other things than it shows.
  Write: the line again without that character"""


# Spaces and joins of no width, marks that turn the direction of writing, soft hyphens, tags.
UNSEEN = "\xad\u061c\u180e\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2064\u2066\u2067\u2068\u2069\U000e0041"

REFUSALS = [
    ("", 1, EMPTY),
    ("# nothing\n", 1, EMPTY),
    ("---\n", 1, EMPTY),
    ("~\n", 1, EMPTY),
    ("\n- a\n", 2, "found a list " + TOP),
    ("abc", 1, "found the text `abc` " + TOP),
    ("5", 1, "found the number `5` " + TOP),
    (
        "a: 1\n---\nb: 2\n",
        2,
        """found a second document, begun with `---`.
  Why it cannot stand: a file holds exactly one document.
  Write: the second document to a file of its own""",
    ),
    (
        "a: 1\nb: 2\na: 3\n",
        3,
        """found the key `a` a second time.
  Why it cannot stand: it stands already in line 1, and one of the two would be lost.
  Write: `a` once, with the value you mean""",
    ),
    (
        "a: 1\n<<: {b: 2}\n",
        2,
        """found the merge key `<<`.
  Why it cannot stand: what comes from elsewhere cannot be seen here, and merges can freeze a reader.
  Write: the merged keys out in full at this place""",
    ),
    (
        "a: &base {b: 2}\n",
        1,
        """found the anchor `&base`.
  Why it cannot stand: each value stands where it is used, and nowhere else.
  Write: the value without `&base`; if it is meant as text, put it between quotes""",
    ),
    (
        "a: *base\n",
        1,
        """found the alias `*base`.
  Why it cannot stand: each value stands where it is used, and nowhere else.
  Write: the value itself; if `*base` is meant as text, put it between quotes""",
    ),
    (
        "a: 1\nb: !!python/object:os.system x\n",
        2,
        """found a tag, begun with `!`.
  Why it cannot stand: the kind of a value follows from where it stands, never from the file.
  Write: the value without the tag; if `!` is meant as text, put the text between quotes""",
    ),
    (
        "%YAML 1.1\n---\na: NO\n",
        1,
        """found a directive, begun with `%`.
  Why it cannot stand: files are YAML 1.2 without any directive.
  Write: nothing here; if `%` is meant as text, put the text between quotes""",
    ),
    ("? a\n: b\n", 1, COMPLEX),
    ("[a]: b\n", 1, COMPLEX),
    ("{a: 1}: b\n", 1, COMPLEX),
    ("5: b\n", 1, key_not_text("the number `5`", "5")),
    ("a: {true: b}\n", 1, key_not_text("`true`", "true")),
    ("null: b\n", 1, key_not_text("nothing (`null`)", "null")),
    (
        ": b\n",
        1,
        """found an empty key.
  Why it cannot stand: a value without a name cannot be found again.
  Write: a name before the `:`""",
    ),
    ("a: .inf\n", 1, number_refused(".inf")),
    ("a: -.INF\n", 1, number_refused("-.INF")),
    ("a: [1, .nan]\n", 1, number_refused(".nan")),
    ("a: 1e999\n", 1, number_refused("1e999")),
    ("a: " + "1" * 19, 1, long_number("1" * 19, 18)),
    ("a: 1." + "1" * 90, 1, long_number("1." + "1" * 55 + "...", 40)),
    (
        'a: "\\0"\n',
        1,
        """found the hidden character U+0000, written as an escape.
  Why it cannot stand: texts are for people, who cannot see it.
  Write: the text without that escape""",
    ),
    ("a: 1\nb: \0\n", 2, hidden("0000")),
    ("a: 1\r\nb: \x1b[31m\n", 2, hidden("001B")),
    ("a: \ud800\n", 1, hidden("D800")),
    ("a: b\u2028c: d\n", 1, hidden("2028")),
    ("a: b\ufeff\n", 1, hidden("FEFF")),
    *[(f"a: 1\nb: c{sign}d\n", 2, hidden(f"{ord(sign):04X}")) for sign in UNSEEN],
    (
        "a:\n\tb: 1\n",
        2,
        """found a tab.
  Why it cannot stand: YAML indents and separates with spaces only.
  Write: spaces instead of the tab""",
    ),
    ("a: @b\n", 1, odd_start("@")),
    ("a: `b`\n", 1, odd_start("`")),
    ("a: 50\nb: %\n", 2, odd_start("%")),
    ("a: * b\n", 1, odd_start("*")),
    ("a: & b\n", 1, odd_start("&")),
    ("a: b: c\n", 1, COLON),
    (
        "a: 1\nb\nc: 1\n",
        2,
        """found a line without a `:` after its key.
  Why it cannot stand: among keys, each line needs a key, a colon and a space.
  Write: `key: value`; or indent the line more, if it goes on with the text above""",
    ),
    ("a:\n  [1, 2\nb: 3\n", 2, BRACKET),
    ("a: {b: 1\n", 1, BRACKET),
    ('a: 1\nb: "c\n\n\n', 2, QUOTE),
    ("b: 'c\n---\n'", 1, QUOTE),
    ('a: "\\q"\n', 1, ESCAPE),
    ('a: "\\xzz"\n', 1, ESCAPE),
    ("a: 1\n b: 2\n", 2, DEEPER),
    (
        "a:\n  - 1\n  b: 2\n",
        3,
        """found a line whose indentation fits none of the lines above.
  Why it cannot stand: what belongs together starts in the same column.
  Write: the line under the first letter of its neighbours; in a list, with `- ` in front""",
    ),
    (
        "a: |x\n  b\n",
        1,
        """found a text block whose head or indentation cannot be read.
  Why it cannot stand: after `|` or `>` only `-`, `+` or one digit may stand, and the text below is indented evenly.
  Write: `|` alone, and the text on the next lines, each indented by two more spaces""",
    ),
    (
        'a: "\\UFFFFFFFF"\n',
        1,
        """found a line that is not YAML.
  Why it cannot stand: its signs do not fit together.
  Write: `key: value`, with quotes around a text that holds special signs""",
    ),
    ("a: " + "[" * 24, 1, DEEP),
    ("\n".join(" " * depth + "a:" for depth in range(25)), 25, DEEP),
    ("a: " + "[b: " * 12 + "c" + "]" * 12, 1, DEEP),
]


@pytest.mark.parametrize(("text", "line", "message"), REFUSALS)
def test_refusals(text: str, line: int, message: str) -> None:
    assert refusal(text) == f"r.yaml, line {line}: {message}"


def test_letters_of_other_scripts_and_their_joiners_are_allowed() -> None:
    for text in ("诚信", "می\u200cروم", "👩\u200d🌾", "❤\ufe0f", "Grüße", "a\xa0b"):
        assert read_yaml_text(f"a: {text}", "r.yaml").data["a"] == text


def test_24_levels_are_allowed() -> None:
    assert read_yaml_text("a: " + "[" * 23 + "]" * 23, "r.yaml").data
    assert read_yaml_text("\n".join(" " * depth + "a:" for depth in range(24)), "r.yaml").data


def test_all_that_can_be_found_is_reported_in_order() -> None:
    with pytest.raises(Refused) as caught:
        read_yaml_text("a: .inf\nb: &x 1\nb: 2\n5: 6\n<<: *x\nc: *x\nd: @\n", "r.yaml")
    assert [complaint.line for complaint in caught.value.complaints] == [1, 2, 3, 4, 5, 6, 7]


def test_at_most_twenty_complaints() -> None:
    with pytest.raises(Refused) as caught:
        read_yaml_text("a: [" + ".inf, \n" * 100 + "]", "r.yaml")
    assert len(caught.value.complaints) == 20


# Files ---------------------------------------------------------------------------------------------------------------
def file_refusal(path: Path) -> str:
    with pytest.raises(Refused) as caught:
        read_yaml(path)
    return str(caught.value)


def test_missing_file_with_the_nearest_name(tmp_path: Path) -> None:
    (tmp_path / "rongcheng.yaml").write_text("a: 1")
    assert file_refusal(tmp_path / "rongchen.yaml") == (
        "rongchen.yaml: found no file of this name.\n"
        "  Why it cannot stand: there is nothing to read.\n"
        "  Nearest right spelling: `rongcheng.yaml`.\n"
        "  Write: the name of a file that exists"
    )
    assert "found no file of this name" in file_refusal(tmp_path / "none" / "rongcheng.yaml")
    assert "found no file of this name" in file_refusal(tmp_path / "rongcheng.yaml" / "rongcheng.yaml")


def test_folder_pipe_and_link_loop(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert file_refusal(tmp_path) == (
        f"{tmp_path.name}: found a folder, not a file.\n"
        "  Why it cannot stand: a regime or a society is one file.\n"
        "  Write: the name of a file inside the folder"
    )
    assert file_refusal(tmp_path / "pipe") == (
        "pipe: found a device, a pipe or a socket, not a plain file.\n"
        "  Why it cannot stand: reading it might never end, or give other text each time.\n"
        "  Write: the name of a plain file"
    )
    assert file_refusal(tmp_path / "loop") == (
        "loop: found a link that leads back to itself.\n"
        "  Why it cannot stand: no file lies at its end.\n"
        "  Write: the name of the file itself instead of the link"
    )


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000, "\ud800"])
def test_impossible_names(tmp_path: Path, name: str) -> None:
    assert "found a file name that this system cannot have." in file_refusal(tmp_path / name)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (
            PermissionError(13, "no"),
            "found a file that you may not read.\n  Why it cannot stand: its permissions forbid it.\n"
            "  Write: a name of a file that you may read",
        ),
        (
            OSError(5, "Input/output error"),
            "found a file that could not be read (Input/output error).\n"
            "  Why it cannot stand: the system gave an error.\n  Write: the file once more to a sound disk",
        ),
    ],
)
def test_unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, message: str) -> None:
    path = tmp_path / "r.yaml"
    path.write_text("a: 1")

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(Path, "open", fail)
    assert file_refusal(path) == f"r.yaml: {message}"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_other_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "r.yaml"
    path.write_bytes("a: 1".encode(encoding))
    assert file_refusal(path) == (
        f"r.yaml, line 1: found text in {encoding.upper()}.\n"
        "  Why it cannot stand: files are read as UTF-8 and nothing else.\n"
        "  Write: the same text, saved as UTF-8 by your editor"
    )


def test_latin_1_and_bare_utf_16(tmp_path: Path) -> None:
    path = tmp_path / "r.yaml"
    path.write_bytes("a: 1\nb: é\n".encode("latin-1"))
    assert file_refusal(path) == (
        "r.yaml, line 2: found the byte 0xe9, which is not UTF-8 here.\n"
        "  Why it cannot stand: files are read as UTF-8 and nothing else.\n"
        "  Write: the same text, saved as UTF-8 by your editor"
    )
    path.write_bytes("a: 1".encode("utf-16-le"))
    assert file_refusal(path).startswith("r.yaml, line 1: found the hidden character U+0000.")


def test_size(tmp_path: Path) -> None:
    path = tmp_path / "r.yaml"
    path.write_bytes(b"a: 1\n#" + b"x" * (MOST_BYTES - 6))
    assert read_yaml(path).data == {"a": 1}
    path.write_bytes(b"a: 1\n#" + b"x" * (MOST_BYTES - 5))
    message = (
        "r.yaml, line 2: found a file of more than 262144 bytes.\n"
        "  Why it cannot stand: regimes and societies are to be read by people, and are at most 262144 bytes.\n"
        "  Write: long tables into a CSV file beside this one, and name that file here"
    )
    assert file_refusal(path) == message
    assert refusal(path.read_text()) == message
    assert "262144" in refusal("é" * (MOST_BYTES // 2 + 1))


# Hostile files -------------------------------------------------------------------------------------------------------
LAUGHS = 'a: &a ["lol"]\n' + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(9)
)
MERGES = "a0: &a0 {x: 1}\n" + "".join(f"a{n}: &a{n}\n  <<: [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 20))
HOSTILE = {
    "brackets": "[" * 200_000,
    "brackets under a key": "a: " + "[" * 200_000,
    "brackets and colons": "[a: " * 60_000,
    "braces": "{" * 200_000,
    "braces with keys": "a: " + "{b: " * 50_000,
    "dashes": "- " * 100_000,
    "dashes under a key": "a:\n  " + "- " * 100_000,
    "questions": "? " * 100_000,
    "deep indentation": "\n".join(" " * depth + "a:" for depth in range(700)),
    "deep lists": "\n".join(" " * depth + "-" for depth in range(700)),
    "billion laughs": LAUGHS,
    "merges": MERGES,
    "many values": "a: [" + "1," * 131_000,
    "many lists": "a: [" + "[]," * 87_000,
    "many pairs": "a: [" + "a: b," * 52_000,
    "many keys": "".join(f"{n}a:\n" for n in range(36_000)),
    "tags": "a: " + "!a" * 130_000,
    "anchors": "&a " * 87_000,
    "long alias": "*" + "a" * 262_000,
    "directives": "%" * 262_000,
    "open quote": 'a: "' + "x " * 131_000,
    "documents": "---\n" * 65_000,
    "document ends": "...\n" * 65_000,
    "colons": ": " * 131_000,
    "line ends": "\r" * 262_000,
    "digits": "a: " + "1" * 262_000,
    "text as a file": "x" * 262_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_in_time(name: str) -> None:
    started = time.process_time()  # of this process alone: whatever else the machine is busy with
    message = refusal(HOSTILE[name])
    assert time.process_time() - started < SECONDS
    assert len(message) < 10_000 and message.isascii()


def test_a_line_of_the_full_size_is_read_in_time() -> None:
    started = time.process_time()
    assert len(read_yaml_text("a: " + "x" * (MOST_BYTES - 3), "r.yaml").data["a"]) == MOST_BYTES - 3
    assert time.process_time() - started < SECONDS


def test_too_many_values_pinned() -> None:
    assert refusal("a:\n" + "-\n" * 50_000) == (
        "r.yaml, line 39999: found more than 40000 keys and values.\n"
        "  Why it cannot stand: regimes and societies are to be read by people, and have at most 40000 of them.\n"
        "  Write: long tables into a CSV file beside this one, and name that file here"
    )


def either(text: str) -> None:
    try:
        document = read_yaml_text(text, "r.yaml")
    except Refused as refused:
        assert str(refused).count("Why it cannot stand") == len(refused.complaints) <= 20
        assert all(complaint.line >= 1 for complaint in refused.complaints)
    else:
        assert all(math.isfinite(value) for value in document.data.values() if isinstance(value, float))
        repr(document.data).encode()


SIGNS = st.text(st.sampled_from("ab1: -?[]{}&*!|>'\"%@`#,\n\t\r\\.~<=0xé\ufeff"), max_size=60)


@settings(max_examples=400, deadline=None)
@given(SIGNS)
def test_signs_are_read_or_refused(text: str) -> None:
    either(text)
    either("a: " + text)
    either("a:\n  - " + text)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_text_is_read_or_refused(text: str) -> None:
    either(text)
    either("a: " + text)


def test_bytes_are_read_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "r.yaml"

    @settings(max_examples=200, deadline=None)
    @given(st.binary(max_size=300))
    def check(raw: bytes) -> None:
        path.write_bytes(raw)
        try:
            assert isinstance(read_yaml(path), Document)
        except Refused as refused:
            assert str(refused)

    check()


# Complaints ----------------------------------------------------------------------------------------------------------
def test_complaint_reads_as_documented() -> None:
    complaint = Complaint(
        "rongcheng.yaml", 41, "the key `pionts`", "a rule has no key of that name", "points", "`points: -5`"
    )
    assert str(complaint) == (
        "rongcheng.yaml, line 41: found the key `pionts`.\n"
        "  Why it cannot stand: a rule has no key of that name.\n"
        "  Nearest right spelling: `points`.\n"
        "  Write: `points: -5`"
    )


def test_refused_sorts_cuts_travels_and_is_never_empty() -> None:
    complaints = [Complaint(file, line, "x", "y", None, "z") for line in range(30, 0, -1) for file in ("b", "a")]
    refused = Refused([*complaints, *complaints])
    assert [(c.file, c.line) for c in refused.complaints] == [("a", line) for line in range(1, 21)]
    assert pickle.loads(pickle.dumps(refused)).complaints == refused.complaints
    with pytest.raises(ValueError, match="at least one"):
        Refused([])


def test_values_are_shown_safely() -> None:
    assert show("a\x1b[31m\n\u202e") == "a\\x1b[31m\\n\\u202e"
    assert show("x" * 61) == "x" * 57 + "..." and show("x" * 60) == "x" * 60
    assert len(show("\0" * 300_000)) == 60
    assert show(10**5000).startswith("0x") and show(True) == "true" and show(None) == "null"
    assert (
        describe("\x07") == "the text `\\x07`"
        and describe([]) == "an empty list"
        and describe({}) == "an empty mapping"
    )
    bad_name = str(Complaint("a\nb", 1, "c\rd", "e\x1b", "f\n", "g\x00"))
    assert bad_name.isascii() and bad_name.count("\n") == 3 and "\x1b" not in bad_name and "\r" not in bad_name


def test_nearest() -> None:
    assert nearest("pionts", ["act", "points"]) == "points"
    assert nearest("POLICE", ["court", "police"]) == "police"
    assert nearest("zzz", ["act", "points"]) is None
    assert nearest("x" * 100_000, ["x" * 100_000]) is None
    assert nearest("a", []) is None


# From pydantic -------------------------------------------------------------------------------------------------------
class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Watch(Part):
    kind: Literal["watch"]
    hours: int


class Walk(Part):
    kind: Literal["walk"]
    metres: int


class Rate(Part):
    value: float
    cite: str = ""


def _spelled_out(value: object) -> object:
    return {"value": value} if isinstance(value, int | float) else value


class SpecialRule(Part):
    rate: Annotated[Rate, BeforeValidator(_spelled_out)] = Rate(value=0.0)
    act: Annotated[str, Field(pattern="^[a-z-]+$", min_length=2, max_length=8)]
    points: Annotated[int, Field(ge=-10, le=10)] = 0
    share: Annotated[float, Field(gt=0, lt=1)] | None = None
    step: Annotated[int, Field(multiple_of=5)] = 0
    body: Literal["police", "court"] = "police"
    colour: Annotated[Colour, Field(strict=False)] = Colour.RED
    human: bool = False
    seen_by: (
        Annotated[list[Annotated[str, Field(pattern="^[a-z]+$")]], Field(min_length=1, max_length=2)] | Literal["any"]
    ) = "any"
    limit: int | Literal["none"] | None = None
    many: dict[Annotated[str, Field(pattern="^[a-z-]+$")], int] = {}
    then: Watch | Walk | None = None
    next: Annotated[Watch | Walk, Field(discriminator="kind")] | None = None

    @field_validator("step")
    @classmethod
    def _check_step(cls, step: int) -> int:
        if step == 35:
            raise ValueError("the step may not be 35")
        if step == 45:
            raise Objection("the step may not be 45", nearest="40")
        if step == 55:
            raise AssertionError("the step may not be 55")
        return step


class Book(Part):
    rules: list[SpecialRule]
    ladder: dict[str, int] = {}

    @model_validator(mode="after")
    def _check_ladder(self) -> "Book":
        if self.ladder.get("C") == 5:
            raise Objection(
                "class `C` cannot be reached",
                at=("ladder", "C"),
                found="the class `C`",
                write="`C: 4`, or no class `C`",
            )
        return self


def complaints_on(text: str) -> str:
    document = read_yaml_text(text, "r.yaml")
    with pytest.raises(ValidationError) as caught:
        Book.model_validate(document.data)
    refused = from_validation(caught.value, document, Book)
    message = str(refused)
    assert "Input should" not in message and "pydantic" not in message and "http" not in message
    return message


def said(line: int, found: str, why: str, near: str | None, write: str) -> str:
    return str(Complaint("r.yaml", line, found, why, near, write))


NO_CHOICE = "it is none of the words that may stand here"
RULE = "rules:\n- act: hello\n  "
HERE = "here must stand "
VALIDATED = [
    ("pionts: -5", 3, "the key `pionts`", "a special rule has no key of that name", "points", "`points: -5`"),
    (
        "seenby:\n  - a",
        3,
        "the key `seenby`",
        "a special rule has no key of that name",
        "seen_by",
        "`seen_by:` in its place, with the same content",
    ),
    (
        "qqq: 1",
        3,
        "the key `qqq`",
        "a special rule has no key of that name",
        None,
        "nothing here, or one of the keys `rate`, `points`, `share`, `step`, `body`, `colour`, `human`, `seen_by`, "
        "`limit`, `many`, `then`, `next`",
    ),
    (
        "points: 11",
        3,
        "the number `11` for `points`",
        "the value must be at most 10",
        "10",
        "`points:` with a value that is at most 10 after it",
    ),
    (
        "points: -11",
        3,
        "the number `-11` for `points`",
        "the value must be at least -10",
        "-10",
        "`points:` with a value that is at least -10 after it",
    ),
    (
        "share: 0",
        3,
        "the number `0` for `share`",
        "the value must be more than 0.0",
        None,
        "`share:` with a value that is more than 0.0 after it",
    ),
    (
        "share: 1.0",
        3,
        "the number `1.0` for `share`",
        "the value must be less than 1.0",
        None,
        "`share:` with a value that is less than 1.0 after it",
    ),
    (
        "step: 7",
        3,
        "the number `7` for `step`",
        "the value must be a multiple of 5",
        None,
        "`step:` with a value that is a multiple of 5 after it",
    ),
    ('points: "5"', 3, "the text `5` for `points`", HERE + "a whole number", "5", "`points: 5`"),
    ("points: 5.0", 3, "the number `5.0` for `points`", HERE + "a whole number", "5", "`points: 5`"),
    (
        "points:",
        3,
        "nothing (`null`) for `points`",
        HERE + "a whole number",
        None,
        "`points:` with a whole number after it",
    ),
    (
        "points: [1]",
        3,
        "a list of length 1 for `points`",
        HERE + "a whole number",
        None,
        "`points:` with a whole number after it",
    ),
    ("human: NO", 3, "the text `NO` for `human`", HERE + "`true` or `false`", "false", "`human: false`"),
    ("body: polce", 3, "the text `polce` for `body`", NO_CHOICE, "police", "`body: police`"),
    ("body: zzz", 3, "the text `zzz` for `body`", NO_CHOICE, None, "`body:` with one of `police`, `court` after it"),
    (
        "body: {a: 1}",
        3,
        "keys with values (`a` first) for `body`",
        HERE + "one of `police`, `court`",
        None,
        "`body:` with one of `police`, `court` after it",
    ),
    ("colour: blu", 3, "the text `blu` for `colour`", NO_CHOICE, "blue", "`colour: blue`"),
    (
        "seen_by:\n  - a\n  - B",
        5,
        "the text `B` as item 2 of `seen_by`",
        "the text must fit the pattern `^[a-z]+$`",
        "b",
        "`- b`",
    ),
    (
        "seen_by: []",
        3,
        "an empty list for `seen_by`",
        HERE + "a list of length 1 or more",
        None,
        "`seen_by:` with a list of length 1 or more after it",
    ),
    (
        "seen_by: [a, b, c]",
        3,
        "a list of length 3 for `seen_by`",
        HERE + "a list of length 2 or less",
        None,
        "`seen_by:` with a list of length 2 or less after it",
    ),
    ("seen_by: anny", 3, "the text `anny` for `seen_by`", NO_CHOICE, "any", "`seen_by: any`"),
    ("seen_by: 5", 3, "the number `5` for `seen_by`", HERE + "a list or `any`", "[5]", "`seen_by: [5]`"),
    ("limit: nnoe", 3, "the text `nnoe` for `limit`", NO_CHOICE, "none", "`limit: none`"),
    (
        "limit: 2.5",
        3,
        "the number `2.5` for `limit`",
        HERE + "a whole number or `none`",
        None,
        "`limit:` with a whole number or `none` after it",
    ),
    (
        "many:\n    Some Act: 1",
        4,
        "the key `Some Act`",
        "the text must fit the pattern `^[a-z-]+$`",
        "some-act",
        "`some-act:` in its place, with the same content",
    ),
    ("many:\n    a: x", 4, "the text `x` for `a`", HERE + "a whole number", None, "`a:` with a whole number after it"),
    (
        "then: {kind: walk, metres: x}",
        3,
        "the text `x` for `metres`",
        HERE + "a whole number",
        None,
        "`metres:` with a whole number after it",
    ),
    ("then: {kind: wach, hours: 1}", 3, "the text `wach` for `kind`", NO_CHOICE, "watch", "`kind: watch`"),
    (
        "then: 5",
        3,
        "the number `5` for `then`",
        HERE + "keys with values",
        None,
        "`then:` with keys with values after it",
    ),
    ("next: {kind: wak, metres: 1}", 3, "the text `wak` for `kind`", NO_CHOICE, "walk", "`kind: walk`"),
    (
        "next: {metres: 1}",
        3,
        "no key `kind`",
        "an entry needs it",
        None,
        "`kind:` with one of `watch`, `walk` after it",
    ),
    ("next: {knd: walk, metres: 1}", 3, "the key `knd`", "an entry has no key of that name", "kind", "`kind: walk`"),
    ("next: {kind: walk}", 3, "no key `metres`", "a walk needs it", None, "`metres:` with a whole number after it"),
    ("next: {kind: walk, meters: 3}", 3, "the key `meters`", "a walk has no key of that name", "metres", "`metres: 3`"),
    (
        "next: 5",
        3,
        "the number `5` for `next`",
        HERE + "keys with values",
        None,
        "`next:` with keys with values after it",
    ),
    (
        "rate: high",
        3,
        "the text `high` for `rate`",
        HERE + "a number or keys with values",
        None,
        "`rate:` with a number or keys with values after it",
    ),
    ("rate: {value: '1'}", 3, "the text `1` for `value`", HERE + "a number", "1", "`value: 1`"),
    ("rate: true", 3, "`true` for `rate`", HERE + "a number", None, "`rate:` with a number after it"),
    (
        "step: 35",
        3,
        "the number `35` for `step`",
        "the step may not be 35",
        None,
        "`step:` with a value that meets this after it",
    ),
    ("step: 45", 3, "the number `45` for `step`", "the step may not be 45", "40", "`step: 40`"),
    (
        "step: 55",
        3,
        "the number `55` for `step`",
        "the step may not be 55",
        None,
        "`step:` with a value that meets this after it",
    ),
]


@pytest.mark.parametrize(("text", "line", "found", "why", "near", "write"), VALIDATED)
def test_one_mistake_gives_one_complaint(
    text: str, line: int, found: str, why: str, near: str | None, write: str
) -> None:
    assert complaints_on(RULE + text) == said(line, found, why, near, write)


@pytest.mark.parametrize(
    ("text", "line", "found", "why", "near", "write"),
    [
        (
            "a: 1",
            1,
            "the key `a`",
            "a book has no key of that name",
            None,
            "nothing here, or one of the keys `rules`, `ladder`",
        ),
        (
            "rules:\n- act: x",
            2,
            "the text `x` for `act`",
            HERE + "a text of length 2 or more",
            None,
            "`act:` with a text of length 2 or more after it",
        ),
        (
            "rules:\n- act: xxxxxxxxx",
            2,
            "the text `xxxxxxxxx` for `act`",
            HERE + "a text of length 8 or less",
            None,
            "`act:` with a text of length 8 or less after it",
        ),
        ("rules:\n- act: 55", 2, "the number `55` for `act`", HERE + "a text", '"55"', '`act: "55"`'),
        (
            "rules:\n- act: Run!",
            2,
            "the text `Run!` for `act`",
            "the text must fit the pattern `^[a-z-]+$`",
            "run",
            "`act: run`",
        ),
        ("rules: 5", 1, "the number `5` for `rules`", HERE + "a list", "[5]", "`rules: [5]`"),
        (
            "rules:\n- act: aa\n- 7",
            3,
            "the number `7` as item 2 of `rules`",
            HERE + "keys with values",
            None,
            "`-` with keys with values after it",
        ),
        ("rules:\n-\n  points: 1", 3, "no key `act`", "a special rule needs it", None, "`act:` with a text after it"),
        (
            "rules: []\nladder:\n  A: 1\n  C: 5",
            4,
            "the class `C`",
            "class `C` cannot be reached",
            None,
            "`C: 4`, or no class `C`",
        ),
        (
            "ruls: []",
            1,
            "the key `ruls`",
            "a book has no key of that name",
            "rules",
            "`rules:` in its place, with the same content",
        ),
    ],
)
def test_one_complaint_at_other_places(
    text: str, line: int, found: str, why: str, near: str | None, write: str
) -> None:
    assert said(line, found, why, near, write) in complaints_on(text)


def test_many_mistakes_are_ordered_and_cut_in_time() -> None:
    text = "rules:\n" + "".join(f"- {{act: aa, k{n}: 1}}\n" for n in range(7_000))
    document = read_yaml_text(text, "r.yaml")
    with pytest.raises(ValidationError) as caught:
        Book.model_validate(document.data)
    started = time.process_time()
    refused = from_validation(caught.value, document, Book)
    assert time.process_time() - started < SECONDS
    assert [complaint.line for complaint in refused.complaints] == list(range(2, 22))


def test_hostile_scalars_stay_harmless_in_complaints() -> None:
    message = complaints_on(RULE + "a\u200cb: 1\n  body: '{why}" + "y" * 5000 + "'")
    assert "the key `a\\u200cb`" in message and "{why}yyy" in message and len(message) < 1500


@pytest.mark.parametrize("kind", [error["type"] for error in list_all_errors()])
@pytest.mark.parametrize("loc", [("rules", 0, "act"), ("rules", 0, "then", "Watch", "kind"), ("other", "int"), ()])
def test_no_error_of_pydantic_comes_through_raw(kind: str, loc: tuple[str | int, ...]) -> None:
    context = next(error.get("example_context") for error in list_all_errors() if error["type"] == kind) or {}
    document = read_yaml_text("rules:\n- act: hello\n  then: {kind: watch}\n", "r.yaml")
    if kind in ("value_error", "assertion_error"):
        context = {"error": ValueError("the sum is wrong")}
    details: InitErrorDetails = {"type": kind, "loc": loc, "input": "hello", "ctx": context}
    error = ValidationError.from_exception_data("Book", [details])
    message = str(from_validation(error, document, Book))
    raw = error.errors(include_url=False)[0]["msg"]
    assert "Why it cannot stand" in message and "Input should" not in message and "http" not in message
    assert raw not in message


def test_errors_of_other_kinds_are_translated_too() -> None:
    document = read_yaml_text("rules: []", "r.yaml")
    custom = PydanticCustomError("our_own", "Input should be odd")
    error = ValidationError.from_exception_data("Book", [{"type": custom, "loc": ("rules",), "input": []}])
    assert str(from_validation(error, document, Book)) == said(
        1, "an empty list for `rules`", "such a value does not fit here", None, "`rules:` with a list after it"
    )


SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["walk", "any"])
)
NAMES = st.sampled_from([*SpecialRule.model_fields, *Book.model_fields, "kind", "hours", "metres", "value"]) | st.text()
THINGS = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=12
)


@settings(max_examples=400, deadline=None)
@given(st.dictionaries(NAMES, THINGS, max_size=4), st.dictionaries(NAMES, THINGS, max_size=6))
def test_whatever_was_written_the_complaints_are_ours(data: dict[str, object], rule: dict[str, object]) -> None:
    for content in (data, {"rules": [rule]}):
        try:
            Book.model_validate(content)
        except ValidationError as error:
            message = str(from_validation(error, Document("r.yaml", content, {}), Book))
            assert message.startswith("r.yaml, line 1: found ") and "Input should" not in message
