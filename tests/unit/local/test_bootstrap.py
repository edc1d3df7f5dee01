"""The workbench: made anew when its lock changed, and never when it is somebody else's."""

from pathlib import Path

import pytest

from deploy.local import bootstrap


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "requirements.lock").write_text("click==8.5.1\n", "utf-8")
    return tmp_path


@pytest.fixture
def makings(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    made: list[Path] = []

    def make(venv: Path, *, lock: Path) -> None:
        venv.mkdir(exist_ok=True)
        made.append(lock)

    monkeypatch.setattr(bootstrap, "_make", make)
    return made


def test_the_workbench_is_made_once(checkout: Path, makings: list[Path]):
    bootstrap.workbench(root=checkout)
    bootstrap.workbench(root=checkout)

    assert len(makings) == 1


def test_a_changed_lock_makes_it_anew(checkout: Path, makings: list[Path]):
    bootstrap.workbench(root=checkout)
    (checkout / "requirements.lock").write_text("click==8.5.2\n", "utf-8")

    bootstrap.workbench(root=checkout)

    assert len(makings) == 2


def test_a_workbench_whose_making_failed_is_made_again(
    checkout: Path, makings: list[Path], monkeypatch: pytest.MonkeyPatch
):
    def fail(venv: Path, *, lock: Path) -> None:
        venv.mkdir()
        raise bootstrap.SetupFailed(str(lock))

    with monkeypatch.context() as broken:
        broken.setattr(bootstrap, "_make", fail)
        with pytest.raises(bootstrap.SetupFailed):
            bootstrap.workbench(root=checkout)

    bootstrap.workbench(root=checkout)

    assert len(makings) == 1


def test_a_linked_workbench_is_used_as_it_is(
    checkout: Path, tmp_path_factory: pytest.TempPathFactory, makings: list[Path]
):
    (checkout / ".venv").symlink_to(tmp_path_factory.mktemp("shared"))

    assert bootstrap.workbench(root=checkout) == checkout / ".venv" / "bin" / "python"
    assert makings == []
