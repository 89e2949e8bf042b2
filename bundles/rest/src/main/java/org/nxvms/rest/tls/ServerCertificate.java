// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.health.HealthCheck;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the certificate's files. What is new and whole goes into the key store, from where the web server takes it
 * without closing a connection; what cannot be used is said, and the one before stays.
 */
@Component(
        service = {ServerCertificate.class, HealthCheck.class},
        configurationPid = "org.nxvms.web.certificate")
@Designate(ocd = CertificateSettings.class)
public final class ServerCertificate implements HealthCheck {
    private static final Logger LOG = LoggerFactory.getLogger(ServerCertificate.class);
    private static final int LOOK_SECONDS = 2;
    private static final int FILE_BYTES_MAX = 1 << 20;

    /** Time to get another one, with a weekend between. */
    private static final Duration EXPIRES_SOON = Duration.ofDays(14);

    private final Path keys;
    private final HttpsStore store;
    private final Clock clock;
    private final ScheduledExecutorService watcher;

    private volatile CertificateSettings settings;
    private volatile State state = new State(List.of(), false, "");
    /** Of the files in use, SHA-256: they hold a private key. */
    private byte[] lastPem = {};

    private String lastRefusal = "";
    private String refusal = "";
    private long storeStamp = -1;

    /**
     * What is in force.
     *
     * @param refusal why the files are not in use, empty when they are or there are none
     */
    private record State(List<X509Certificate> chain, boolean trusted, String refusal) {}

    @Activate
    public ServerCertificate(CertificateSettings settings, @Reference ServerIdentity identity) {
        this(settings, identity.dataFolder().resolve("keys"), Clock.systemUTC());
        watcher.scheduleWithFixedDelay(this::look, 0, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    ServerCertificate(CertificateSettings settings, Path keys, Clock clock) {
        this.settings = settings;
        this.keys = keys;
        this.store = new HttpsStore(keys);
        this.clock = clock;
        this.watcher = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "nxvms-certificate");
            thread.setDaemon(true);
            return thread;
        });
    }

    @Modified
    void apply(CertificateSettings newSettings) {
        settings = newSettings;
    }

    @Deactivate
    void stop() {
        watcher.shutdownNow();
    }

    /** {@return whether browsers trust it, as far as this Java does: its chain ends at a known authority} */
    public boolean isTrusted() {
        return state.trusted();
    }

    /** Looks whether something has changed. On the watcher's thread. */
    void look() {
        try {
            readStore();
            takeFiles();
            readStore();
        } catch (IOException | GeneralSecurityException e) {
            tell("the certificate cannot be read or written: " + e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("The certificate's files are not watched well; tried again", e);
        }
    }

    private void takeFiles() throws IOException, GeneralSecurityException {
        Path certificate = path(settings.certificateFile(), "https-cert.pem");
        Path key = path(settings.keyFile(), "https-key.pem");
        if (!Files.exists(certificate) && settings.certificateFile().isEmpty()) {
            tell("");
            return;
        }
        try {
            String certificateText = text(certificate);
            String keyText = text(key);
            byte[] pem = MessageDigest.getInstance("SHA-256")
                    .digest((certificateText + '\0' + keyText).getBytes(StandardCharsets.ISO_8859_1));
            if (Arrays.equals(pem, lastPem)) {
                // Others may have lain there meanwhile, and were refused.
                tell("");
                return;
            }
            PemPair pair = PemPair.read(certificateText, keyText, clock.instant());
            if (!pair.chain().equals(state.chain())) {
                store.replace(pair);
                LOG.info(
                        "The HTTPS certificate is now that of {}, good until {}",
                        pair.chain().get(0).getSubjectX500Principal(),
                        pair.chain().get(0).getNotAfter().toInstant());
            }
            lastPem = pem;
            tell("");
        } catch (PemPair.Refused e) {
            tell(certificate + " and " + key + " are not used: " + e.getMessage());
        }
    }

    private Path path(String setting, String name) {
        return setting.isEmpty() ? keys.resolve(name) : Path.of(setting);
    }

    private static String text(Path file) throws PemPair.Refused {
        try {
            if (Files.size(file) > FILE_BYTES_MAX) {
                throw new PemPair.Refused(file + " is larger than " + FILE_BYTES_MAX + " bytes");
            }
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new PemPair.Refused(file + " cannot be read by the server's user (" + e + ")", e);
        }
    }

    /** Two files are replaced one after the other: only what is wrong at two looks running is said. */
    private void tell(String problem) {
        if (!problem.isEmpty() && problem.equals(lastRefusal) && !problem.equals(refusal)) {
            LOG.warn("HTTPS: {}. The certificate of before stays", problem);
        }
        refusal = problem.isEmpty() || problem.equals(lastRefusal) ? problem : refusal;
        lastRefusal = problem;
        state = new State(state.chain(), state.trusted(), refusal);
    }

    private void readStore() throws IOException, GeneralSecurityException {
        long stamp = Files.getLastModifiedTime(store.file()).toMillis();
        if (stamp == storeStamp) {
            return;
        }
        List<X509Certificate> chain = store.chain();
        state = new State(chain, isTrusted(chain), refusal);
        storeStamp = stamp;
    }

    private static boolean isTrusted(List<X509Certificate> chain) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager known) {
                try {
                    // As of TLS 1.3, where the way of exchanging keys says nothing about the certificate.
                    known.checkServerTrusted(chain.toArray(X509Certificate[]::new), "UNKNOWN");
                    return true;
                } catch (GeneralSecurityException e) {
                    LOG.debug("The HTTPS certificate leads to no authority that is known", e);
                }
            }
        }
        return false;
    }

    @Override
    public String name() {
        return "certificate";
    }

    /** Without one nobody comes in by HTTPS, but footage is recorded all the same. */
    @Override
    public boolean requiredForReadiness() {
        return false;
    }

    @Override
    public Result check() {
        State now = state;
        if (now.chain().isEmpty()) {
            return now.refusal().isEmpty() ? Result.up() : Result.down("HTTPS: " + now.refusal());
        }
        Instant end = now.chain().get(0).getNotAfter().toInstant();
        long days = Duration.between(clock.instant(), end).toDays();
        Map<String, Object> figures = Map.of("daysLeft", days, "trusted", now.trusted());
        if (clock.instant().isAfter(end)) {
            return new Result(Status.DOWN, "The HTTPS certificate has expired at " + end + ". Renew it", figures)
                    .found("certificate_expired");
        }
        if (!now.refusal().isEmpty()) {
            return new Result(Status.DEGRADED, "HTTPS: " + now.refusal(), figures);
        }
        if (end.isBefore(clock.instant().plus(EXPIRES_SOON))) {
            return new Result(
                            Status.DEGRADED,
                            "The HTTPS certificate expires in " + days + " days, at " + end + ". Renew it",
                            figures)
                    .found("certificate_expires", Map.of("days", days));
        }
        return new Result(Status.UP, "", figures);
    }
}
