#!/usr/bin/python3
"""A layer includes only itself and the layers that its flywall_layer line in CMakeLists.txt names."""

from __future__ import annotations

import re
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support import SOURCE, Report  # noqa: E402

LAYER = re.compile(r"^flywall_layer\((\w+) ([\w/]+)([^)]*)\)", re.MULTILINE)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+"([^"]+)"', re.MULTILINE)

# What the programs may see of the compiler.
RUNTIME = {"flywall", "base", "schema"}


def layers() -> dict[str, tuple[Path, set[str]]]:
    """Each layer's folder, and the layers that it names."""
    lines = LAYER.findall((SOURCE / "CMakeLists.txt").read_text())
    return {name: (SOURCE / folder, set(depends.split())) for name, folder, depends in lines}


def layer_of(include: str, folders: dict[Path, str]) -> str | None:
    """The layer that an include line names; None for a file of its own folder or a generated one."""
    for root in (SOURCE / "compiler", SOURCE / "include", SOURCE):
        path = root / include
        if path.exists():
            return folders.get(path.parent, path.parent.name)
    return None


def sources(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix in (".c", ".h", ".y", ".l", ".inc"))


def check_includes(report: Report, name: str, folder: Path, allowed: set[str],
                   folders: dict[Path, str]) -> None:
    wrong = [f"{path.relative_to(SOURCE)} includes {include}"
             for path in sources(folder) for include in INCLUDE.findall(path.read_text())
             if layer_of(include, folders) not in allowed | {None}]
    report.claim(not wrong, f"{name} includes what it may", "; ".join(wrong) or None)


def main() -> None:
    report = Report()
    known = layers()
    folders = {folder: name for name, (folder, _) in known.items()}
    try:
        named = set(TopologicalSorter({name: depends for name, (_, depends) in known.items()}).static_order())
        report.claim(named == set(known), "every layer that is named exists", named - set(known) or None)
    except CycleError as cycle:
        report.claim(False, "no cycle of layers", cycle.args[1])
    for name, (folder, depends) in known.items():
        # The public header is the compiler's own.
        own = {name, "flywall"} if name == "compiler" else {name}
        check_includes(report, name, folder, depends | own, folders)
    check_includes(report, "runtime", SOURCE / "runtime", RUNTIME | {"runtime", "change", "store", "state"}, folders)
    check_includes(report, "store", SOURCE / "runtime/store", RUNTIME | {"runtime", "store"}, folders)
    check_includes(report, "change", SOURCE / "runtime/change", RUNTIME | {"runtime", "change"}, folders)
    check_includes(report, "include", SOURCE / "include/flywall", {"flywall"}, folders)
    report.finish()


main()
