r"""Line protocol as RUM SDKs write it: line breaks in texts, `\"` in tags, one bad point alone."""

import pytest

from isotherm.intake.senders.guance.line_protocol import BadPoint, Point, read_points


def test_a_point_is_not_a_line() -> None:
    text = 'error,a=b stack="first\n  at x,y z=1",n=1 12\nview,c=d e=2 13'
    assert list(read_points(text)) == [
        Point("error", {"a": "b"}, {"stack": "first\n  at x,y z=1", "n": 1.0}, 12),
        Point("view", {"c": "d"}, {"e": 2.0}, 13),
    ]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("Test\\ User\\ 31", "Test User 31"),
        ("http://a/?b\\=c&d\\=e#f", "http://a/?b=c&d=e#f"),
        ('BUTTON[x\\=\\"y\\"]', 'BUTTON[x="y"]'),
        ("a\\,b", "a,b"),
        ("C:\\dir", "C:\\dir"),
        ("a\\\nb", "a\nb"),
        ("grün", "grün"),
    ],
)
def test_tags_are_unescaped(written: str, value: str) -> None:
    [point] = read_points(f"view,t={written},u=1 f=1 5")
    assert isinstance(point, Point)
    assert point.tags == {"t": value, "u": "1"}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1", 1.0),
        ("-1.5e3", -1500.0),
        ("7i", 7.0),
        ("true", True),
        ("F", False),
        ('""', ""),
        (r'"{\"a\":\"b\\\"c\"}"', r'{"a":"b\"c"}'),
        (r'"C:\\dir"', r"C:\dir"),
    ],
)
def test_fields_are_read(written: str, value: object) -> None:
    [point] = read_points(f"view,t=u f={written}")
    assert isinstance(point, Point)
    assert (point.fields, point.time) == ({"f": value}, None)


@pytest.mark.parametrize(
    "bad",
    [
        "view,path=C:\\,url=x f=1 5",  # a backslash at the end swallows the comma
        "view,path=C:\\ f=1 5",  # ... or the space
        "view,t=u",
        "view,t=u  5",
        'view,t=u f="open 5',
        "view,t=u f=inf 5",
        "view,t=u f=abc 5",
        "view,t=u f=1 5x",
        "view,t= f=1, 5",
        ",t=u f=1",
    ],
)
def test_a_bad_point_is_rejected_alone(bad: str) -> None:
    good = 'view,t=u f="x" 6'
    before, found, *after = read_points(f"{good}\n{bad}\n{good}")
    assert isinstance(before, Point)
    assert isinstance(found, BadPoint)
    assert found.number == 2
    assert after == [before]


def test_blank_lines_are_no_points() -> None:
    assert list(read_points("\n \n\n")) == []
    assert len(list(read_points("\nview,a=b c=1\n\n"))) == 1
