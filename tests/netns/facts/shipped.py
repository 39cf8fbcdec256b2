"""The configurations under examples/: what their comments promise."""

from facts.model import DROPPED, PASSES, REJECTED, Fact, Group
from support import SOURCE

EXAMPLES = SOURCE / "examples"


def shipped(name: str) -> str:
    return (EXAMPLES / name).read_text()


HOME = Group("examples: a home", shipped("home.hcl"), (
    Fact("the family goes out", "lan", "wan", "tcp 22", PASSES, seen="router@wan"),
    Fact("and logs in to the router", "lan", "router", "tcp 22", PASSES),
    Fact("guests go out", "stray", "wan", "tcp 443", PASSES, seen="router@wan"),
    Fact("and send no mail", "stray", "wan", "tcp 25", REJECTED),
    Fact("and resolve names", "stray", "router", "udp 53", PASSES),
    Fact("and log in nowhere", "stray", "router", "tcp 22", DROPPED),
    Fact("and see nobody", "stray", "lan", "tcp 80", DROPPED),
    Fact("the attic fetches updates", "dmz", "wan", "tcp 443", PASSES, seen="router@wan"),
    Fact("and nothing else", "dmz", "wan", "tcp 25", DROPPED),
    Fact("nor from the family", "dmz", "lan", "tcp 80", DROPPED),
    Fact("strangers read the pages", "wan", "router", "tcp 80", PASSES, families=(4,), server="dmz"),
    Fact("with IPv6 at the box's own address", "wan", "dmz", "tcp 80", PASSES, families=(6,)),
    Fact("so does the family", "lan", "router@wan", "tcp 443", PASSES, families=(4,), server="dmz"),
    Fact("strangers log in nowhere", "wan", "router", "tcp 22", DROPPED),
    Fact("but see who is there", "wan", "lan", "ping", PASSES),
    Fact("nobody pretends to be private", ("192.168.5.5", "fd00::5"), "dmz", "datagram 80", DROPPED),
))

SERVER = Group("examples: a server", shipped("server.hcl"), (
    Fact("pages for everybody", "wan.10", "router", "tcp 443", PASSES, counter="pages"),
    Fact("names without an entry", "wan.10", "router", "udp 53", PASSES, tracked=False),
    Fact("the console for two addresses", "wan", "router", "tcp 22", PASSES),
    Fact("and for nobody else", "wan.10", "router", "tcp 22", DROPPED),
    Fact("it fetches packages", "router", "wan", "tcp 443", PASSES),
    Fact("it sends mail", "router", "wan", "tcp 25", PASSES),
    Fact("and nothing else", "router", "wan", "tcp 6667", REJECTED, logged="flywall self to net reject: "),
    Fact("nothing for who tried passwords", "wan.20", "router", "tcp 443", DROPPED, families=(4,)),
), then="""
    set=$(nft list sets table inet flywall | grep -o "set4_abusers[^ ]*" | head -n 1)
    nft add element inet flywall "$set" "{ 203.0.113.20 }"
""")

PROVIDER = Group("examples: a provider", shipped("provider.hcl"), (
    Fact("customers pass untracked", "lan", "wan", "tcp 25", PASSES, tracked=False),
    Fact("so do answers of datagrams", "lan", "wan", "udp 53", PASSES, tracked=False),
    Fact("others reach them", "wan", "lan", "tcp 80", PASSES),
    Fact("but not their boxes", "wan", "lan", "tcp 23", DROPPED),
    Fact("not who is on the list", "lan.10", "wan", "tcp 80", DROPPED),
    Fact("nor anybody him", "wan", "lan.10", "tcp 80", DROPPED),
    Fact("the neighbour speaks", "wan", "router", "tcp 179", PASSES),
    Fact("nobody else", "wan.10", "router", "tcp 179", DROPPED),
    Fact("customers do not manage the router", "lan", "router", "tcp 22", DROPPED),
    Fact("the office does", "dmz", "router", "tcp 22", PASSES),
    Fact("nobody sends under another's address", ("10.0.2.99", "2001:db8:d::99"), "wan", "datagram 53", DROPPED),
), files={"lists/blocked.csv": shipped("lists/blocked.csv")})

KUBERNETES = Group("examples: a node of Kubernetes", shipped("kubernetes.hcl"), (
    Fact("published services", "wan", "router", "udp 30080", PASSES),
    Fact("and the API", "wan", "router", "tcp 6443", PASSES),
    Fact("but not the node's agent", "wan", "router", "tcp 10250", DROPPED),
    Fact("nor pods by themselves", "wan", "dmz", "tcp 80", DROPPED),
    Fact("which the other nodes have", "lan", "router", "tcp 10250", PASSES),
    Fact("pods leave with the node's address", "dmz", "wan", "tcp 443", PASSES, seen="router@wan"),
    Fact("but not towards nodes", "dmz", "lan", "tcp 443", PASSES, seen="dmz"),
    Fact("and resolve names at the node", "dmz", "router", "udp 53", PASSES),
))

HOTSPOT = Group("examples: a hotspot", shipped("hotspot.hcl"), (
    Fact("a page becomes the log-in page", "lan", "wan", "tcp 80", PASSES, server="router", server_port=8080),
    Fact("secret ones do not open", "lan", "wan", "tcp 443", REJECTED),
    Fact("but for who has logged in", "lan.20", "wan", "tcp 443", PASSES, families=(4,), seen="router@wan"),
    Fact("who sees pages as they are", "lan.20", "wan", "tcp 80", PASSES, families=(4,), server="wan"),
    Fact("everybody has the map of the town", "lan", "wan.20", "tcp 80", PASSES, server="wan"),
    Fact("and of its server nothing else", "lan", "wan.20", "tcp 443", REJECTED),
), then="""
    set=$(nft list sets table inet flywall | grep -o "set4_guests[^ ]*" | head -n 1)
    nft add element inet flywall "$set" "{ 10.0.1.20 }"
""")

BRANCHES = Group("examples: branches", shipped("branches.hcl"), (
    Fact("staff works", "lan", "wan", "tcp 443", PASSES, families=(4,), seen="router@wan"),
    Fact("machines report", "dmz", "wan", "tcp 8883", PASSES, seen="router@wan"),
    Fact("and do nothing else", "dmz", "wan", "tcp 443", REJECTED),
    Fact("departments keep to themselves", "lan", "dmz", "tcp 22", DROPPED),
    Fact("staff logs in to the router", "lan", "router", "tcp 22", PASSES),
    Fact("machines do not", "dmz", "router", "tcp 22", DROPPED),
    Fact("they see whether it is there", "dmz", "router", "ping", PASSES),
))

OFFICE = Group("examples: a firewall", shipped("firewall.hcl"), (
    Fact("the office goes out", "lan", "wan", "tcp 443", PASSES, families=(4,), seen="router@wan"),
    Fact("mail does not", "lan", "wan", "tcp 25", REJECTED),
    Fact("it has what servers serve", "lan", "dmz", "tcp 993", PASSES),
    Fact("servers fetch packages", "dmz", "wan", "tcp 443", PASSES),
    Fact("strangers are logged", "wan", "dmz", "tcp 22", DROPPED, logged="flywall wan to dmz drop: "),
    Fact("everybody sees that it is there", "dmz", "router", "ping", PASSES),
))

BALANCER = Group("examples: a load balancer", shipped("load-balancer.hcl"), (
    Fact("visitors reach a server", "wan", "router", "tcp 443", PASSES, times=3, server="dmz", server_port=8443),
    Fact("but none by itself", "wan", "dmz", "tcp 8443", DROPPED),
    Fact("nor this machine", "wan", "router", "tcp 22", DROPPED),
    Fact("the office does", "lan", "dmz", "tcp 22", PASSES),
))

TENANTS = Group("examples: tenants", shipped("tenants.hcl"), (
    Fact("one goes out", "lan", "wan", "tcp 443", PASSES, families=(4,), seen="router@wan.9"),
    Fact("the other with another address", "dmz", "wan", "tcp 443", PASSES, families=(4,), seen="router@wan.11"),
    Fact("they do not see each other", "lan", "dmz", "tcp 443", DROPPED),
    Fact("nobody sees them", "wan", "lan", "tcp 443", DROPPED),
))

GROUPS = (BALANCER, TENANTS, HOME, SERVER, PROVIDER, KUBERNETES, HOTSPOT, BRANCHES, OFFICE)
