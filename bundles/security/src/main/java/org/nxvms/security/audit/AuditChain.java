// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.audit;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.nxvms.platform.api.audit.AuditEntry;
import org.nxvms.platform.api.audit.AuditNote;

/**
 * What ties an entry to the one before: HMAC-SHA-256 over that one's hash and everything the entry says, each part with
 * its length. Without the key, which is not in the database, nobody can make a chain that fits.
 */
final class AuditChain {
    /** Stands before the first entry. */
    static final String BEGINNING = "0".repeat(64);

    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    AuditChain(byte[] key) {
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /** {@return the note in its place} */
    AuditEntry link(String previousHash, UUID server, long sequence, Instant at, AuditNote note) {
        return new AuditEntry(server, sequence, at, note, hash(previousHash, server, sequence, at, note));
    }

    /** {@return whether an entry is as it was written behind that hash} */
    boolean fits(String previousHash, AuditEntry entry) {
        return entry.hash().equals(hash(previousHash, entry.serverId(), entry.sequence(), entry.at(), entry.note()));
    }

    /** {@return what nobody makes without the key: that this was said of the entry as it is} */
    String seal(String said, AuditEntry entry) {
        return hash(said, entry.serverId(), entry.sequence(), entry.at(), entry.note());
    }

    private String hash(String previousHash, UUID server, long sequence, Instant at, AuditNote note) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            text(out, previousHash);
            text(out, server.toString());
            out.writeLong(sequence);
            out.writeLong(at.toEpochMilli());
            text(out, note.action());
            out.writeBoolean(note.done());
            id(out, note.actor().userId());
            text(out, note.actor().name());
            id(out, note.actor().apiKey());
            text(out, note.actor().address());
            text(out, note.subject());
            fields(out, note.before());
            fields(out, note.after());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return HexFormat.of().formatHex(mac.doFinal(bytes.toByteArray()));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("This JDK does not offer " + ALGORITHM, e);
        }
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static void id(DataOutputStream out, Optional<UUID> id) throws IOException {
        text(out, id.map(UUID::toString).orElse(""));
    }

    private static void fields(DataOutputStream out, Map<String, String> fields) throws IOException {
        out.writeInt(fields.size());
        for (Map.Entry<String, String> field : new TreeMap<>(fields).entrySet()) {
            text(out, field.getKey());
            text(out, field.getValue());
        }
    }
}
