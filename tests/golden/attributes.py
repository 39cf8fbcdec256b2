#!/usr/bin/python3
"""No attribute of the reference does nothing in silence, and each of its spellings does the same.

Every example of the reference is compiled in a configuration that has a place for it, without and with it, and
under each of its names.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support import Report, arguments, program, run  # noqa: E402

OUTPUTS = ("ruleset", "ip", "names", "modules")

COMMON = """
zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }
zone "guests" { interface = "eth2" }
policy "guests" "wan" {
  name   = "office"
  action = "accept"
}
ipset "scanners" { entries = ["192.0.2.7", "2001:db8::7"] }
ipset "office" { entries = ["192.0.2.8"] }
ipset "geoip_country_NL" { entries = ["192.0.2.9"] }
"""

FLOODS = """
  syn_flood_protection = true
  icmp_rate_limit      = true
  new_conn_rate_limit  = true
  port_scan_protection = true
"""

# A configuration for each section; the attribute stands where @ is.
PLACES = {
    "conntrack": "conntrack {\n  log_invalid = true\n  @\n}",
    "conntrack.timeouts": "conntrack {\n  timeouts {\n    @\n  }\n}",
    "conntrack.helpers.NAME": "conntrack {\n  helpers {\n    sip {\n      @\n    }\n  }\n}",
    "conntrack.events": "conntrack {\n  events {\n    @\n  }\n}",
    "zone": 'zone "other" {\n  networks = "192.0.2.128/25"\n  @\n}',
    "zone.match": 'zone "other" {\n  match {\n    interface = "eth7"\n    @\n  }\n}',
    "zone.management.NAME": 'zone "other" {\n  interface = "eth7"\n  management {\n'
                            '    ssh {\n      @\n    }\n  }\n}',
    "zone.services.port": 'zone "other" {\n  interface = "eth7"\n  services {\n'
                          '    port "8443" {\n      @\n    }\n  }\n}',
    "zone.conntrack": 'conntrack {\n  helpers = { ftp = true }\n}\n'
                      'zone "other" {\n  interface = "eth7"\n  conntrack {\n    @\n  }\n}',
    "zone.conntrack.limits": 'zone "other" {\n  interface = "eth7"\n  conntrack {\n'
                             '    limits {\n      @\n    }\n  }\n}',
    "zone.protection": f'zone "other" {{\n  interface = "eth7"\n  protection {{{FLOODS}@\n  }}\n}}',
    "policy": 'policy "lan" "wan" {\n  @\n}',
    "policy.rule": 'policy "lan" "wan" {\n  rule "one" {\n    action = "accept"\n    @\n  }\n}',
    "scheduled_rule": 'scheduled_rule "one" {\n  zone_from = "lan"\n  zone_to = "wan"\n  action = "accept"\n'
                      '  schedule = "0 21 * * *"\n  end_schedule = "0 5 * * *"\n  @\n}',
    "service": 'service "backup" {\n  proto = "tcp"\n  port = 99\n  @\n}\n'
               'policy "lan" "wan" {\n  rule "one" {\n    service = "backup"\n    action = "accept"\n  }\n}',
    "interface": 'interface "eth9" {\n  @\n}',
    "interface.vlan": 'interface "eth9" {\n  vlan "20" {\n    @\n  }\n}',
    "ipset": 'ipset "one" {\n  entries = ["192.0.2.9"]\n  action = "drop"\n  @\n}',
    "nat": 'nat "one" {\n  type = "dnat"\n  from = "wan"\n  proto = "tcp"\n  dest_port = 99\n'
           '  to_ip = "192.0.2.88"\n  @\n}',
    "mark_rule": 'mark_rule "one" {\n  from = "lan"\n  set_mark = "0x20"\n  @\n}',
    "uplink_group": 'uplink_group "one" {\n  uplink "a" {\n    interface = "eth0"\n    gateway = "203.0.113.254"\n'
                    '    tier = 1\n  }\n  uplink "b" {\n    interface = "eth5"\n    gateway = "198.51.100.254"\n'
                    '  }\n  @\n}',
    "uplink_group.uplink": 'uplink_group "one" {\n  uplink "a" {\n    interface = "eth0"\n'
                           '    gateway = "203.0.113.254"\n    @\n  }\n'
                           '  uplink "b" {\n    interface = "eth5"\n    gateway = "198.51.100.254"\n  }\n}',
    "notrack": 'notrack "one" {\n  from = "wan"\n  proto = "udp"\n  dest_port = 99\n  @\n}',
    "protection": f'protection "one" {{{FLOODS}@\n}}',
    "flowtable": 'flowtable "one" {\n  devices = ["eth0", "eth5"]\n  @\n}',
    "synproxy": 'synproxy "one" {\n  dest_port = 80\n  @\n}',
    "mss_clamping": "mss_clamping {\n  @\n}",
}
PLACES["multi_wan"] = PLACES["uplink_group"].replace('uplink_group "one"', "multi_wan")
PLACES["enable_flow_offload"] = PLACES["flowtable"].replace('flowtable "one"', "enable_flow_offload")

# Where another place shows it better.
PAIR = 'nat "one" {\n  type = "one_to_one"\n  inside = "192.0.2.10"\n  outside = "192.0.2.20"\n  @\n}'
HIDE = 'nat "one" {\n  type = "masquerade"\n  from = "lan"\n  @\n}'
UPLINKS = PLACES["uplink_group"].replace("    tier = 1\n", "")
SPECIAL_PLACES = {
    "conntrack.helpers.NAME.loose": "conntrack {\n  helpers {\n    ftp {\n      @\n    }\n  }\n}",
    "conntrack.helpers.NAME.enabled": PLACES["conntrack.helpers.NAME"].replace("@", "ports = [5060]\n      @"),
    "nat.inside": PAIR, "nat.outside": PAIR, "nat.dest_zone": HIDE, "nat.to": HIDE, "nat.out_interface": HIDE,
    "zone.services.port.port": PLACES["zone.services.port"].replace('"8443"', '"pages"'),
    "nat.type": 'nat "one" {\n  proto = "tcp"\n  to_port = 8080\n  @\n}',
    "uplink_group.balance": UPLINKS, "multi_wan.balance": UPLINKS.replace('uplink_group "one"', "multi_wan"),
    "service.icmp_type": PLACES["service"].replace('proto = "tcp"', 'proto = "icmp"').replace("  port = 99\n", ""),
    "policy.priority": 'policy "lan" "wan" {\n  rule "web" {\n    service = "http"\n    action = "drop"\n  }\n}\n'
                       'policy "lan" "*" {\n  rule "web" {\n    service = "http"\n    action = "accept"\n  }\n  @\n}',
}

# What has to stand beside it, and what its example has to be there.
BESIDE = {
    "dest_port": 'proto = "tcp"', "src_port": 'proto = "tcp"', "tcp_flags": 'proto = "tcp"',
    "invert_src": 'src_ip = "192.0.2.99"', "invert_dest": 'dest_ip = "192.0.2.98"',
    "time_start": 'time_end = "23:00"', "time_end": 'time_start = "01:00"',
    "helper": 'proto = "tcp"\n  dest_port = 21', "burst": 'limit = "9/second"', "ipv6_prefix": "max_per_ip = 9",
    "log_prefix": "log = true", "log_limit": "log = true", "zone.vlan": 'interface = "eth7"',
    "zone.conntrack.limits.burst": "new_per_ip = 9", "zone.services.port.protocol": "", "service.helper": "",
}
VALUES = {
    "zone.match.interface": '"eth8"', "zone.interface": '"eth8"', "zone.ipsets": '["office"]',
    "zone.services.port.port_end": "8450", "policy.rule.in_interface": '"eth1"', "policy.rule.out_interface": '"eth0"',
    "scheduled_rule.in_interface": '"eth1"', "scheduled_rule.out_interface": '"eth0"',
    "mark_rule.in_interface": '"eth1"', "policy.inherits": '"office"', "nat.dest_zone": '"wan"', "nat.to": '"wan"',
    "nat.out_interface": '"eth0"', "nat.type": '"redirect"', "uplink_group.uplink.table": "750",
    "uplink_group.uplink.mark": "5", "synproxy.mss": "1400", "synproxy.wscale": "3",
    "flowtable.devices": '["eth0", "eth1"]', "enable_flow_offload.devices": '["eth0", "eth1"]',
    "interface.zone": '"lan"', "nat.inside": '"192.0.2.11"', "nat.outside": '"192.0.2.21"',
    "ipset.match_on": '"both"', "syn_flood_rate": "27", "icmp_rate": "11", "new_conn_rate": "101",
    "port_scan_threshold": "21", "policy.rule.conn_state": '"untracked"',
    "conntrack.log_invalid": "false", "syn_flood_protection": "false", "icmp_rate_limit": "false",
    "new_conn_rate_limit": "false", "port_scan_protection": "false", "policy.rule.action": '"reject"',
    "scheduled_rule.zone_from": '"guests"', "scheduled_rule.zone_to": '"guests"', "scheduled_rule.action": '"drop"',
    "service.proto": '"udp"', "ipset.type": '"ipv4"', "ipset.action": '"reject"', "nat.proto": '"udp"',
    "mark_rule.from": '"guests"', "uplink_group.uplink.interface": '"eth6"', "service.icmp_type": '"echo-reply"',
    "mark_rule.conn_state": '"established"', "scheduled_rule.conn_state": '"untracked"',
    "ipset.entries": '["192.0.2.10"]',
}

# What says nothing to the kernel, what is the default or has one value alone; and what is refused there, or cannot
# stand in a text without files: other goldens have it.
SILENT = {"description", "sticky", "url", "access_web_ui", "interface.management", "schema_version", "ipset.size",
          "ipset.match_on_source", "ipset.type",
          "flowtable.offload", "enable_flow_offload.offload", "zone.services.port.port", "synproxy.proto",
          "uplink_group.mode", "multi_wan.mode"}
REFUSED = {
    "nat": {"src_mac", "conn_state", "icmp_type", "tcp_flags", "dscp", "time_start", "time_end", "days"},
    "notrack": {"src_mac", "out_interface", "conn_state", "tcp_flags"},
    "synproxy": {"conn_state", "icmp_type", "tcp_flags"},
    "scheduled_rule": {"time_start", "time_end", "days", "rule", "policy"},
    "conntrack": {"enabled"},
    "policy": {"from", "to"},
    "ipset": {"file", "format", "column", "key"},
}

ROW = re.compile(r"^- \*\*`(\w+)`\*\*(?: \(also ([^)]*)\))?: (.*?) Example: `([^`]*)`", re.MULTILINE)
SECTION = re.compile(r"^##+ ([a-z_]+(?:\.\w+)*)$", re.MULTILINE)


@dataclass(frozen=True)
class Attribute:
    section: str
    name: str
    aliases: tuple[str, ...]
    value: str

    @property
    def path(self) -> str:
        return f"{self.section}.{self.name}"


def own(table: dict[str, str], attribute: Attribute, default: str) -> str:
    return table.get(attribute.path, table.get(attribute.name, default))


def value_of(section: str, name: str, text: str, example: str) -> str:
    """The example's, or where that is the default the other one."""
    value = example.split("=", 1)[1].strip()
    default = re.search(r"default `([^`]*)`", text)
    if default and default.group(1) == value:
        value = {"true": "false", "false": "true"}.get(value, value)
    return own(VALUES, Attribute(section, name, (), value), value)


def attributes(manual: str) -> Iterator[Attribute]:
    parts = SECTION.split(manual)
    for section, body in zip(parts[1::2], parts[2::2]):
        for name, also, text, example in ROW.findall(body) if section in PLACES else ():
            if "=" in example:
                yield Attribute(section, name, tuple(re.findall(r"`([^`]+)`", also)),
                                value_of(section, name, text, example))


def is_word(text: str) -> bool:
    return re.fullmatch(r"[A-Za-z_]\w*", text) is not None


class Compiler:
    def __init__(self, path: str) -> None:
        self.path = path
        self.known: dict[tuple[str, str], tuple[bool, str]] = {}

    def place(self, attribute: Attribute, line: str) -> str:
        """Its configuration with that line, which stands instead of the same attribute."""
        place = SPECIAL_PLACES.get(attribute.path, PLACES[attribute.section])
        beside = own(BESIDE, attribute, "")
        if attribute.name in ("service", "icmp_type"):
            place = re.sub(r"\n *(proto|dest_port) =.*", "", place)
        names = {match.group(1) for match in re.finditer(r"^ *(\w+) =", f"{line}\n{beside}", re.MULTILINE)}
        for name in names | ({attribute.name} if line else set()):
            place = re.sub(rf"^ *{name} +=.*\n", "", place, count=1, flags=re.MULTILINE)
        return COMMON + place.replace("@", f"{beside}\n  {line}") + "\n"

    def emit(self, config: str, output: str) -> tuple[bool, str]:
        """Whether it compiles, and what comes of it, or the first error."""
        key = config, output
        if key not in self.known:
            done = run([self.path, f"--emit={output}", "-"], stdin=config)
            is_done = done.returncode == 0
            self.known[key] = is_done, done.stdout if is_done else done.stderr.split("\n")[0]
        return self.known[key]

    def differs(self, one: str, other: str) -> bool:
        """Most do in the first output already."""
        return any(self.emit(one, output) != self.emit(other, output) for output in OUTPUTS)

    def look(self, attribute: Attribute) -> list[str]:
        """What is wrong with it."""
        line = f"{attribute.name} = {attribute.value}"
        config = self.place(attribute, line)
        for output in OUTPUTS:
            is_done, error = self.emit(config, output)
            if not is_done:
                return [error]
        wrong = []
        if not {attribute.path, attribute.name} & SILENT and not self.differs(config, self.place(attribute, "")):
            wrong.append(f"`{line}` does nothing")
        for alias in filter(is_word, attribute.aliases):
            if self.differs(config, self.place(attribute, f"{alias} = {attribute.value}")):
                wrong.append(f"{alias} is something else")
        return wrong


def main() -> None:
    options = arguments(__doc__ or "").parse_args()
    report = Report(only_failures=True)
    compiler = Compiler(program(options.bin, "flywall-compile"))
    manual = run([compiler.path, "--manual"]).stdout
    every = [attribute for attribute in attributes(manual)
             if attribute.name not in REFUSED.get(attribute.section, ())]
    report.claim(len(every) > 300, "the reference has attributes", len(every))
    with ThreadPoolExecutor(2) as pool:
        for attribute, wrong in zip(every, pool.map(compiler.look, every)):
            report.claim(not wrong, attribute.path, "; ".join(wrong) or None)
    report.finish()


main()
