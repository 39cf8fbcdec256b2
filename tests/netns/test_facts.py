#!/usr/bin/python3
"""What a firewall of flywall does to packets: every fact of the tables in facts/, in both families."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import re
import struct
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.dont_write_bytecode = True

from facts import GROUPS  # noqa: E402
from facts.model import PASSES, SILENT_PORT, Fact, Group  # noqa: E402
from facts.network import NETWORKS, Servers, address_of, build, host_of  # noqa: E402
from facts.probes import Outcome, Probe  # noqa: E402
from lab import Flow, Lab, Report, need_programs, run, wait_for  # noqa: E402

from support import arguments, need_new_network, need_root, program  # noqa: E402

THREADS = 40  # so that the packets of a group wait for their silence together


class Log:
    """All that the router logs to nflog group 1, from the start on."""

    RECORD = struct.Struct("<IIII")

    def __init__(self, lab: Lab) -> None:
        self.path = lab.folder / "facts.pcap"
        lab.start("router", "tcpdump", "-U", "-w", str(self.path), "-i", "nflog:1")
        wait_for(self.path.exists)
        self.seen = 24  # the file's header

    def forget(self) -> None:
        self.seen = max(self.path.stat().st_size, 24)

    def has(self, family: int, prefix: str) -> bool:
        """Whether a message with this prefix, of a packet of this family, has come."""
        data, at = self.path.read_bytes(), self.seen
        while at + self.RECORD.size <= len(data):
            length = self.RECORD.unpack_from(data, at)[2]
            at += self.RECORD.size
            record = data[at:at + length]
            at += length
            if record[:1] == (b"\x02" if family == 4 else b"\x0a") and prefix.encode() + b"\0" in record:
                return True
        return False


class Trial:
    """One fact in one family: all its packets, and what is to be seen afterwards."""

    def __init__(self, lab: Lab, fact: Fact, family: int) -> None:
        self.fact, self.family = fact, family
        self.probes = [Probe(lab, fact, family) for _ in range(fact.times)]
        self.outcomes: list[Outcome] = []

    def send(self) -> None:
        """One packet after the other: limits count them in their order."""
        self.outcomes = [probe.run() for probe in self.probes]

    def close(self) -> None:
        for outcome in self.outcomes:
            for held in outcome.held:
                held.close()

    def check(self, lab: Lab, flows: list[Flow], log: Log) -> list[str]:
        """What is not as the fact says."""
        return [*self.check_fate(), *self.check_server(), *self.check_flow(flows), *self.check_log(log),
                *self.check_counter(lab)]

    def check_fate(self) -> Iterable[str]:
        fates = [outcome.fate for outcome in self.outcomes]
        if self.fact.passing is None:
            wrong = [fate for fate in fates if fate != self.fact.fate]
            if wrong:
                yield f"{wrong[0]}" + (f" {len(wrong)} of {len(fates)} times" if len(fates) > 1 else "")
            return
        passing = fates.count(PASSES)
        if passing != self.fact.passing:
            yield f"{passing} of {len(fates)} pass"
        yield from {fate for fate in fates if fate not in (PASSES, self.fact.fate)}

    def check_server(self) -> Iterable[str]:
        fact = self.fact
        for answer in (outcome.answer for outcome in self.outcomes if outcome.answer):
            if fact.server and answer.host != fact.server:
                yield f"{answer.host} answered"
            if fact.server_port and answer.port != fact.server_port:
                yield f"port {answer.port} answered"
            if fact.most_mss and answer.mss > fact.most_mss:
                yield f"segments of {answer.mss}"
            if fact.seen:
                want = address_of(fact.seen, self.family)
                if ipaddress.ip_address(answer.client) != ipaddress.ip_address(want):
                    yield f"seen from {answer.client}"

    def flow(self, flows: list[Flow]) -> Flow | None:
        """The entry of the first packet: by the client's port, or the identifier of an echo."""
        port = self.outcomes[0].port
        words = {f"sport={port}", f"id={port}"}
        return next((flow for flow in flows if words & set(flow.text.split())), None)

    def check_flow(self, flows: list[Flow]) -> Iterable[str]:
        fact, flow = self.fact, self.flow(flows)
        if fact.tracked is False and flow:
            yield f"tracked: {flow.text}"
        if fact.tracked or fact.mark or fact.seconds or fact.words or fact.lacks:
            if flow is None:
                yield "no entry"
                return
            if fact.mark and flow.mark & fact.mark[1] != fact.mark[0]:
                yield f"mark {flow.mark:#010x}"
            if fact.seconds and not fact.seconds[0] <= flow.seconds <= fact.seconds[1]:
                yield f"{flow.seconds} seconds"
            if not flow.has(*fact.words):
                yield f"entry {flow.text}"
            if any(flow.has(word) for word in fact.lacks):
                yield f"entry {flow.text}"

    def check_log(self, log: Log) -> Iterable[str]:
        if self.fact.logged and not wait_for(lambda: log.has(self.family, self.fact.logged or ""), 2.5):
            yield "not logged"
        if self.fact.unlogged and log.has(self.family, self.fact.unlogged):
            yield "logged"

    def check_counter(self, lab: Lab) -> Iterable[str]:
        if self.fact.counter:
            counters = lab.sh("router", "nft list counters table inet flywall").stdout
            found = re.findall(rf"counter \S*{self.fact.counter}\S* \{{\s*(?:comment.*\s*)?packets (\d+)", counters)
            if not any(map(int, found)):
                yield f"counters {found}"


@contextlib.contextmanager
def machine_in(timezone: str) -> Iterator[None]:
    """Programs that are started in this block take the machine for one of that time zone."""
    before = dict(os.environ)
    os.environ.update({"TZ": timezone} if timezone else {})
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def prepare(lab: Lab, group: Group) -> None:
    for name, text in group.files.items():
        path = lab.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    with machine_in(group.timezone):
        lab.start_afresh(group.config)
    if group.then:
        lab.sh("router", group.then)


def try_group(lab: Lab, report: Report, log: Log, group: Group) -> None:
    try:
        prepare(lab, group)
    except RuntimeError as error:
        report.claim(False, f"{group.title}: applies", str(error))
        return
    log.forget()
    trials = [Trial(lab, fact, family) for fact in group.facts for family in fact.families]
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(Trial.send, trials))
    flows = {family: lab.flows(family=family) for family in (4, 6)}
    for trial in trials:
        fact = trial.fact
        wrong = trial.check(lab, flows[trial.family], log)
        what = f"{group.title}: {fact.name} (IPv{trial.family}, {fact.source} to {fact.to}, {fact.packet})"
        report.claim(not wrong, f"{what}: {fact.fate}", "; ".join(wrong) or None)
        trial.close()


def ports(kinds: Iterable[str]) -> set[int]:
    """Where servers have to listen; what packets are translated to is named by the rows too."""
    found = set()
    for fact in (fact for group in GROUPS for fact in group.facts):
        if fact.packet.split()[0] in kinds:
            found.add(int(fact.packet.split()[1]))
            found |= {fact.server_port} if fact.server_port else set()
    return {port for port in found if port != SILENT_PORT}


def check_parse(compiler: str, report: Report) -> None:
    for group in GROUPS:
        done = run([compiler, "--emit=values", "-"], stdin=group.config)
        report.claim(done.returncode == 0, f"{group.title}: is HCL", done.stderr or None)


def check_rows(report: Report) -> None:
    """The rows name what there is."""
    titles = [group.title for group in GROUPS]
    report.claim(len(titles) == len(set(titles)), "the titles differ")
    places = {place for group in GROUPS for fact in group.facts for place in (fact.source, fact.to)}
    names = {host_of(place) for place in places if isinstance(place, str)}
    unknown = names - {*NETWORKS, "router"}
    report.claim(not unknown, "the hosts exist", unknown)


def check_kernel(bin_folder: Path, report: Report, words: list[str]) -> None:
    need_root()
    need_programs("ip", "nft", "conntrack", "sysctl", "tcpdump")
    need_new_network()
    program(bin_folder, "flywall-apply")
    lab = Lab(bin_folder, "stray", "tagged")
    build(lab)
    Servers(lab, (*NETWORKS, "router"), ports({"tcp"}), ports({"udp"}))
    log = Log(lab)
    for group in GROUPS:
        if not words or any(word in group.title for word in words):
            try_group(lab, report, log, group)


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--parse", action="store_true", help="only whether the configurations are HCL")
    parser.add_argument("words", nargs="*", metavar="WORD", help="groups whose titles have one of these words")
    options = parser.parse_args()
    report = Report(only_failures=True)
    check_rows(report)
    begin = time.monotonic()
    if options.parse:
        check_parse(program(options.bin, "flywall-compile"), report)
    else:
        check_kernel(options.bin, report, options.words)
    print(f"{len(GROUPS)} configurations, {sum(len(group.facts) for group in GROUPS)} rows, "
          f"{time.monotonic() - begin:.0f} s")
    report.finish()


main()
