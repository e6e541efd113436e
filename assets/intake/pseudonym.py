"""Keyed pseudonyms of personal numbers, and the key they are made with.

One key for every ledger, so that the same person is the same pseudonym in all of them; without the key nobody can try
out numbers. The key never appears in a repr, a message or the lake. Which cells become pseudonyms is `personal.py`.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import stat
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

LENGTH = 26
LEAST_BYTES = 32
_ALPHABET = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", dtype=np.uint8)
_KEPT_BYTES = 16
_BLOCK = 64


class KeyRefused(Exception):  # noqa: N818  (nothing failed: what was given is not safe to use)
    """The key of pseudonyms cannot or must not be used; nothing was read or written with it."""

    exit_code = 2
    retry = False


@dataclass(frozen=True)
class Pseudonymiser:
    """Makes pseudonyms with one key: 26 characters of base32, the first 128 bits of an HMAC-SHA-256."""

    key: bytes = field(repr=False)

    @property
    def key_id(self) -> str:
        """A name of the key that gives nothing of it away, to tell when another key was used."""
        return hmac.digest(self.key, b"key id", "sha256").hex()[:16]

    def of_numbers(self, numbers: Sequence[str]) -> list[str]:
        """Pseudonyms of valid identity numbers, each in its 18 characters."""
        return self._pseudonyms(b"number:", numbers)

    def of_texts(self, texts: Sequence[str]) -> list[str]:
        """Pseudonyms of any other personal text; never equal to that of a valid identity number."""
        return self._pseudonyms(b"text:", texts)

    def _pseudonyms(self, prefix: bytes, texts: Sequence[str]) -> list[str]:
        digests = b"".join(self._digests(prefix + text.encode() for text in texts))
        bits = np.unpackbits(np.frombuffer(digests, dtype=np.uint8).reshape(-1, _KEPT_BYTES), axis=1)
        padded = np.pad(bits, ((0, 0), (0, LENGTH * 5 - _KEPT_BYTES * 8))).reshape(-1, LENGTH, 5)
        letters = _ALPHABET[padded @ np.array([16, 8, 4, 2, 1], dtype=np.uint8)]
        return [name.decode("ascii") for name in letters.reshape(-1).view(f"S{LENGTH}")]

    def _digests(self, messages: Iterable[bytes]) -> Iterable[bytes]:
        """HMAC-SHA-256 of each message; the key's two blocks are hashed once, which halves the time (RFC 2104)."""
        key = hashlib.sha256(self.key).digest() if len(self.key) > _BLOCK else self.key
        block = key.ljust(_BLOCK, b"\0")
        inner, outer = (hashlib.sha256(bytes(byte ^ pad for byte in block)) for pad in (0x36, 0x5C))
        for message in messages:
            first, second = inner.copy(), outer.copy()
            first.update(message)
            second.update(first.digest())
            yield second.digest()[:_KEPT_BYTES]


def load_or_make_key(path: Path, given: str | None) -> bytes:
    """The key of all pseudonyms: the one given (hex or text), else that of the file, which is made on first use.

    Raises:
        KeyRefused: the given key has under 32 characters; the file is too short, no plain file, or open to others.
    """
    if given is not None:
        return _given(given)
    if not path.is_symlink() and not path.exists():
        _make(path)
    return _load(path)


def _given(text: str) -> bytes:
    if len(text) < LEAST_BYTES:
        raise KeyRefused(f"设置 XIANGXI_PSEUDONYM_KEY 太短：至少要 {LEAST_BYTES} 个字符。")
    is_hex = len(text) >= 2 * LEAST_BYTES and re.fullmatch(r"(?:[0-9a-fA-F]{2})+", text)
    return bytes.fromhex(text) if is_hex else text.encode()


def _make(path: Path) -> None:
    """Write a new random key aside and give it its name, unless another process was first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".aside-{uuid.uuid4().hex[:8]}-{path.name}")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(LEAST_BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(aside, path)
        except FileExistsError:
            return
    finally:
        aside.unlink()


def _load(path: Path) -> bytes:
    facts = path.lstat()
    if not stat.S_ISREG(facts.st_mode):
        raise KeyRefused(f"密钥文件 {path} 不是普通文件，没有使用。")
    if stat.S_IMODE(facts.st_mode) & 0o077:
        raise KeyRefused(f"密钥文件 {path} 对其他用户开放，没有使用；请运行 chmod 600 {path} 后重试。")
    key = path.read_bytes()
    if len(key) < LEAST_BYTES:
        raise KeyRefused(f"密钥文件 {path} 不足 {LEAST_BYTES} 字节，可能已损坏；请从备份恢复，不要新建。")
    return key
