// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.security.identity.SafeFile;

/**
 * A JWK set in a file: the first key signs, all verify. A key that signs no more stays, with the time its last token
 * ends ({@code exp}), and leaves after that. Any thread; readers never wait for the disk.
 */
final class KeyRing {
    private static final int KEY_BITS = 256;

    /** Rotated by hand again and again, older ones go early: their tokens are refreshed then. */
    private static final int KEYS_MAX = 16;

    private final Path file;
    private volatile List<OctetSequenceKey> keys;

    KeyRing(Path file) throws IOException {
        this.file = file;
        this.keys = Files.exists(file) ? read(file) : List.of();
        if (keys.isEmpty()) {
            replaceAll(Instant.now());
        }
    }

    OctetSequenceKey signing() {
        return keys.get(0);
    }

    Optional<OctetSequenceKey> find(String id, Instant now) {
        return all(now).stream().filter(key -> key.getKeyID().equals(id)).findFirst();
    }

    /** {@return the keys whose tokens are believed, the one that signs first} */
    List<OctetSequenceKey> all(Instant now) {
        return keys.stream()
                .filter(key -> key.getExpirationTime() == null
                        || key.getExpirationTime().toInstant().isAfter(now))
                .toList();
    }

    /** {@return when the key that signs was made; long ago for one that does not say} */
    Instant since() {
        Date made = signing().getIssueTime();
        return made == null ? Instant.EPOCH : made.toInstant();
    }

    /** Another key signs from now on. On return it is on the disk: no token may outlive its key over a power cut. */
    synchronized void rotate(Instant now, Duration longestLife) {
        List<OctetSequenceKey> next = new ArrayList<>();
        next.add(fresh(now));
        for (OctetSequenceKey key : all(now)) {
            Date end = Date.from(now.plus(longestLife));
            if (key.getExpirationTime() != null && key.getExpirationTime().before(end)) {
                end = key.getExpirationTime();
            }
            next.add(new OctetSequenceKey.Builder(key).expirationTime(end).build());
        }
        store(next.subList(0, Math.min(next.size(), KEYS_MAX)));
    }

    /** Rotates when the key that signs is older than that, or from a time to come; one of many callers does it. */
    synchronized void rotateIfDue(Instant now, Duration age, Duration longestLife) {
        if (since().plus(age).isBefore(now) || since().isAfter(now.plus(longestLife))) {
            rotate(now, longestLife);
        }
    }

    synchronized void replaceAll(Instant now) {
        store(List.of(fresh(now)));
    }

    private void store(List<OctetSequenceKey> next) {
        try {
            String text = new JWKSet(List.<JWK>copyOf(next)).toString(false);
            SafeFile.write(file, text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be written. Free space in the data folder", e);
        }
        keys = List.copyOf(next);
    }

    private static OctetSequenceKey fresh(Instant now) {
        try {
            return new OctetSequenceKeyGenerator(KEY_BITS)
                    .keyID(UUID.randomUUID().toString())
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.HS256)
                    .issueTime(Date.from(now))
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException("This JDK makes no keys for HMAC-SHA256", e);
        }
    }

    private static List<OctetSequenceKey> read(Path file) throws IOException {
        List<OctetSequenceKey> read = new ArrayList<>();
        try {
            for (JWK key :
                    JWKSet.parse(Files.readString(file, StandardCharsets.UTF_8)).getKeys()) {
                if (!(key instanceof OctetSequenceKey octets) || octets.size() < KEY_BITS || key.getKeyID() == null) {
                    throw new IOException(damaged(file));
                }
                read.add(octets);
            }
        } catch (ParseException e) {
            throw new IOException(damaged(file), e);
        }
        if (read.isEmpty() || read.get(0).getExpirationTime() != null) {
            throw new IOException(damaged(file));
        }
        return List.copyOf(read);
    }

    private static String damaged(Path file) {
        return file + " is damaged. Put it back from a backup, or remove it: everybody then signs in again.";
    }
}
