// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.oidc.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a file of settings may say, and what is said of one that cannot work. */
class ProviderSettingsTest {
    private static final Map<String, String> LEAST =
            Map.of("name", "corp", "issuer", "https://login.example/realms/a", "clientId", "nvr");

    private static ProviderSettings with(String key, String value) {
        Map<String, String> values = new HashMap<>(LEAST);
        values.put(key, value);
        return ProviderSettings.of(values::get);
    }

    @Test
    void nameIssuerAndClientAreEnough() {
        ProviderSettings settings = ProviderSettings.of(LEAST::get);
        assertThat(settings.title()).isEqualTo("Single sign-on");
        assertThat(settings.terms().scopes()).isEqualTo("openid profile email");
        assertThat(settings.origin()).isEmpty();
        assertThat(settings.roles().roleOf(List.of("anything"))).isEmpty();
    }

    @Test
    void groupsMeanRoles() {
        ProviderSettings settings = with("roles", "CN=Guards,DC=corp=operator; admins=administrator");
        assertThat(settings.roles().roleOf(List.of("admins"))).contains("administrator");
        assertThat(settings.roles().roleOf(List.of("CN=Guards,DC=corp"))).contains("operator");
    }

    @Test
    void anOriginIsSchemeHostAndPort() {
        assertThat(with("origin", "https://nvr.example:8443").origin())
                .contains(URI.create("https://nvr.example:8443"));
    }

    @ParameterizedTest
    @CsvSource({
        "name, Corp Inc, name must be",
        "name, ldap, name must be",
        "sessionHours, 0, sessionHours must be 1",
        "issuer, http://login.example, issuer must begin with https",
        "issuer, https://user:pass@login.example, issuer must begin with https",
        "issuer, https://login.example?a=b, issuer must have no query",
        "issuer, https://169.254.169.254, issuer: its host is a cloud's metadata service",
        "issuer, https://2852039166, issuer: its host is an address in an unusual notation",
        "issuer, '', issuer must have",
        "issuer, 'https://a b', issuer cannot be read",
        "clientId, '', clientId must have",
        "scopes, profile, scopes must hold openid",
        "algorithms, none, algorithms must be of",
        "algorithms, HS256, algorithms must be of",
        "algorithms, 'RS256,HS512', algorithms must be of",
        "origin, https://nvr.example/console, origin must be scheme",
        "origin, http://nvr.example, origin must begin with https",
        "roles, admins, roles:",
        "timeoutMs, soon, timeoutMs must be a whole number",
        "timeoutMs, 10, timeoutMs must be 500"
    })
    void whatCannotWorkIsNamed(String key, String value, String said) {
        assertThatThrownBy(() -> with(key, value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(said);
    }
}
