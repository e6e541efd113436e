"""The Typer application: every verb and its help."""

from __future__ import annotations

import typer

from pipelines.cli.check import check
from pipelines.cli.close import close, reopen
from pipelines.cli.dictionary import dictionary
from pipelines.cli.lineage import trace
from pipelines.cli.plan import plan
from pipelines.cli.recover import recover
from pipelines.cli.releases import list_releases
from pipelines.cli.roles import roles
from pipelines.cli.rollback import rollback
from pipelines.cli.rules import rules
from pipelines.cli.run import run
from pipelines.cli.sample import sample
from pipelines.cli.scorecard import scorecard
from pipelines.cli.status import status
from pipelines.cli.why import explain

app = typer.Typer(
    name="xiangxi", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
    help="湘西州教育和体育工作要点：从报送文件到指标与达标情况。 From delivered files to indicators and verdicts.",
)  # fmt: skip
for verb in (run, check, sample, status, scorecard, rules, dictionary, recover):
    app.command()(verb)
app.command("releases")(list_releases)
app.command()(rollback)
app.command()(close)
app.command()(reopen)
app.command()(roles)
app.command("why")(explain)
app.command("lineage")(trace)
app.add_typer(plan, name="plan")
