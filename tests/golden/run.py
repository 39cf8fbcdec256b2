#!/usr/bin/python3
"""Holds what flywall-compile writes to the files under golden/.

golden/<area>/<name>.hcl with
  <name>.err            the messages; the compiler must refuse it and write nothing else, or
  <name>.nft            the ruleset, and where they are present:
  <name>.sysctl  .modules  .json  .values  .ir  .ip  .names    the other forms
  <name>.warn           the warnings; without it there must be none

--load puts each ruleset into network namespaces of its own: loaded twice, the kernel must list exactly
its last table; the JSON form must give the same listing. What only flywall-apply can load, it loads. --update writes the files anew; read the
difference before accepting it.
"""

from __future__ import annotations

import difflib
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support import (SOURCE, Report, arguments, need_new_network, need_programs, new_network,  # noqa: E402
                     program, run)

GOLDEN = SOURCE / "golden"
FORMS = {".nft": "ruleset", ".sysctl": "sysctl", ".modules": "modules", ".json": "json",
         ".values": "values", ".ir": "ir", ".ip": "ip",
         ".names": "names"}

# What nft 1.0.6 leaves out when it lists a ct timeout object, because it equals nft's own default.
NFT_TIMEOUTS = {
    "tcp": {"syn_sent": 120, "syn_recv": 60, "established": 432000, "fin_wait": 120, "close_wait": 60,
            "last_ack": 30, "time_wait": 120, "close": 10, "syn_sent2": 120, "retrans": 300,
            "unack": 300},
    "udp": {"unreplied": 30, "replied": 120},
}


class Compiler:
    """Runs flywall-compile in the configuration's folder, so that messages show a bare file name."""

    def __init__(self, path: str) -> None:
        self.path = path

    def emit(self, config: Path, form: str) -> tuple[int, str, str]:
        done = run([self.path, f"--emit={form}", config.name], cwd=config.parent)
        return done.returncode, done.stdout, done.stderr


def difference(want: str, got: str, name: str) -> str:
    lines = difflib.unified_diff(want.splitlines(), got.splitlines(), name, "now", lineterm="")
    return "\n".join(lines)


def same(report: Report, golden: Path, got: str, update: bool) -> None:
    """Claims that a golden file holds `got`; with `update`, makes it so."""
    want = golden.read_text() if golden.exists() else ""
    if update and want != got:
        golden.write_text(got)
        print(f"wrote {golden.relative_to(GOLDEN)}")
        want = got
    if not report.claim(want == got, str(golden.relative_to(GOLDEN))):
        print(difference(want, got, golden.name))


def is_refusal(config: Path, status: int) -> bool:
    """Whether the golden expects an error; a new golden expects what it gets."""
    if config.with_suffix(".err").exists():
        return True
    return not config.with_suffix(".nft").exists() and status != 0


def check_refusal(report: Report, config: Path, got: tuple[int, str, str], update: bool) -> None:
    status, output, messages = got
    name = config.relative_to(GOLDEN)
    report.claim(status == 1, f"{name}: exit status 1", status)
    report.claim(output == "", f"{name}: nothing on standard output")
    same(report, config.with_suffix(".err"), messages, update and status == 1)


def check_success(report: Report, compiler: Compiler, config: Path, got: tuple[int, str, str],
                  update: bool) -> None:
    status, output, messages = got
    name = config.relative_to(GOLDEN)
    if not report.claim(status == 0, f"{name}: exit status 0", status):
        print(messages)
        return
    warn = config.with_suffix(".warn")
    if update and not messages:
        warn.unlink(missing_ok=True)
    if messages or warn.exists():
        same(report, warn, messages, update)
    report.claim(compiler.emit(config, "ruleset")[1] == output, f"{name}: the same again")
    for suffix, form in FORMS.items():
        golden = config.with_suffix(suffix)
        if form == "ruleset":
            same(report, golden, output, update)
        elif golden.exists():
            _, written, told = compiler.emit(config, form)
            same(report, golden, written, update)
            if told != messages:
                same(report, golden.with_name(golden.name + ".warn"), told, update)


def check_text(report: Report, compiler: Compiler, configs: list[Path], update: bool) -> None:
    for config in configs:
        got = compiler.emit(config, "ruleset")
        if is_refusal(config, got[0]):
            check_refusal(report, config, got, update)
        else:
            check_success(report, compiler, config, got, update)


def fill_timeouts(policy: re.Match[str]) -> str:
    """A ct timeout object with every state written out, in one order."""
    states = dict(NFT_TIMEOUTS[policy[2]])
    states.update((state, int(seconds)) for state, seconds in re.findall(r"(\w+)\s*:\s*(\d+)", policy[4]))
    return f"{policy[1]}{policy[3]}policy = {{ {' , '.join(f'{s} : {v}' for s, v in states.items())} }}"


def sort_elements(elements: re.Match[str]) -> str:
    """Elements in one order: a hash set lists them in the kernel's."""
    return f"elements = {{ {' , '.join(sorted(' '.join(e.split()) for e in elements[1].split(',')))} }}"


def words(table: str) -> list[str]:
    """A table's text as words, without comments and without the differences that only nft makes."""
    lines = [line for line in table.splitlines() if not line.lstrip().startswith("#")]
    text = "\n".join(lines)
    # nft lists event names without the quotes that it wants to read some of them.
    text = re.sub(r"ct event set \S+", lambda event: event[0].replace('"', ""), text)
    text = re.sub(r"(protocol (tcp|udp)\b)([^{}]*)policy = \{([^}]*)\}", fill_timeouts, text)
    # It names protocols that it cannot read by that name on a system without /etc/protocols.
    text = re.sub(r"\b(icmpv6|ipv6-icmp)\b", "58", re.sub(r"\bgre\b", "47", text))
    text = re.sub(r"elements = \{([^}]*)\}", sort_elements, text)
    return text.split()


def last_table(ruleset: str) -> str:
    at = ruleset.rfind("\ntable inet flywall {")
    return ruleset[at + 1:]


def listing(report: Report, name: str, ruleset: str, load: str) -> str:
    """Loads a ruleset in a namespace of its own, and lists it."""
    done = run([*new_network(), "sh", "-ec", f"{load}; nft -s list table inet flywall"], stdin=ruleset)
    report.claim(done.returncode == 0, f"{name}: loads", done.stderr.strip() or None)
    return done.stdout


def without_json_gaps(table: str) -> str:
    """What nft 1.0.6 cannot read from JSON left out: the values of timeouts, maps by `typeof` or of networks,
    and that a set is dynamic."""
    table = re.sub(r"(ct timeout \S+ \{[^}]*policy = \{)[^}]*", r"\1", table)
    table = re.sub(r"(map|set) \S+ \{\s*typeof [^}]*\}\s*\}", "", table)
    table = re.sub(r"map \S+ \{\s*type \S+ : interval [^}]*\}\s*\}", "", table)
    table = re.sub(r"^\s*flags dynamic(,timeout)?\n", "", table, flags=re.MULTILINE)
    table = re.sub(r"nat (ip6?) prefix to (.* map) .*", r"nat \1 prefix to \2", table)
    return re.sub(r"^.*\b(fib daddr oifname|meta day|numgen inc|jhash)\b.*\n", "", table,
                  flags=re.MULTILINE)


TWICE = "file=$(mktemp); trap 'rm -f $file' EXIT; cat >$file; nft -f $file; nft -f $file"
STATE = "state=$(mktemp -d); trap 'rm -rf $state' EXIT"
FOREIGN_OBJECT = "\n# add ct timeout "  # only flywall-apply makes it
JSON = "nft -j -f - >/dev/null"


def check_json(report: Report, name: str, text: str, want: str, load: str) -> None:
    """The JSON form gives the rules that the text form gave, but for what this nft cannot read."""
    got = without_additions(listing(report, name, text, load))
    version = re.search(r"v(\d+)\.(\d+)\.(\d+)", run(["nft", "--version"]).stdout)
    if version and tuple(map(int, version.groups())) < (1, 0, 9):
        got, want = without_json_gaps(got), without_json_gaps(want)
    if not report.claim(words(got) == words(want), f"{name}: the same rules"):
        print(difference("\n".join(words(want)), "\n".join(words(got)), "text"))


def has_flowtables() -> bool:
    probe = "table inet probe { flowtable probe { hook ingress priority 0; }; }"
    return run([*new_network(), "nft", "-c", "-f", "-"], stdin=probe).returncode == 0


def without_flowtables(ruleset: str) -> str:
    """What a kernel without flow tables can still be asked to take."""
    ruleset = re.sub(r"^\tflowtable [^{}]*\{[^{}]*(\{[^{}]*\}[^{}]*)?\}\n\n?", "", ruleset, flags=re.MULTILINE)
    return re.sub(r"^.*\bflow add @.*\n", "", ruleset, flags=re.MULTILINE)


def without_additions(table: str) -> str:
    """A listing without what flywall-apply adds: a marker, and objects of which nft shows no values."""
    table = re.sub(r"\n\tchain generation/\w+ \{\n\t\}\n", "", table)
    return re.sub(r"^\tct timeout \S+ \{\n\t\tprotocol (?!tcp$|udp$)[^{}]*\{[^{}]*\}\n\t\}\n\n?", "", table,
                  flags=re.MULTILINE)


def check_load(report: Report, compiler: Compiler, configs: list[Path], apply: str) -> None:
    offloads = has_flowtables()
    for config in configs:
        name = config.relative_to(GOLDEN)
        status, ruleset, _ = compiler.emit(config, "ruleset")
        if not report.claim(status == 0, f"{name}: compiles"):
            continue
        if "flow add @" in ruleset and not offloads:
            ruleset = without_flowtables(ruleset)
            listing(report, f"{name} without its flow tables", ruleset, TWICE)
            continue
        needs_apply = FOREIGN_OBJECT in ruleset
        by_apply = f"{apply} --state-dir=$state {config} >&2"
        load = f"{STATE}; {by_apply}; {by_apply}" if needs_apply else TWICE
        listed = without_additions(listing(report, f"{name} twice", ruleset, load))
        want, got = words(last_table(ruleset)), words(listed)
        if not report.claim(got == want, f"{name}: the kernel lists what was written"):
            print(difference("\n".join(want), "\n".join(got), "written"))
        load = f"{STATE}; {by_apply}; nft flush table inet flywall; {JSON}" if needs_apply else JSON
        check_json(report, f"{name} as JSON", compiler.emit(config, "json")[1], listed, load)


def main() -> None:
    parser = arguments("Hold the compiler to the golden files.")
    parser.add_argument("--update", action="store_true", help="write the golden files anew")
    parser.add_argument("--load", action="store_true", help="load each ruleset in a namespace")
    parser.add_argument("names", nargs="*", help="only goldens with one of these in their path")
    options = parser.parse_args()
    compiler = Compiler(program(options.bin, "flywall-compile"))
    configs = [path for path in sorted(GOLDEN.rglob("*.hcl"))
               if not options.names or any(name in str(path) for name in options.names)]
    report = Report(only_failures=True)
    if options.load:
        need_programs("nft", "unshare")
        need_new_network()
        check_load(report, compiler, [path for path in configs if not path.with_suffix(".err").exists()],
                   program(options.bin, "flywall-apply"))
    else:
        check_text(report, compiler, configs, options.update)
    report.finish()


main()
