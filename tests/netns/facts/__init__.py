"""What a firewall of flywall does to packets: tables of facts, one file a subject.

To add a fact, add a row to a group of one of these files, or a group where it needs a configuration of its
own; model.py says what a row may hold, and network.py which hosts there are.
"""

from facts import (combined, doubts, edges, guards, lists, nat, nat_deep, nat_more, order, rules, rules_more, sets, shipped,
                   sites, times, untracked, zones)
from facts.model import Group

GROUPS: tuple[Group, ...] = (*zones.GROUPS, *rules.GROUPS, *rules_more.GROUPS, *nat.GROUPS, *nat_more.GROUPS,
                            *nat_deep.GROUPS, *sets.GROUPS, *lists.GROUPS, *guards.GROUPS, *untracked.GROUPS,
                            *combined.GROUPS, *times.GROUPS,
                            *order.GROUPS, *doubts.GROUPS, *edges.GROUPS, *sites.GROUPS, *shipped.GROUPS)
