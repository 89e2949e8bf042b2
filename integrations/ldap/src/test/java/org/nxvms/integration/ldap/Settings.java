// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.ldap;

import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;

/** Settings as the component runtime gives them: what was written, and the defaults for the rest. */
final class Settings {
    private Settings() {}

    /** {@return those of a small company, with some exchanged} */
    static LdapSettings company(int port, Object... exchanged) {
        Map<String, Object> values = new HashMap<>(Map.of(
                "urls", "ldap://127.0.0.1:" + port,
                "startTls", false,
                "bindDn", "cn=server,dc=example",
                "bindPassword", "server-secret",
                "peopleBase", "ou=people,dc=example",
                "groupsBase", "ou=groups,dc=example",
                "roles", "vms admins=administrator; guards=operator",
                "timeoutSeconds", 30));
        for (int i = 0; i < exchanged.length; i += 2) {
            values.put((String) exchanged[i], exchanged[i + 1]);
        }
        return (LdapSettings) Proxy.newProxyInstance(
                Settings.class.getClassLoader(),
                new Class<?>[] {LdapSettings.class},
                (proxy, method, arguments) -> values.getOrDefault(method.getName(), method.getDefaultValue()));
    }
}
