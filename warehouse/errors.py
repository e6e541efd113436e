"""Errors of this room. Each says what failed, what state was left, and which command goes on.

No message quotes a value of a row: a driver's own text may, so only its first sentence is passed on.
"""

from __future__ import annotations


class WarehouseError(Exception):
    """The warehouse could not do what was asked of it."""

    exit_code = 3
    retry = False


class WarehouseUnreachableError(WarehouseError):
    """The address leads to no warehouse that this program can use."""


class WarehouseBusyError(WarehouseError):
    """Another writer held the warehouse for longer than the time allowed; trying again later makes sense."""

    retry = True

    def __init__(self, seconds: int) -> None:
        super().__init__(
            f"仓库正被另一个任务写入，等待 {seconds} 秒仍未空出；现有发布未动。请稍后重新运行 xiangxi run；"
            f"若没有别的任务在运行，先运行 xiangxi recover。 "
            f"Another writer held the warehouse for {seconds} s; the release that stands is untouched."
        )


class EditionError(WarehouseError):
    """The tables handed over for publication do not fit the schema: our fault, nothing was written."""

    def __init__(self, table: str, fault: str) -> None:
        super().__init__(f"待发布的表 {table} 不合结构：{fault}；现有发布未动。 Table {table} does not fit the schema.")


class PublicationLostError(WarehouseError):
    """A later run has taken over: the token of this one is no longer the newest."""

    def __init__(self, token: int, newest: int) -> None:
        super().__init__(
            f"本次运行的发布令牌 {token} 已被 {newest} 取代，另有较新的运行在进行；未写入任何内容，以较新的运行为准。 "
            f"Token {token} has been superseded by {newest}: nothing was written, the later run publishes."
        )


class PublicationFailedError(WarehouseError):
    """The database refused to publish; unless the connection broke, the release before stands whole."""

    def __init__(self, reason: str, *, is_outcome_known: bool) -> None:
        self.reason, self.is_outcome_known = reason, is_outcome_known
        self.retry = not is_outcome_known
        state = (
            "已全部撤回，原有发布仍完整可读" if is_outcome_known else "连接中断，结果未知，先用 xiangxi releases 查看"
        )
        super().__init__(
            f"发布失败：{reason}。{state}；排除原因后重新运行 xiangxi run。 "
            f"Publication failed: {'rolled back' if is_outcome_known else 'outcome unknown'}."
        )

    def undone(self) -> PublicationFailedError:
        """The same failure, of which it is known that nothing was published."""
        return PublicationFailedError(self.reason, is_outcome_known=True)


class NothingPublishedError(WarehouseError):
    """There is no release to read."""

    exit_code = 2

    def __init__(self) -> None:
        super().__init__("仓库里还没有发布，或由较早的程序发布：请先运行 xiangxi run。 Nothing was published yet.")


class UnknownReleaseError(WarehouseError):
    """There is no such release to bring back."""

    exit_code = 2

    def __init__(self, asked: int | None, kept: list[int]) -> None:
        which = "没有更早的发布可回退" if asked is None else f"没有第 {asked} 次发布"
        held = "、".join(map(str, kept)) or "无"
        super().__init__(f"{which}；保留的发布：{held}。现有发布未动。 No such release is kept; nothing was changed.")


class MigrationError(WarehouseError):
    """The database stands at a version that this program cannot bring to its own; it was left as it was."""

    @classmethod
    def refused(cls, revision: str) -> MigrationError:
        """There is no way back from `revision`."""
        return cls(
            f"仓库结构不能从版本 {revision} 退回旧版本，数据未动；要回到从前，请恢复备份。 "
            f"A warehouse never goes back from version {revision}: restore a backup."
        )

    @classmethod
    def unknown(cls, revision: str | None) -> MigrationError:
        """The database's version is none that this program knows."""
        return cls(
            f"仓库结构的版本 {revision} 不为本程序所知，多半由较新的程序建立，数据未动；请升级程序后再运行。 "
            f"The warehouse stands at version {revision}, unknown here: a newer program made it."
        )

    @classmethod
    def failed(cls, reason: str) -> MigrationError:
        """The database refused a step of the migration and undid all of it."""
        return cls(
            f"仓库结构升级失败：{reason}。已全部撤回，数据未动；排除原因后重新运行 xiangxi run。 "
            "The migration failed and was rolled back."
        )


def reason_of(error: BaseException | None) -> str:
    """What a driver says in one line, without the detail in which PostgreSQL quotes the row."""
    diagnosis = getattr(error, "diag", None)
    primary = diagnosis.message_primary if diagnosis else None
    return " ".join((primary or str(error)).split())
