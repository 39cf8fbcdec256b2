"""A router whose connection table holds something of everything, and flywall-state beside conntrack on it."""

from __future__ import annotations

import json
import re
import socket
import subprocess
from typing import Any

from lab import ACK, Lab, SYN, open_lab, tcp_segment

from support import program, run

CONFIG = """
conntrack {
  accounting = true
  timestamps = true
  helpers    = { ftp = true }
  timeouts   = { icmp = "1h", udp = "1h", tcp_syn_sent = "1h" }
}
zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }
zone "dmz" { interface = "eth2" }
policy "lan" "wan" {
  action     = "accept"
  masquerade = true
}
policy "lan" "dmz" { action = "accept" }
policy "dmz" "lan" { action = "accept" }
policy "wan" "dmz" {
  rule "web" {
    proto     = "tcp"
    dest_port = 80
    action    = "accept"
  }
}
policy "*" "self" { action = "accept" }
nat "web" {
  type      = "dnat"
  from      = "wan"
  proto     = "tcp"
  dest_port = 8080
  to_ip     = "10.0.2.2"
  to_port   = 80
}
"""

TCP_STATES = ("NONE", "SYN_SENT", "SYN_RECV", "ESTABLISHED", "FIN_WAIT", "CLOSE_WAIT", "LAST_ACK", "TIME_WAIT",
              "CLOSE", "SYN_SENT2")

# Entries that no packet made, as conntrack -I takes them. Their timeouts are long, so that none expires.
MADE = (
    *(f"-p tcp -s 10.7.0.{n} -d 10.8.0.1 --sport {2000 + n} --dport {80 + n % 3} --state {state} -t {2000 + n} "
      f"-m {n << 24 | 2 << 16 | n}"
      for n, state in enumerate(TCP_STATES, 1) if state != "SYN_SENT2"),
    "-p tcp -s 10.7.0.10 -d 10.8.0.1 --sport 2010 --dport 81 --state LISTEN -t 2010",
    "-p tcp -s 2001:db8:7::1 -d 2001:db8:8::1 --sport 2000 --dport 443 --state ESTABLISHED -t 3000 "
    "-u ASSURED,SEEN_REPLY -m 0x01020005",
    "-p tcp -s 10.7.0.1 -d 10.8.0.2 --sport 3000 --dport 443 --state ESTABLISHED -t 3000 -u SEEN_REPLY "
    "-m 0x02013000",
    "-p udp -s 10.7.0.1 -d 10.8.0.2 --sport 2000 --dport 53 -t 2000 -m 7",
    "-p udp -s 10.7.0.1 -d 10.8.0.3 --sport 2000 --dport 53 -t 2000 -u SEEN_REPLY",
    "-p udp -s 10.7.1.1 -d 10.8.0.3 --sport 2000 --dport 53 -t 2000 -u SEEN_REPLY,ASSURED -w 5",
    "-p udp -s 10.7.1.2 -d 10.8.0.3 --sport 2000 --dport 53 -t 2000 --orig-zone 6",
    "-p udp -s 10.7.1.3 -d 10.8.0.3 --sport 2000 --dport 53 -t 2000 --reply-zone 7",
    "-p udp -s 10.7.1.1 -d 10.8.0.3 --sport 2000 --dport 53 -t 2000 -w 8",
    "-p udp -s 10.7.2.1 -d 10.8.0.4 --sport 2000 --dport 53 -t 2000 --src-nat 203.0.113.9",
    "-p udp -s 10.7.2.2 -d 10.8.0.4 --sport 2000 --dport 53 -t 2000 --dst-nat 10.9.0.1:5353",
    "-p tcp -s 10.7.2.3 -d 10.8.0.4 --sport 2000 --dport 25 -t 2000 --state ESTABLISHED -u SEEN_REPLY,ASSURED "
    "--src-nat 203.0.113.9 --dst-nat 10.9.0.2",
    "-p udp -s 2001:db8:7::1 -d 2001:db8:8::2 --sport 2000 --dport 53 -t 2000",
    "-p icmp -s 10.7.0.1 -d 10.8.0.2 --icmp-type 8 --icmp-code 0 --icmp-id 77 -t 2000",
    "-p icmp -s 10.7.0.1 -d 10.8.0.2 --icmp-type 13 --icmp-code 0 --icmp-id 78 -t 2000 -m 1",
    "-p icmpv6 -s 2001:db8:7::1 -d 2001:db8:8::1 --icmpv6-type 128 --icmpv6-code 0 --icmpv6-id 9 -t 2000",
    "-p sctp -s 10.7.0.1 -d 10.8.0.2 --orig-port-src 2000 --orig-port-dst 5060 --state ESTABLISHED "
    "--orig-vtag 1 --reply-vtag 2 -t 2000",
    "-p sctp -s 10.7.0.2 -d 10.8.0.2 --orig-port-src 2000 --orig-port-dst 5060 --state COOKIE_WAIT "
    "--orig-vtag 1 --reply-vtag 2 -t 2000",
    "-p gre -s 10.7.0.1 -d 10.8.0.2 --srckey 17 --dstkey 18 -t 2000",
    "-p udplite -s 10.7.0.1 -d 10.8.0.2 --sport 2000 --dport 53 -t 2000",
    "-p 89 -s 10.7.0.1 -d 10.8.0.2 -t 2000",
)


class Router:
    """The lab's router, and its state directory."""

    def __init__(self, description: str) -> None:
        self.lab: Lab = open_lab(description)
        self.state = program(self.lab.programs, "flywall-state")
        self.folder = self.lab.folder / "state"
        self.held: list[socket.socket] = []

    def load(self) -> None:
        """Applies CONFIG, whatever was there before."""
        self.lab.sh("router", "nft flush ruleset")
        self.lab.must_apply(CONFIG)

    def be_another(self) -> None:
        """The table says that it was made from something else."""
        for marker in re.findall(r"chain (generation/\w+)", self.lab.listing()):
            self.lab.nft(f"delete chain inet flywall {marker}")
        self.lab.nft("add chain inet flywall generation/0123456789abcdef")

    def fill(self) -> None:
        """Real connections through and to the router, and those of MADE."""
        lab = self.lab
        for host, port in (("wan", 21), ("wan", 443), ("dmz", 80)):
            lab.tcp_echo(host, port)
        lab.udp_echo("dmz", 53)
        self.held += lab.hold(2, "lan", lab.address("wan", 4), 443)
        self.held += lab.hold(1, "lan", lab.address("wan", 6), 443)
        self.held += lab.hold(1, "lan", lab.address("wan", 4), 21)
        self.held += lab.hold(1, "wan", lab.address("wan", 4, "1"), 8080)
        for connection in self.held[:2]:
            connection.sendall(b"x" * 5000)
        for family in (4, 6):
            lab.udp("lan", lab.address("dmz", family), 53)
            lab.ping("lan", lab.address("dmz", family))
        lab.ping("lan", lab.address("lan", 4, "1"))
        lab.send_raw("lan", lab.address("wan", 4), socket.IPPROTO_TCP,
                     tcp_segment(lab.address("lan", 4), lab.address("wan", 4), 5000, 9, SYN),
                     tcp_segment(lab.address("lan", 4), lab.address("wan", 4), 5001, 9, ACK))
        self.make(MADE)

    def make(self, entries: tuple[str, ...]) -> None:
        script = "\n".join(f"conntrack -I {entry} >/dev/null 2>&1 || echo '{entry}'" for entry in entries)
        refused = self.lab.sh("router", script).stdout
        if refused:
            raise RuntimeError(f"conntrack -I refused:\n{refused}")

    def command(self, *words: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        name = self.lab.prefix + "router"
        return run(["ip", "netns", "exec", name, self.state, "--state-dir", str(self.folder), *words], stdin=stdin)

    def listed(self, *words: str) -> list[dict[str, Any]]:
        """What list shows as JSON."""
        done = self.command("list", "--format=json", *words)
        if done.returncode != 0:
            raise RuntimeError(f"list {' '.join(words)}: status {done.returncode}: {done.stderr}")
        found: list[dict[str, Any]] = json.loads(done.stdout)["connections"]
        return found

    def ids(self, *words: str) -> set[int]:
        return {entry["id"] for entry in self.listed(*words)}

    def conntrack(self, options: str = "") -> str:
        return self.lab.sh("router", f"conntrack -L -o id,extended {options} 2>/dev/null", check=False).stdout

    def conntrack_ids(self, options: str = "") -> set[int]:
        """The last id of a line: ICMP has one of its own."""
        return {int(found) for found in re.findall(r"\bid=(\d+)\s*$", self.conntrack(options), re.MULTILINE)}
