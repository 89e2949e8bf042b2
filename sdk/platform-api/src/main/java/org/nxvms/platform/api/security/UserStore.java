// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.security;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Port to stored users and sessions; offered by persistence, used by security only. Blocks for
 * one transaction; throws {@link org.nxvms.platform.api.StoreException} when the database fails.
 */
@ProviderType
public interface UserStore {
    /** The role whose users may do everything, wherever; one of them who can sign in by a password kept here stays. */
    String ADMINISTRATOR = "administrator";

    /**
     * A user.
     *
     * @param passwordHash an encoded hash with its parameters (e.g. {@code $argon2id$...}); empty, which no password belongs
     *     to, for who comes from outside
     * @param disabled cannot sign in
     * @param tokenEpoch counts up when all access tokens of the user are withdrawn: with each new password, and when
     *     the user is disabled
     * @param origin who proves the user; empty for users of the server's own
     */
    record StoredUser(
            UUID id,
            String username,
            String role,
            String passwordHash,
            boolean mustChangePassword,
            boolean disabled,
            int tokenEpoch,
            Instant created,
            Optional<Origin> origin) {
        /** A new user of the server's own: enabled, no token withdrawn yet. */
        public static StoredUser begin(
                String username, String role, String passwordHash, boolean mustChangePassword, Instant created) {
            return new StoredUser(
                    UUID.randomUUID(),
                    username,
                    role,
                    passwordHash,
                    mustChangePassword,
                    false,
                    0,
                    created,
                    Optional.empty());
        }

        /** A new user whom a provider outside has proved. */
        public static StoredUser beginOutside(String username, String role, Origin origin, Instant created) {
            return new StoredUser(UUID.randomUUID(), username, role, "", false, false, 0, created, Optional.of(origin));
        }

        /** {@return whether this server keeps the user's password} */
        public boolean isOwn() {
            return origin.isEmpty();
        }

        /** {@return this user with another password; all tokens of before are withdrawn} */
        public StoredUser withPassword(String newHash, boolean mustChange) {
            return new StoredUser(id, username, role, newHash, mustChange, disabled, tokenEpoch + 1, created, origin);
        }

        /** {@return this user with the same password hashed anew; nothing ends by that} */
        public StoredUser withHash(String newHash) {
            return new StoredUser(
                    id, username, role, newHash, mustChangePassword, disabled, tokenEpoch, created, origin);
        }

        /** {@return this user, signed out everywhere} */
        public StoredUser withTokensWithdrawn() {
            return new StoredUser(
                    id, username, role, passwordHash, mustChangePassword, disabled, tokenEpoch + 1, created, origin);
        }

        /** {@return this user with another role} */
        public StoredUser withRole(String newRole) {
            return new StoredUser(
                    id, username, newRole, passwordHash, mustChangePassword, disabled, tokenEpoch, created, origin);
        }

        /** {@return this user enabled or disabled; who becomes disabled loses all tokens, also for the time after} */
        public StoredUser withDisabled(boolean nowDisabled) {
            int epoch = nowDisabled && !disabled ? tokenEpoch + 1 : tokenEpoch;
            return new StoredUser(
                    id, username, role, passwordHash, mustChangePassword, nowDisabled, epoch, created, origin);
        }

        /** Shows no hash. */
        @Override
        public String toString() {
            return "StoredUser[" + username + ", " + role + "]";
        }
    }

    /** Which provider knows a user, and as whom ({@link OutsideIdentity}); of one origin there is one user. */
    record Origin(String provider, String subject) {}

    /**
     * A refresh token: only its hash is stored.
     *
     * @param family all tokens rotated from one login; reuse of a used one revokes the family
     * @param used when it was exchanged, empty while fresh
     */
    record StoredToken(String hash, UUID userId, UUID family, Instant expires, Optional<Instant> used) {}

    /**
     * A sign-in.
     *
     * @param id the family of its tokens
     * @param seen when its tokens were renewed last
     * @param address where from that was, at most 100 characters
     * @param client what the client called itself when it signed in, at most 200 characters
     */
    record StoredSession(UUID id, UUID userId, Instant begun, Instant seen, String address, String client) {}

    /** What became of an exchange of a refresh token. */
    enum Exchange {
        DONE,
        /** The token was used before, or is gone. */
        USED,
        /** The session has ended. */
        ENDED
    }

    /**
     * {@return what names have in common that are one name} Upper case first: letters that differ only there, as i and
     * the dotless one, shall not make two users of one.
     */
    static String nameKey(String username) {
        return username.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    }

    List<StoredUser> users();

    /** {@return false when the name is taken, by {@link #nameKey}, or somebody else has the origin} */
    boolean insert(StoredUser user);

    /**
     * Stores another password or withdraws tokens; role and whether disabled stay as they are. Where tokens are
     * withdrawn (another epoch), all sessions of the user end in the same transaction but the kept one, and on return that is
     * on the disk.
     *
     * @return false when the user is gone, or was changed since it was read so that tokens were withdrawn
     */
    boolean update(StoredUser user, Optional<UUID> keptSession);

    /** What became of a change that may cost the last administrator. */
    enum Outcome {
        DONE,
        ABSENT,
        /** No administrator of the server's own who can sign in would be left: nothing was changed. */
        LAST_ADMINISTRATOR
    }

    /**
     * Gives a user another role, or disables or enables the user; what is empty stays as it is at that moment. Who becomes
     * disabled loses all tokens. Decided in the transaction: of two such changes at the same moment, on two servers too, one
     * sees the other. The sessions of a disabled user end in the same
     * transaction, and on return that is on the disk.
     */
    Outcome change(UUID id, Optional<String> role, Optional<Boolean> disabled);

    /** Removes a user with all sessions, decided likewise; on return that is on the disk. */
    Outcome remove(UUID id);

    /**
     * A sign-in with its first token. Of a user's sessions only the newest {@code sessionsMax} stay.
     *
     * @param tokenEpoch the user's at the time of the proof
     * @return false when the user is gone, disabled, or has another epoch by now: nothing is stored then
     */
    boolean begin(StoredSession session, StoredToken first, int tokenEpoch, int sessionsMax);

    /** Marks a fresh token as used and stores the next one, both or nothing: of many callers exactly one wins. */
    Exchange exchange(String hash, StoredToken next, Instant now, String address);

    /** {@return a user's sessions that have not ended, seen last first} */
    List<StoredSession> sessions(UUID userId);

    Optional<StoredToken> token(String hash);

    /** Ends a session. On return that is on the disk. */
    void revokeFamily(UUID family);

    /** Removes tokens that have expired, and sessions without any. */
    void deleteExpired(Instant now);
}
