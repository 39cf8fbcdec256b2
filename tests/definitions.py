#!/usr/bin/python3
"""Variables from outside, and several files as one configuration."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path

from support import Report, arguments, program

CONFIG = ('variable "port" { default = 22 }\n'
          'variable "uplink" { type = string }\n'
          'locals { both = [var.port, var.port + 1] }\n'
          'a = local.both\n'
          'b = var.uplink\n')


class Compiler:
    def __init__(self, path: str, folder: Path) -> None:
        self.path, self.folder = path, folder

    def __call__(self, *words: str, **environment: str) -> tuple[int, str, str]:
        done = subprocess.run([self.path, *words], cwd=self.folder, capture_output=True, text=True, check=False,
                              env=os.environ | environment)
        return done.returncode, done.stdout, done.stderr

    def values(self, *words: str, **environment: str) -> dict[str, object]:
        _, out, _ = self("--emit=values", *words, "a.hcl", **environment)
        return {name: row["value"] for name, row in json.loads(out)["attributes"].items()} if out else {}


def check_variables(report: Report, compiler: Compiler) -> None:
    (compiler.folder / "a.hcl").write_text(CONFIG)
    uplink = '-Duplink="eth0"'
    report.claim(compiler.values(uplink) == {"a": [22, 23], "b": "eth0"}, "-D gives a value", compiler.values(uplink))
    found = compiler.values("-D", "port=1 + 1", FLYWALL_VAR_uplink='it\'s "${x}"\n')
    report.claim(found == {"a": [2, 3], "b": 'it\'s "${x}"\n'}, "the environment gives a string its text", found)
    found = compiler.values(uplink, FLYWALL_VAR_port="7 * 2")
    report.claim(found == {"a": [14, 15], "b": "eth0"}, "and others an expression", found)
    found = compiler.values(uplink, "--define=port=5", FLYWALL_VAR_port="7")
    report.claim(found.get("a") == [5, 6], "-D comes before the environment", found)
    for words, said in (((), 'no value'), ((uplink, "-Dprot=1"), 'did you mean "port"'), ((uplink, "-Dport"), "E0"),
                        ((uplink, "-Dport=1 +"), "<-D>:1:"), ((uplink, "-Dport=eth0"), "stands in quotes")):
        status, out, err = compiler("--emit=values", *words, "a.hcl")
        report.claim(status == 1 and not out and said in err, f"{' '.join(words) or 'nothing'} is refused", err)


def check_files(report: Report, compiler: Compiler) -> None:
    folder = compiler.folder / "site"
    folder.mkdir()
    (folder / "1.hcl").write_text('zone "lan" {\n  interface = local.lan\n}\n')
    (folder / "2.hcl").write_text('locals {\n  lan = "eth7"\n}\n')
    status, out, err = compiler("site")
    report.claim(status == 0 and "eth7" in out, "what one file declares, another uses", err)
    (folder / "3.hcl").write_text('locals {\n  lan = "eth8"\n}\n')
    status, _, err = compiler("site")
    report.claim(status == 1 and "site/3.hcl:2:3: error" in err and "site/2.hcl:2:3: it is declared here first" in err,
                 "two declarations are shown with both places", err)
    (folder / "3.hcl").write_text('\nzone "lan" {\n  interface = "eth8"\n}\n')
    status, _, err = compiler("site")
    report.claim(status == 1 and "site/3.hcl:2:" in err and "site/1.hcl:1:" in err, "and so are two blocks", err)


def main() -> None:
    options = arguments(__doc__ or "").parse_args()
    report = Report()
    with tempfile.TemporaryDirectory() as folder:
        compiler = Compiler(program(options.bin, "flywall-compile"), Path(folder))
        check_variables(report, compiler)
        check_files(report, compiler)
    report.finish()


if __name__ == "__main__":
    main()
