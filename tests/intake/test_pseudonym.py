import hashlib
import hmac
import stat
from base64 import b32encode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assets.intake.pseudonym import KeyRefused, Pseudonymiser, load_or_make_key

NUMBER = "433199201203150019"
KEY = b"k" * 32


@pytest.mark.parametrize("key", [KEY, b"k" * 64, b"k" * 65, b"k" * 200])
def test_a_pseudonym_is_the_first_128_bits_of_the_hmac_in_base32(key: bytes) -> None:
    expected = b32encode(hmac.new(key, f"number:{NUMBER}".encode(), hashlib.sha256).digest()[:16]).decode().rstrip("=")
    assert Pseudonymiser(key).of_numbers([NUMBER]) == [expected]
    assert len(expected) == 26


def test_same_key_same_pseudonym_other_key_another() -> None:
    first, same, other = Pseudonymiser(KEY), Pseudonymiser(KEY), Pseudonymiser(b"o" * 32)
    assert first.of_numbers([NUMBER]) == same.of_numbers([NUMBER]) != other.of_numbers([NUMBER])
    assert first.key_id == same.key_id != other.key_id


def test_an_invalid_number_never_has_the_pseudonym_of_a_valid_one() -> None:
    maker = Pseudonymiser(KEY)
    assert maker.of_texts([NUMBER]) != maker.of_numbers([NUMBER])


def test_no_text_no_pseudonym() -> None:
    assert Pseudonymiser(KEY).of_texts([]) == []


def test_the_key_shows_nowhere() -> None:
    maker = Pseudonymiser(KEY)
    assert "k" * 8 not in repr(maker)
    assert KEY.hex()[:16] not in maker.key_id


def test_the_key_is_made_once_for_the_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "home" / "pseudonym.key"
    key = load_or_make_key(path, None)
    assert len(key) == 32
    assert load_or_make_key(path, None) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["pseudonym.key"]


def test_all_who_come_at_once_get_one_key(tmp_path: Path) -> None:
    path = tmp_path / "pseudonym.key"
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: load_or_make_key(path, None), range(32)))
    assert keys == {path.read_bytes()}


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_key_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "pseudonym.key"
    load_or_make_key(path, None)
    path.chmod(mode)
    with pytest.raises(KeyRefused, match="chmod 600"):
        load_or_make_key(path, None)


def test_a_short_key_file_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "pseudonym.key"
    path.write_bytes(b"short")
    path.chmod(0o600)
    with pytest.raises(KeyRefused, match="备份"):
        load_or_make_key(path, None)
    assert path.read_bytes() == b"short"


def test_a_link_is_no_key(tmp_path: Path) -> None:
    load_or_make_key(tmp_path / "real.key", None)
    (tmp_path / "pseudonym.key").symlink_to(tmp_path / "real.key")
    with pytest.raises(KeyRefused, match="普通文件"):
        load_or_make_key(tmp_path / "pseudonym.key", None)


def test_the_given_key_wins_and_makes_no_file(tmp_path: Path) -> None:
    path = tmp_path / "pseudonym.key"
    assert load_or_make_key(path, "ab" * 32) == b"\xab" * 32
    assert load_or_make_key(path, "g" * 32) == b"g" * 32
    assert not path.exists()


def test_a_short_given_key_is_refused_without_being_shown(tmp_path: Path) -> None:
    with pytest.raises(KeyRefused) as refused:
        load_or_make_key(tmp_path / "pseudonym.key", "geheim")
    assert "geheim" not in str(refused.value)
