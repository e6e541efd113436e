"""Settings: `XIANGXI_*` variables, read once where a command or the code location starts, and nowhere else."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from assets.house import House
from assets.intake.limits import Limits
from warehouse.disclosure.suppress import Protection, Protections

_PUBLIC, _ANALYSTS = Protections().public, Protections().analysts
_DAGSTERS_DRIVER = "postgresql+psycopg2://"  # dagster-postgres knows no other, and SQLAlchemy would take another one


class Settings(BaseSettings):
    """Where things lie and how much a run may take; every field is a variable, such as XIANGXI_HOME."""

    model_config = SettingsConfigDict(env_prefix="XIANGXI_", env_nested_delimiter="__", frozen=True, extra="ignore")

    home: Path = Field(Path("var"), description="folder of everything that is kept")
    landing: Path | None = Field(None, description="folder into which units drop files; default <home>/landing")
    warehouse_url: str | None = Field(None, description="SQLAlchemy URL; default SQLite at <home>/warehouse.db")
    dagster_url: str | None = Field(
        None, repr=False,
        description="PostgreSQL of Dagster's own storage, postgresql+psycopg2://…; default SQLite in <home>/dagster",
    )  # fmt: skip
    pseudonym_key: SecretStr | None = Field(None, description="key of the pseudonyms; default <home>/pseudonym.key")
    processes: int = Field(2, ge=1, le=64, description="worker processes that read files")
    plans: Path | None = Field(None, description="folder of the plan files; default the project's expectations/plans")
    rules: Path | None = Field(None, description="folder of files that set severities and tolerances of rules")
    keep_releases: int = Field(10, ge=1, description="releases that the warehouse keeps")
    public_least: int = Field(
        _PUBLIC.least, ge=1, description="persons below which a count is small and not told to the public"
    )
    public_width: int = Field(
        _PUBLIC.width, ge=1, description="narrowest span in which a hidden count may be known to lie"
    )
    analyst_least: int = Field(
        _ANALYSTS.least, ge=1, description="persons below which a count is small and not told to analysts"
    )
    analyst_width: int = Field(
        _ANALYSTS.width, ge=1, description="narrowest span in which analysts may know such a count to lie"
    )
    explanation_months: int = Field(12, ge=1, le=120, description="months that an explanation stands")
    limits: Limits = Field(default_factory=Limits, description="limits of a delivered file")

    @field_validator("dagster_url")
    @classmethod
    def _is_one_that_dagster_can_use(cls, url: str | None) -> str | None:
        if url and not url.startswith(_DAGSTERS_DRIVER):
            raise ValueError(f"应以 {_DAGSTERS_DRIVER} 开头")
        if url and find_spec("dagster_postgres") is None:
            raise ValueError("需要先安装附加组件 dagster-postgres")
        return url

    @property
    def dagster_home(self) -> Path:
        """DAGSTER_HOME of every command."""
        return self.home.absolute() / "dagster"

    def house(self) -> House:
        """The house that these settings describe; opens nothing yet."""
        home = self.home.absolute()
        return House(
            home=home, landing=(self.landing or home / "landing").absolute(),
            warehouse_url=self.warehouse_url or f"sqlite:///{home / 'warehouse.db'}",
            pseudonym_key=self.pseudonym_key.get_secret_value() if self.pseudonym_key else None,
            processes=self.processes, keep_releases=self.keep_releases, limits=self.limits,
            plans_folder=self.plans, rules_folder=self.rules, explanation_months=self.explanation_months,
            protections=Protections(
                Protection(self.public_least, self.public_width), Protection(self.analyst_least, self.analyst_width)
            ),
        )  # fmt: skip
