// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.annotation.Annotation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.platform.api.health.HealthCheck.Status;

/** Certificates come, are exchanged, and go wrong. */
class ServerCertificateTest {
    private static final String[] CURVE = {"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"};

    @TempDir
    Path keys;

    private OpenSsl openssl;
    private HttpsStore store;
    private ServerCertificate certificate;

    @BeforeEach
    void begin() throws Exception {
        openssl = new OpenSsl(keys);
        openssl.authority();
        openssl.issued("first", CURVE);
        openssl.issued("second", CURVE);
        Files.writeString(keys.resolve("https-password"), "0123456789abcdef");
        openssl.run(
                "pkcs12",
                "-export",
                "-name",
                "https",
                "-in",
                "first.pem",
                "-inkey",
                "first.key",
                "-passout",
                "file:https-password",
                "-out",
                "https.p12");
        store = new HttpsStore(keys);
        certificate = watching(Clock.systemUTC());
    }

    @AfterEach
    void stop() {
        certificate.stop();
    }

    private ServerCertificate watching(Clock clock) {
        return new ServerCertificate(new Settings("", ""), keys, clock);
    }

    private record Settings(String certificateFile, String keyFile) implements CertificateSettings {
        @Override
        public Class<? extends Annotation> annotationType() {
            return CertificateSettings.class;
        }
    }

    private void put(String certificateFrom, String keyFrom) throws Exception {
        Files.writeString(keys.resolve("https-cert.pem"), openssl.text(certificateFrom));
        Files.writeString(keys.resolve("https-key.pem"), openssl.text(keyFrom));
    }

    private String shown() throws Exception {
        return store.chain().get(0).getSubjectX500Principal().getName();
    }

    @Test
    void withoutFilesTheKeyStoreStaysAsItIs() throws Exception {
        byte[] before = Files.readAllBytes(store.file());

        certificate.look();

        assertThat(store.file()).hasBinaryContent(before);
        assertThat(certificate.check().status()).isEqualTo(Status.UP);
        assertThat(certificate.check().figures()).containsEntry("daysLeft", 19L);
        assertThat(certificate.isTrusted()).as("nobody knows this authority").isFalse();
    }

    @Test
    void newFilesAreInTheStoreAtTheNextLookForTheServersUserAlone() throws Exception {
        put("second.pem", "second.key");

        certificate.look();

        assertThat(shown()).isEqualTo("CN=second");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(store.file())))
                .isEqualTo("rw-------");
        Instant written = Files.getLastModifiedTime(store.file()).toInstant();
        certificate.look();
        assertThat(Files.getLastModifiedTime(store.file()).toInstant())
                .as("what is in force is not written again")
                .isEqualTo(written);
    }

    @Test
    void aPairThatIsHalfExchangedIsWaitedForAndOneThatStaysWrongIsSaid() throws Exception {
        put("second.pem", "first.key");
        certificate.look();
        assertThat(certificate.check().status()).as("the key may come yet").isEqualTo(Status.UP);
        certificate.look();
        assertThat(certificate.check().detail()).contains("https-cert.pem", "not that of the certificate");
        assertThat(shown()).isEqualTo("CN=first");

        put("second.pem", "second.key");
        certificate.look();

        assertThat(certificate.check().status()).isEqualTo(Status.UP);
        assertThat(shown()).isEqualTo("CN=second");
    }

    @Test
    void whatWasThereBeforeAMistakeIsRightAgainWhenItIsPutBack() throws Exception {
        put("second.pem", "second.key");
        certificate.look();
        put("first.pem", "second.key");
        certificate.look();
        certificate.look();
        assertThat(certificate.check().status()).isEqualTo(Status.DEGRADED);

        put("second.pem", "second.key");
        certificate.look();

        assertThat(certificate.check().status()).isEqualTo(Status.UP);
        assertThat(shown()).isEqualTo("CN=second");
    }

    @Test
    void filesElsewhereAreNamedWhenTheyAreNotThere() throws Exception {
        certificate.apply(new Settings("/nowhere/fullchain.pem", "/nowhere/privkey.pem"));
        certificate.look();
        certificate.look();

        assertThat(certificate.check().detail()).contains("/nowhere/fullchain.pem cannot be read");

        certificate.apply(new Settings(
                keys.resolve("second.pem").toString(),
                keys.resolve("second.key").toString()));
        certificate.look();
        assertThat(shown()).isEqualTo("CN=second");
    }

    @Test
    void anEndThatComesIsSaidInTime() {
        certificate.look();
        certificate.stop();
        certificate = watching(Clock.fixed(Instant.now().plus(Duration.ofDays(10)), ZoneOffset.UTC));
        certificate.look();
        assertThat(certificate.check().status()).isEqualTo(Status.DEGRADED);
        assertThat(certificate.check().detail()).contains("expires in 9 days", "Renew");

        certificate.stop();
        certificate = watching(Clock.fixed(Instant.now().plus(Duration.ofDays(30)), ZoneOffset.UTC));
        certificate.look();
        assertThat(certificate.check().status()).isEqualTo(Status.DOWN);
    }
}
