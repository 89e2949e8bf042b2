// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.platform.api.health.HealthCheck;
import org.nxvms.platform.api.security.AuthenticationUnavailableException;
import org.nxvms.platform.api.security.SecretVault;
import org.nxvms.test.kit.BindingVault;
import org.nxvms.test.kit.KeptSettings;

/** The directory as a service: its health, its settings, and the password in its file. */
class LdapProviderTest {
    @TempDir
    private Path folder;

    private static final SecretVault VAULT = new BindingVault();

    private final KeptSettings settings = new KeptSettings();
    private CompanyDirectory company;
    private LdapProvider provider;

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

    private LdapProvider provider(Object... exchanged) {
        provider = new LdapProvider(Settings.company(company.port(), exchanged), VAULT, settings.admin());
        return provider;
    }

    @Test
    void aPasswordInTheFileIsSealedAndOpens() throws Exception {
        settings.written.put("bindPassword", "server-secret");
        settings.written.put("urls", "ldap://x");
        provider();

        Dictionary<String, Object> sealed = settings.updates.poll(30, TimeUnit.SECONDS);

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
        settings.written.put("bindPassword", "server-secret");
        settings.written.put("felix.fileinstall.filename", file.toUri().toString());
        provider().close();

        new BindPassword(VAULT).seal(settings.admin(), LdapProvider.PID);

        assertThat(settings.updates).isEmpty();
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
