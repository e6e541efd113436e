"""Credit codes: the standard's own check, and what a slip of the pen does to it."""

import pytest

from assets.intake.cells import Cell
from assets.intake.credit_code import credit_code, is_credit_code


@pytest.mark.parametrize(
    "text", ["12433199MB0A0000XG", "52433199MJ0A00009W", "12433199MB1A00028P", "54433199MF0A00012U"]
)
def test_valid_codes(text: str) -> None:
    assert is_credit_code(text)


@pytest.mark.parametrize(
    "text",
    [
        "12433199MB0A0000XH", "21433199MB0A0000XG", "12433199MB0A0000X", "12433199MB0A0000XG1", "12433199MBOA0000XG",
        "",
    ],
)  # fmt: skip
def test_one_character_more_less_or_other(text: str) -> None:
    assert not is_credit_code(text)


def test_capitals_are_made_and_a_sign_is_empty() -> None:
    assert credit_code("12433199mb0a0000xg ") == Cell("12433199MB0A0000XG")
    assert credit_code("/") == Cell()
    assert credit_code("12433199MB0A0000XH") == Cell(unread="12433199MB0A0000XH")
