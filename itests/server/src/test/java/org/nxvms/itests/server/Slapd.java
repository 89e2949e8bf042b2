// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.nxvms.itests.harness.Commands;
import org.nxvms.itests.harness.Waiting;

/**
 * OpenLDAP's server on this machine, which says nothing without TLS: dora is in a group that may do everything, nora in
 * none.
 */
final class Slapd implements AutoCloseable {
    static final String PASSWORD = "battery-staple-9";
    static final String ADMIN_PASSWORD = "directory-secret-7";
    private static final String ADMIN = "cn=admin,dc=example";

    private final Path folder;
    private final Path program;
    private int port;
    private Process process;

    Slapd(Path folder, Authority authority) throws Exception {
        this.folder = folder;
        Files.createDirectories(folder.resolve("db"));
        authority.issue("directory", folder);
        // Where AppArmor confines the one in /usr/sbin, it may not read this folder.
        program = Files.copy(Path.of("/usr/sbin/slapd"), folder.resolve("slapd"));
        Path settings = Files.writeString(
                folder.resolve("slapd.conf"),
                """
                include /etc/ldap/schema/core.schema
                include /etc/ldap/schema/cosine.schema
                include /etc/ldap/schema/inetorgperson.schema
                modulepath /usr/lib/ldap
                moduleload back_mdb
                TLSCertificateFile %1$s/directory.pem
                TLSCertificateKeyFile %1$s/directory.key
                security tls=1
                database mdb
                maxsize 16777216
                suffix "dc=example"
                rootdn "%2$s"
                rootpw %3$s
                directory %1$s/db
                """
                        .formatted(folder, ADMIN, ADMIN_PASSWORD));
        Path people = Files.writeString(
                folder.resolve("people.ldif"),
                """
                dn: dc=example
                objectClass: dcObject
                objectClass: organization
                dc: example
                o: Example

                dn: ou=people,dc=example
                objectClass: organizationalUnit
                ou: people

                dn: uid=dora,ou=people,dc=example
                objectClass: inetOrgPerson
                uid: dora
                cn: Dora
                sn: Dora
                userPassword: %1$s

                dn: uid=nora,ou=people,dc=example
                objectClass: inetOrgPerson
                uid: nora
                cn: Nora
                sn: Nora
                userPassword: %1$s

                dn: cn=vms-admins,dc=example
                objectClass: groupOfNames
                cn: vms-admins
                member: uid=dora,ou=people,dc=example
                """
                        .formatted(PASSWORD));
        Commands.run(folder, program.toString(), "-Ta", "-f", settings.toString(), "-l", people.toString());
        // Somebody else may have the port before slapd has it: then it ends, and another one is tried.
        Waiting.until("the directory listens", 30, () -> begins(settings));
    }

    private boolean begins(Path settings) throws IOException {
        if (process == null || !process.isAlive()) {
            try (ServerSocket free = new ServerSocket(0)) {
                port = free.getLocalPort();
            }
            process = new ProcessBuilder(
                            program.toString(),
                            "-f",
                            settings.toString(),
                            "-h",
                            "ldap://127.0.0.1:" + port + "/",
                            "-d",
                            "0")
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("slapd.log").toFile())
                    .start();
        }
        return listens() && process.isAlive();
    }

    private boolean listens() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    /** {@return what {@code etc/org.nxvms.integration.ldap.cfg} holds} */
    String[] settings(Authority authority) {
        return new String[] {
            "urls = ldap://127.0.0.1:" + port,
            "trustFile = " + authority.certificate(),
            "bindDn = " + ADMIN,
            "bindPassword = " + ADMIN_PASSWORD,
            "peopleBase = ou=people,dc=example",
            "groupsBase = dc=example",
            "roles = vms-admins=administrator; guards=operator"
        };
    }

    void dissolve(String group) {
        Commands.run(
                folder,
                ("env LDAPTLS_REQCERT=never ldapdelete -ZZ -x -H ldap://127.0.0.1:" + port + " -D " + ADMIN + " -w "
                                + ADMIN_PASSWORD + " cn=" + group + ",dc=example")
                        .split(" "));
    }

    @Override
    public void close() {
        process.destroy();
        Waiting.until("the directory has ended", 30, () -> !process.isAlive());
    }
}
