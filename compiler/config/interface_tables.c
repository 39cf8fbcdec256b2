#include "config/written.h"

#include "config/names.h"
#include "schema/schema.h"

/* What interfaces are for other programs. */
/* clang-format off */
static const struct stranger interface_strangers[] = {
	{ "bond",                 false, "network interfaces", true },
	{ "description",          false, "a remark", true },
	{ "dhcp",                 false, "network interfaces", true },
	{ "dhcp_client",          false, "network interfaces", true },
	{ "dhcp_v6",              false, "network interfaces", true },
	{ "dhcpv6",               false, "network interfaces", true },
	{ "disable_anti_lockout", false, "the management interface", true },
	{ "disabled",             false, "network interfaces", true },
	{ "gateway",              false, "network interfaces", true },
	{ "gateway_v6",           false, "network interfaces", true },
	{ "ipv4",                 false, "network interfaces", true },
	{ "ipv6",                 false, "network interfaces", true },
	{ "mac",                  false, "network interfaces", true },
	{ "mtu",                  false, "network interfaces", true },
	{ "ra",                   false, "network interfaces", true },
	{ "table",                false, "routing", true },
	{ "tls",                  false, "the management interface", true },
	{ "type",                 false, "network interfaces", true },
	{ "web_ui_port",          false, "the management interface", true },
};
static const struct stranger vlan_strangers[] = {
	{ "description", false, "a remark", true },
	{ "ipv4",        false, "network interfaces", true },
	{ "ipv6",        false, "network interfaces", true },
};
/* clang-format on */

#define NEW_ZONE_ROW                                                                               \
	{                                                                                          \
		.name = "new_zone", BLOCKS_ROW(struct written_zone, OWNER, new_zones),             \
		.table = &zone_table, .may_be_off = true, .label = "its name",                     \
		.example = "new_zone \"guests\"",                                                  \
		.doc = "A zone that is declared where its interface is."                           \
	}

#define OWNER struct written_vlan
static const struct row vlan_rows[] = {
	{ .name = "zone",
	  TEXT_ROW(OWNER, zone),
	  .example = "\"guests\"",
	  .doc = "The zone of the interface NAME.VLAN." },
	NEW_ZONE_ROW,
};
static const struct table vlan_table = { .noun = "vlan",
					 ROWS(vlan_rows),
					 .size = sizeof(OWNER),
					 .at = OFFSET_OF(struct span, OWNER, at),
					 .label = OFFSET_OF(struct field_text, OWNER, id),
					 .strangers = vlan_strangers,
					 .strangers_n = countof(vlan_strangers) };
#undef OWNER

#define OWNER struct written_interface
static const struct row interface_rows[] = {
	{ .name = "zone",
	  TEXT_ROW(OWNER, zone),
	  .example = "\"lan\"",
	  .doc = "The zone that the interface is in, as if the zone named it." },
	{ .name = "vlan",
	  BLOCKS_ROW(struct written_vlan, OWNER, vlans),
	  .table = &vlan_table,
	  .label = "its number",
	  .example = "vlan \"20\"",
	  .doc = "A VLAN of the interface." },
	NEW_ZONE_ROW,
	{ .name = "access_web_ui",
	  BOOL_ROW(OWNER, web_ui),
	  .value = "false",
	  .example = "false",
	  .doc = "Opens nothing: write management in the zone." },
	{ .name = "management",
	  OBJECT_ROW(struct written_management, OWNER, management),
	  .table = &management_table,
	  .example = "{ ssh = false }",
	  .doc = "Opens nothing: write management in the zone." },
};
const struct table interface_table = { .noun = "interface",
				       ROWS(interface_rows),
				       .size = sizeof(OWNER),
				       .at = OFFSET_OF(struct span, OWNER, at),
				       .label = OFFSET_OF(struct field_text, OWNER, name),
				       .strangers = interface_strangers,
				       .strangers_n = countof(interface_strangers) };
#undef OWNER
