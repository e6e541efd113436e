"""The code location that `workspace.yaml` names: definitions for the settings of the environment."""

from __future__ import annotations

from pipelines.location import build_defs
from pipelines.settings import Settings

defs = build_defs(Settings())
