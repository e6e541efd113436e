"""Five hundred files that chance has spoilt; `make faults` sends ten thousand."""

from pathlib import Path

from tests.faults.fuzz import fuzz
from tests.faults.mutations import mutated

SEED = 2020


def test_every_mutated_file_ends_with_an_answer_and_loses_nothing(tmp_path: Path) -> None:
    report = fuzz(tmp_path, SEED, range(500), processes=1)
    assert report.faults == [], f"seed {SEED}: {report.ends}"
    assert report.ends.total() == 500
    assert {end.partition(" ")[0] for end in report.ends} >= {"received", "returned", "unrecognised"}


def test_a_file_is_found_again_by_its_numbers() -> None:
    assert mutated(SEED, 17) == mutated(SEED, 17)
    assert len({mutated(SEED, number)[1] for number in range(50)}) > 45
