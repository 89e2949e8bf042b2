// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nxvms.health.Neighbours;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** Hosts that nobody would take for such, but for the setting that names them. */
class SetHostsTest {
    @Test
    void theDatabasesAreKnownWithAndWithoutPorts() {
        assertThat(SetHosts.of(
                        null,
                        Map.of(
                                SetHosts.DATABASE,
                                "jdbc:postgresql://kundennas:5432,spare,192.0.2.7:5432/nxvms?user=vms")))
                .isEqualTo(Map.of("kundennas", "[database-host-1]", "spare", "[database-host-2]"));
        assertThat(SetHosts.of(null, Map.of())).isEmpty();
    }

    @Test
    void thoseOfSettingsAreFoundInWhateverFormTheyStand() {
        ConfigurationAdmin admin = admin(
                configuration(
                        "org.nxvms.live.webrtc",
                        Map.of("servers", new String[] {"turn:relay:3478?transport=udp", "stun:[2001:db8::1]:3478"})),
                configuration(
                        "org.nxvms.integration.ldap", Map.of("urls", List.of("ldaps://erika:x@directory/dc=home"))),
                configuration("org.nxvms.web", Map.of("title", "Kanzlei", "port", 8443)));
        assertThat(SetHosts.of(admin, Map.of()).keySet()).containsExactlyInAnyOrder("relay", "directory");
        assertThat(SetHosts.of(admin, Map.of()).get("directory")).startsWith("[ldap-host-");
    }

    private static ConfigurationAdmin admin(Configuration... all) {
        return Neighbours.answering(ConfigurationAdmin.class, Map.of("listConfigurations", all));
    }

    private static Configuration configuration(String pid, Map<String, Object> values) {
        Map<String, Object> answers = new HashMap<>(Map.of("getPid", pid, "getProperties", new Hashtable<>(values)));
        answers.put("getFactoryPid", null);
        return Neighbours.answering(Configuration.class, answers);
    }
}
