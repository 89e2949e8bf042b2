// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.platform.api.health.HealthCheck;
import org.nxvms.platform.api.security.AuthenticationUnavailableException;
import org.nxvms.platform.api.security.SecretVault;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** The directory as a service: its health, its settings, and the password in its file. */
class LdapProviderTest {
    @TempDir
    private Path folder;

    private final Hashtable<String, Object> written = new Hashtable<>();
    private final BlockingQueue<Dictionary<String, Object>> updates = new LinkedBlockingQueue<>();
    private CompanyDirectory company;
    private LdapProvider provider;

    /** Turns texts round, for its purpose only. */
    private static final SecretVault VAULT = new SecretVault() {
        @Override
        public String seal(String secret, String purpose) {
            return new StringBuilder(secret).reverse() + "/" + purpose;
        }

        @Override
        public String open(String sealed, String purpose) {
            if (!sealed.endsWith("/" + purpose)) {
                throw new IllegalArgumentException("foreign");
            }
            return new StringBuilder(sealed.substring(0, sealed.length() - purpose.length() - 1))
                    .reverse()
                    .toString();
        }
    };

    @BeforeEach
    void start() throws Exception {
        company = new CompanyDirectory();
    }

    @AfterEach
    void stop() {
        if (provider != null) {
            provider.close();
        }
        company.close();
    }

    @SuppressWarnings("unchecked")
    private ConfigurationAdmin admin() {
        Configuration configuration = (Configuration) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Configuration.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("update")) {
                        updates.add((Dictionary<String, Object>) arguments[0]);
                        return null;
                    }
                    return new Hashtable<>(written);
                });
        return (ConfigurationAdmin) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ConfigurationAdmin.class},
                (proxy, method, arguments) -> configuration);
    }

    private LdapProvider provider(Object... exchanged) {
        provider = new LdapProvider(Settings.company(company.port(), exchanged), VAULT, admin());
        return provider;
    }

    @Test
    void aPasswordInTheFileIsSealedAndOpens() throws Exception {
        written.put("bindPassword", "server-secret");
        written.put("urls", "ldap://x");
        provider();

        Dictionary<String, Object> sealed = updates.poll(30, TimeUnit.SECONDS);

        assertThat(sealed.get("urls")).isEqualTo("ldap://x");
        String stored = sealed.get("bindPassword").toString();
        assertThat(stored).startsWith("sealed:").doesNotContain("server-secret");
        provider.close();
        assertThat(provider("bindPassword", stored).check("dora", "dora-horse-9"))
                .isPresent();
        assertThat(provider("bindPassword", "sealed:of another server").check().detail())
                .contains("bindPassword was sealed by another server");
    }

    @Test
    void whatIsFilledInFromElsewhereStaysAsItIs() throws Exception {
        Path file = Files.writeString(folder.resolve("org.nxvms.integration.ldap.cfg"), "bindPassword = ${env:LDAP}\n");
        written.put("bindPassword", "server-secret");
        written.put("felix.fileinstall.filename", file.toUri().toString());
        provider().close();

        new BindPassword(VAULT).seal(admin(), LdapProvider.PID);

        assertThat(updates).isEmpty();
    }

    @Test
    void itsHealthSaysWhatIsWrongAndNothingElseIsHeldUp() throws Exception {
        assertThat(provider().check("dora", "dora-horse-9")).isPresent();
        assertThat(provider.check().status()).isEqualTo(HealthCheck.Status.UP);
        assertThat(provider.requiredForReadiness()).isFalse();

        company.close();
        assertThatExceptionOfType(AuthenticationUnavailableException.class)
                .isThrownBy(() -> provider.check("dora", "dora-horse-9"))
                .withMessageContaining("127.0.0.1:" + company.port())
                .satisfies(e -> assertThat(e.toString()).doesNotContain("dora-horse-9", "server-secret"));
        assertThat(provider.check().findings())
                .extracting(HealthCheck.Finding::code)
                .containsExactly("ldap_silent");

        provider.modified(Settings.company(company.port(), "roles", "guards"));
        assertThat(provider.check().detail()).contains("roles cannot be read", "etc/org.nxvms.integration.ldap.cfg");
        assertThat(provider.check().findings())
                .extracting(HealthCheck.Finding::code)
                .containsExactly("ldap_misconfigured");
        assertThatExceptionOfType(AuthenticationUnavailableException.class)
                .isThrownBy(() -> provider.check("dora", "dora-horse-9"));
    }
}
