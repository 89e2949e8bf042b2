// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.ldap;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import java.net.InetAddress;
import java.util.Arrays;

/** A directory in memory on a port of its own: people, two groups, and the server's account. */
final class CompanyDirectory implements AutoCloseable {
    private final InMemoryDirectoryServer server;
    private final int port;

    CompanyDirectory() throws Exception {
        InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig("dc=example");
        config.addAdditionalBindCredentials("cn=server,dc=example", "server-secret");
        config.setSchema(null);
        config.setListenerConfigs(
                new InMemoryListenerConfig("plain", InetAddress.getLoopbackAddress(), 0, null, null, null));
        server = new InMemoryDirectoryServer(config);
        server.startListening();
        port = server.getListenPort();
        add("dn: dc=example", "objectClass: domain", "dc: example");
        add("dn: ou=people,dc=example", "objectClass: organizationalUnit", "ou: people");
        add("dn: ou=groups,dc=example", "objectClass: organizationalUnit", "ou: groups");
        person("dora", "dora-horse-9");
        person("nora", "nora-horse-9");
        group("guards", "dora");
    }

    int port() {
        return port;
    }

    void add(String... lines) throws Exception {
        server.add(lines);
    }

    void person(String uid, String password, String... more) throws Exception {
        String[] lines = {
            "dn: uid=" + uid + ",ou=people,dc=example",
            "objectClass: person",
            "objectClass: inetOrgPerson",
            "uid: " + uid,
            "cn: " + uid,
            "sn: " + uid,
            "userPassword: " + password
        };
        String[] all = Arrays.copyOf(lines, lines.length + more.length);
        System.arraycopy(more, 0, all, lines.length, more.length);
        add(all);
    }

    void group(String name, String member) throws Exception {
        add(
                "dn: cn=" + name + ",ou=groups,dc=example",
                "objectClass: groupOfNames",
                "cn: " + name,
                "member: uid=" + member + ",ou=people,dc=example");
    }

    void change(String... lines) throws Exception {
        server.modify(lines);
    }

    void remove(String dn) throws Exception {
        server.delete(dn);
    }

    @Override
    public void close() {
        server.shutDown(true);
    }
}
