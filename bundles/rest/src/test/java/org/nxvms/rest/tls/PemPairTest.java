// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What administrators and ACME clients bring. */
class PemPairTest {
    private static final String[] CURVE = {"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"};

    @TempDir
    Path folder;

    private OpenSsl openssl;

    @BeforeEach
    void authority() throws Exception {
        openssl = new OpenSsl(folder);
        openssl.authority();
    }

    private static void refused(String certificates, String key, Instant now, String... words) {
        assertThatThrownBy(() -> PemPair.read(certificates, key, now))
                .isInstanceOf(PemPair.Refused.class)
                .hasMessageContainingAll(words);
    }

    @Test
    void keysOfEachKindAndFormAreTaken() throws Exception {
        openssl.issued("ec", CURVE);
        openssl.issued("rsa", "-newkey", "rsa:2048");
        openssl.issued("ed", "-newkey", "ed25519");
        // As certbot and lego wrote them for years.
        openssl.run("ec", "-in", "ec.key", "-out", "ec-old.key");
        openssl.run("rsa", "-in", "rsa.key", "-traditional", "-out", "rsa-old.key");
        assertThat(openssl.text("ec-old.key")).contains("BEGIN EC PRIVATE KEY");
        assertThat(openssl.text("rsa-old.key")).contains("BEGIN RSA PRIVATE KEY");

        for (String[] pair :
                new String[][] {{"ec", "ec"}, {"ec", "ec-old"}, {"rsa", "rsa"}, {"rsa", "rsa-old"}, {"ed", "ed"}}) {
            PemPair read = PemPair.read(
                    openssl.text(pair[0] + ".pem", "ca.pem"), openssl.text(pair[1] + ".key"), Instant.now());
            assertThat(read.chain()).as(pair[1]).hasSize(2);
            assertThat(read.toString()).isEqualTo("PemPair[CN=" + pair[0] + "]");
        }
    }

    @Test
    void whatDoesNotBelongTogetherIsRefusedByName() throws Exception {
        openssl.issued("a", CURVE);
        openssl.issued("b", CURVE);
        openssl.issued("rsa", "-newkey", "rsa:2048");
        openssl.run("pkcs8", "-topk8", "-in", "a.key", "-passout", "pass:x", "-out", "secret.key");
        Instant now = Instant.now();
        String a = openssl.text("a.pem");

        refused(a, openssl.text("b.key"), now, "not that of the certificate");
        refused(a, openssl.text("rsa.key"), now, "no EC key");
        refused(a, openssl.text("secret.key"), now, "has a password", "openssl pkey");
        refused(a, a, now, "no PRIVATE KEY");
        refused(openssl.text("ca.pem", "a.pem"), openssl.text("ca.key"), now, "did not issue", "own first");
        refused("", openssl.text("a.key"), now, "0 certificates");
        refused(
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                openssl.text("a.key"),
                now,
                "not PEM");
        refused(a, openssl.text("a.key"), now.plus(Duration.ofDays(21)), "expired", "Renew");
        refused(a, openssl.text("a.key"), now.minus(Duration.ofDays(1)), "not yet", "clock");
    }
}
