// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.factor;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.security.SecondFactorStore;
import org.nxvms.platform.api.security.SecondFactorStore.StoredTotp;
import org.nxvms.platform.api.security.SecretVault;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.security.token.OpaqueSecret;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One-time codes of users who have enrolled an authenticator, and the recovery codes for when it is lost. A code is
 * taken once, over restarts and of many callers too. While the store is away nobody is let in without it.
 */
@Component(service = SecondFactors.class)
public final class SecondFactors {
    private static final Logger LOG = LoggerFactory.getLogger(SecondFactors.class);
    private static final int SECRET_BYTES = 20;
    private static final int CODE_LENGTH_MAX = 64;

    /** 80 bits each: too many to try, so their hash need not be slow. */
    private static final int RECOVERY_BYTES = 10;

    private static final int RECOVERY_CODES = 10;
    private static final Duration ENROLMENT_LIFE = Duration.ofMinutes(15);
    private static final int ENROLMENTS_MAX = 1_000;
    private static final int TRIES_MAX = 5;

    private final SecretVault vault;
    private final ServerIdentity identity;
    private final Clock clock;
    private final OneTimeCodes codes = new OneTimeCodes();
    private final SecureRandom random = new SecureRandom();
    private final Map<UUID, Begun> begun = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Begun> eldest) {
            return size() > ENROLMENTS_MAX;
        }
    };

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    volatile SecondFactorStore store;

    private volatile Runnable changed = () -> {};

    /** A secret that was shown and not confirmed yet; in memory only. */
    private record Begun(byte[] secret, Instant until, AtomicInteger triesLeft) {}

    /**
     * What an authenticator app is to be told.
     *
     * @param secret in Base32, to type
     * @param uri the same with everything else, to scan
     */
    public record Enrolment(String secret, String uri) {
        /** Shows no secret. */
        @Override
        public String toString() {
            return "Enrolment[]";
        }
    }

    @Activate
    public SecondFactors(@Reference SecretVault vault, @Reference ServerIdentity identity) {
        this(vault, identity, Clock.systemUTC());
    }

    public SecondFactors(SecretVault vault, ServerIdentity identity, Clock clock) {
        this.vault = vault;
        this.identity = identity;
        this.clock = clock;
    }

    /** What is done whenever a user has got a second factor or has none any more, before that is answered. */
    public void onChange(Runnable listener) {
        changed = listener;
    }

    /** {@return whether the user needs a code to sign in} */
    public boolean isOn(UUID userId) {
        return store().totp(userId).isPresent();
    }

    public int recoveryCodesLeft(UUID userId) {
        return store().recoveryCodesLeft(userId);
    }

    /** Begins an enrolment in place of one that was not finished. It counts once a code of it was sent back. */
    public Enrolment begin(UUID userId, String username) {
        if (isOn(userId)) {
            throw Problem.conflict("There is a second factor already. Remove it first: POST /api/v1/auth/totp/remove.")
                    .exception();
        }
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        synchronized (begun) {
            begun.remove(userId);
            begun.put(userId, new Begun(secret, clock.instant().plus(ENROLMENT_LIFE), new AtomicInteger(TRIES_MAX)));
        }
        return new Enrolment(Base32.encode(secret), uri(secret, username));
    }

    /** The form that authenticator apps agree on (github.com/google/google-authenticator, Key URI Format). */
    private String uri(byte[] secret, String username) {
        String issuer = escaped("NXvms " + identity.name());
        return "otpauth://totp/" + issuer + ":" + escaped(username) + "?secret=" + Base32.encode(secret) + "&issuer="
                + issuer + "&algorithm=SHA1&digits=" + OneTimeCodes.DIGITS + "&period=" + OneTimeCodes.STEP_SECONDS;
    }

    private static String escaped(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /**
     * Finishes an enrolment: from now on the user needs a code to sign in. Wrong codes are few: then it is to be begun anew,
     * which takes the password.
     *
     * @return the recovery codes, which nobody can be told again
     */
    public List<String> confirm(UUID userId, String code) {
        Begun enrolment;
        synchronized (begun) {
            enrolment = begun.get(userId);
            if (enrolment != null && enrolment.triesLeft().getAndDecrement() <= 0) {
                begun.remove(userId);
                enrolment = null;
            }
        }
        Instant now = clock.instant();
        if (enrolment == null || !enrolment.until().isAfter(now)) {
            throw noneBegun();
        }
        OptionalLong step = isCode(compact(code))
                ? codes.find(enrolment.secret(), compact(code), now, Long.MIN_VALUE)
                : OptionalLong.empty();
        if (step.isEmpty()) {
            throw Problem.validation(
                            "code",
                            "The code does not belong to the secret that was shown. Check the clock of the"
                                    + " authenticator, and send the newest code.")
                    .exception();
        }
        List<String> recovery = recoveryCodes();
        String sealed = vault.seal(Base64.getEncoder().encodeToString(enrolment.secret()), purpose(userId));
        synchronized (begun) {
            if (!begun.remove(userId, enrolment)) {
                // Somebody else has just finished it, and was told the recovery codes.
                throw noneBegun();
            }
        }
        try {
            store().put(new StoredTotp(userId, sealed, step.getAsLong(), now), hashes(recovery));
        } catch (StoreException e) {
            synchronized (begun) {
                begun.putIfAbsent(userId, enrolment);
            }
            throw e;
        }
        changed.run();
        return recovery;
    }

    private static ProblemException noneBegun() {
        return Problem.conflict("No enrolment is under way. Begin one: POST /api/v1/auth/totp.")
                .exception();
    }

    /** Takes a one-time code or a recovery code of the user; {@return false when it is wrong or was taken before} */
    public boolean accept(UUID userId, String code) {
        if (code.length() > CODE_LENGTH_MAX) {
            return false;
        }
        String compact = compact(code);
        SecondFactorStore factors = store();
        if (isCode(compact)) {
            return factors.totp(userId)
                    .map(totp -> takeCode(factors, totp, compact))
                    .orElse(false);
        }
        boolean recovered = factors.takeRecoveryCode(userId, OpaqueSecret.hash(compact));
        if (recovered) {
            LOG.warn("User {} used a recovery code; {} are left", userId, factors.recoveryCodesLeft(userId));
        }
        return recovered;
    }

    private boolean takeCode(SecondFactorStore factors, StoredTotp totp, String code) {
        byte[] secret;
        try {
            secret = Base64.getDecoder().decode(vault.open(totp.sealedSecret(), purpose(totp.userId())));
        } catch (IllegalArgumentException e) {
            LOG.error(
                    "Nobody can check the one-time codes of user {}: recovery codes still work, and an administrator"
                            + " can remove the second factor",
                    totp.userId(),
                    e);
            return false;
        }
        OptionalLong step = codes.find(secret, code, clock.instant(), totp.lastStep());
        return step.isPresent() && factors.takeStep(totp.userId(), step.getAsLong());
    }

    /** {@return other recovery codes in place of those there are} */
    public List<String> renewRecoveryCodes(UUID userId) {
        if (!isOn(userId)) {
            throw Problem.conflict("There is no second factor. Begin with one: POST /api/v1/auth/totp.")
                    .exception();
        }
        List<String> recovery = recoveryCodes();
        store().replaceRecoveryCodes(userId, hashes(recovery));
        return recovery;
    }

    /** {@return whether there was one} */
    public boolean remove(UUID userId) {
        boolean removed = store().remove(userId);
        changed.run();
        return removed;
    }

    private List<String> recoveryCodes() {
        List<String> made = new ArrayList<>(RECOVERY_CODES);
        for (int i = 0; i < RECOVERY_CODES; i++) {
            byte[] bytes = new byte[RECOVERY_BYTES];
            random.nextBytes(bytes);
            made.add(Base32.encode(bytes).toLowerCase(Locale.ROOT).replaceAll("(.{4})(?=.)", "$1-"));
        }
        return List.copyOf(made);
    }

    private static List<String> hashes(List<String> recovery) {
        return recovery.stream().map(code -> OpaqueSecret.hash(compact(code))).toList();
    }

    private static boolean isCode(String compact) {
        return compact.matches("[0-9]{" + OneTimeCodes.DIGITS + "}");
    }

    /** People group what they type. */
    private static String compact(String code) {
        return code.replaceAll("[\\s-]", "").toLowerCase(Locale.ROOT);
    }

    private static String purpose(UUID userId) {
        return "totp/" + userId;
    }

    private SecondFactorStore store() {
        return Absent.require(store, "The store of second factors");
    }
}
