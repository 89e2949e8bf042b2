// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.unboundid.ldap.sdk.LDAPException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nxvms.platform.api.security.OutsideIdentity;

/** Against a directory in memory; a real one is asked on the packed server. */
class DirectoryTest {
    private CompanyDirectory company;

    @BeforeEach
    void start() throws Exception {
        company = new CompanyDirectory();
    }

    @AfterEach
    void stop() {
        company.close();
    }

    private Directory directory(Object... exchanged) {
        LdapSettings settings = Settings.company(company.port(), exchanged);
        return new Directory("ldap", settings, settings.bindPassword());
    }

    @Test
    void aRightPasswordTellsWhoItIsAndWhichRole() throws Exception {
        OutsideIdentity dora = directory().check("DORA", "dora-horse-9").orElseThrow();

        assertThat(dora.provider()).isEqualTo("ldap");
        assertThat(dora.username()).isEqualTo("dora");
        assertThat(dora.role()).contains("operator");
        assertThat(directory().lookUp(dora)).contains(dora);
        assertThat(directory().check("nora", "nora-horse-9").orElseThrow().role())
                .as("in no group that has a role")
                .isEmpty();
        company.group("VMS Admins", "dora");
        assertThat(directory().lookUp(dora).orElseThrow().role())
                .as("the first line of the setting")
                .contains("administrator");
    }

    @Test
    void nothingElseLetsAnybodyIn() throws Exception {
        for (String[] tried : new String[][] {
            {"dora", "wrong"},
            {"dora", ""},
            {"nobody", "dora-horse-9"},
            {"", "dora-horse-9"},
            {"dor*", "dora-horse-9"},
            {"*)(uid=dora", "dora-horse-9"},
            {"dora)(|(uid=*", "dora-horse-9"},
            {"dora,ou=people,dc=example", "dora-horse-9"},
            {"do\0ra", "dora-horse-9"}
        }) {
            assertThat(directory().check(tried[0], tried[1])).as(tried[0]).isEmpty();
            assertThat(byName().check(tried[0], tried[1])).as(tried[0]).isEmpty();
        }
    }

    private Directory byName() {
        return directory("peopleBase", "", "personDn", "uid={0},ou=people,dc=example");
    }

    @Test
    void anEntryIsFoundByItsNameWithoutASearch() throws Exception {
        OutsideIdentity dora = byName().check("dora", "dora-horse-9").orElseThrow();

        assertThat(dora.role()).contains("operator");
        assertThat(byName().lookUp(dora)).contains(dora);
        company.remove("uid=dora,ou=people,dc=example");
        company.person("dora", "another-9");
        assertThat(byName().lookUp(dora)).as("somebody else of that name").isEmpty();
    }

    @Test
    void oddNamesAreNamesAndNoMore() throws Exception {
        company.add(
                "dn: uid=o\\,m,ou=people,dc=example", "objectClass: person", "uid: o,m", "userPassword: oddly-horse-9");

        assertThat(directory().check("o,m", "oddly-horse-9")).isPresent();
        assertThat(byName().check("o,m", "oddly-horse-9")).isPresent();
        assertThat(new Layout(Settings.company(1, "peopleBase", "", "personDn", "uid={0},dc=example"))
                        .entryOf("a,dc=evil+b=\"<c>\\"))
                .isEqualTo("uid=a\\,dc=evil\\+b=\\\"\\<c\\>\\\\,dc=example");
    }

    @Test
    void whoIsGoneOrNoPersonWhoComesInAnyMoreIsNotFound() throws Exception {
        String filter = "(&(uid={0})(!(employeeType=left)))";
        OutsideIdentity dora =
                directory("personFilter", filter).check("dora", "dora-horse-9").orElseThrow();
        company.change(
                "dn: uid=dora,ou=people,dc=example", "changetype: modify", "add: employeeType", "employeeType: left");
        assertThat(directory("personFilter", filter).lookUp(dora)).isEmpty();
        assertThat(directory("personFilter", filter).check("dora", "dora-horse-9"))
                .isEmpty();
        assertThat(directory().lookUp(dora)).isPresent();
        company.remove("uid=dora,ou=people,dc=example");
        assertThat(directory().lookUp(dora)).isEmpty();
    }

    @Test
    void groupsStandInTheEntryAndOneMayBeNeeded() throws Exception {
        company.person(
                "mona",
                "mona-horse-9",
                "memberOf: cn=guards,ou=groups,dc=example",
                "memberOf: cn=vms,ou=groups,dc=example");
        Object[] memberOf = {
            "groupsBase", "", "memberOfAttribute", "memberOf", "roles", "CN=guards,ou=groups,dc=example=operator"
        };

        assertThat(directory(memberOf).check("mona", "mona-horse-9").flatMap(OutsideIdentity::role))
                .contains("operator");
        assertThat(directory(with(memberOf, "requiredGroup", "cn=VMS,ou=groups,dc=example"))
                        .check("mona", "mona-horse-9")
                        .flatMap(OutsideIdentity::role))
                .contains("operator");
        assertThat(directory(with(memberOf, "roles", "guards=operator"))
                        .check("mona", "mona-horse-9")
                        .flatMap(OutsideIdentity::role))
                .as("a common name is nobody's alone")
                .isEmpty();
        assertThat(directory(with(memberOf, "requiredGroup", "others"))
                        .check("mona", "mona-horse-9")
                        .flatMap(OutsideIdentity::role))
                .isEmpty();
    }

    @Test
    void aGroupFurtherDownIsNoOtherByItsName() throws Exception {
        company.add("dn: ou=team7,ou=groups,dc=example", "objectClass: organizationalUnit", "ou: team7");
        company.add(
                "dn: cn=vms admins,ou=team7,ou=groups,dc=example",
                "objectClass: groupOfNames",
                "cn: vms admins",
                "member: uid=nora,ou=people,dc=example");

        assertThat(directory().check("nora", "nora-horse-9").orElseThrow().role())
                .isEmpty();
        assertThat(directory("roles", "cn=vms admins,ou=team7,ou=groups,dc=example=viewer")
                        .check("nora", "nora-horse-9")
                        .orElseThrow()
                        .role())
                .contains("viewer");
    }

    @Test
    void aBaseThatIsNotThereSaysNothingOfAnybody() throws Exception {
        OutsideIdentity dora = directory().check("dora", "dora-horse-9").orElseThrow();
        directory().probe();
        for (String base : List.of("peopleBase", "groupsBase")) {
            Directory mistyped = directory(base, "ou=nowhere,dc=example");
            assertThatExceptionOfType(LDAPException.class).as(base).isThrownBy(() -> mistyped.lookUp(dora));
            assertThatExceptionOfType(LDAPException.class).as(base).isThrownBy(mistyped::probe);
        }
    }

    private static Object[] with(Object[] some, Object... more) {
        Object[] all = Arrays.copyOf(some, some.length + more.length);
        System.arraycopy(more, 0, all, some.length, more.length);
        return all;
    }

    @Test
    void groupsMayNameTheirMembersByName() throws Exception {
        company.add("dn: cn=night,ou=groups,dc=example", "objectClass: posixGroup", "cn: night", "memberUid: nora");

        assertThat(directory("groupFilter", "(memberUid={1})", "roles", "night=viewer")
                        .check("nora", "nora-horse-9")
                        .flatMap(OutsideIdentity::role))
                .contains("viewer");
    }

    @Test
    void theFirstServerThatAnswersIsAsked() throws Exception {
        // A port that is taken, so that nobody else opens it, and at which nobody listens.
        try (Socket nobody = new Socket()) {
            nobody.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            Directory two = directory(
                    "urls", "ldap://127.0.0.1:" + nobody.getLocalPort() + " ldap://127.0.0.1:" + company.port());

            assertThat(two.check("dora", "dora-horse-9")).isPresent();
            company.close();
            assertThatExceptionOfType(LDAPException.class)
                    .isThrownBy(() -> two.check("dora", "dora-horse-9"))
                    .withMessageContaining("127.0.0.1:");
        }
    }

    @Test
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aServerThatSaysNothingIsGivenUpInTime() throws Exception {
        try (ServerSocket dumb = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            for (boolean startTls : new boolean[] {false, true}) {
                Directory hanging = directory(
                        "urls", "ldap://127.0.0.1:" + dumb.getLocalPort(), "startTls", startTls, "timeoutSeconds", 1);
                assertThatExceptionOfType(LDAPException.class).isThrownBy(() -> hanging.check("dora", "dora-horse-9"));
            }
            Directory tls = directory("urls", "ldaps://127.0.0.1:" + dumb.getLocalPort(), "timeoutSeconds", 1);
            assertThatExceptionOfType(LDAPException.class).isThrownBy(tls::probe);
        }
    }

    @Test
    void noPasswordIsSentInTheClear() throws IOException {
        assertThatExceptionOfType(LDAPException.class)
                .as("a directory without StartTLS")
                .isThrownBy(() -> directory("startTls", true).check("dora", "dora-horse-9"))
                .withMessageContaining("StartTLS");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> directory("urls", "ldap://directory.example"))
                .withMessageContaining("in the clear");
        directory("urls", "ldap://directory.example", "plainAllowed", true);
        directory("urls", "ldap://localhost ldap://[::1]:3890 ldaps://directory.example");
    }

    @Test
    void theServersAccountIsNamedWhenItIsRefused() {
        LdapSettings settings = Settings.company(company.port());
        Directory wrong = new Directory("ldap", settings, "wrong");

        assertThatExceptionOfType(LDAPException.class)
                .isThrownBy(() -> wrong.check("dora", "dora-horse-9"))
                .withMessageContaining("bindPassword")
                .satisfies(e -> assertThat(e.toString()).doesNotContain("wrong", "dora-horse-9"));
    }

    @Test
    void settingsThatCannotWorkAreNamed() {
        for (List<Object> wrong : List.<List<Object>>of(
                List.of("urls", ""),
                List.of("urls", "http://x"),
                List.of("urls", "ldap://user:pw@x"),
                List.of("urls", "ldap://x:99999"),
                List.of("urls", "ldaps://a ldaps://b ldaps://c ldaps://d ldaps://e ldaps://f"),
                List.of("personFilter", "uid={0})("),
                List.of("groupFilter", "(member={0}"),
                List.of("peopleBase", "people"),
                List.of("personDn", "uid={0},dc=example"),
                List.of("groupsBase", ""),
                List.of("roles", ""),
                List.of("roles", "guards"),
                List.of("bindPassword", ""))) {
            assertThatIllegalArgumentException()
                    .as(wrong.toString())
                    .isThrownBy(() -> directory(wrong.toArray()))
                    .withMessageContaining(wrong.get(0).toString());
        }
    }
}
