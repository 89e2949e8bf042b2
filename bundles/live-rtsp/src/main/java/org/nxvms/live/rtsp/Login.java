// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.nxvms.media.kit.rtsp.RtspChallenge;
import org.nxvms.media.kit.rtsp.RtspRequest;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.KeySignIn;
import org.nxvms.platform.api.security.KeySignIn.Algorithm;
import org.nxvms.platform.api.security.KeySignIn.Proof;
import org.nxvms.platform.api.security.TooManyRequestsException;

/**
 * Who is calling over one connection: Digest by an API key (RFC 7616, and RFC 2069 as old players have it), or, over TLS
 * only, Basic. The nonce is this connection's own, so that an answer that was overheard is good nowhere else; its count must
 * rise where the client sends one. One thread.
 */
final class Login {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int NONCE_BYTES = 16;

    private final String address;
    private final boolean secure;
    private String nonce = nonce();
    private long count;

    /** @param address of the peer, as digits */
    Login(String address, boolean secure) {
        this.address = address;
        this.secure = secure;
    }

    private static String nonce() {
        byte[] bytes = new byte[NONCE_BYTES];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /**
     * {@return who sent a request}
     *
     * @throws Refusal 401 with challenges; another when somebody is known but may not come in
     */
    AuthenticatedUser user(RtspRequest request, KeySignIn keys) throws Refusal {
        Optional<String> header = request.headers().first("Authorization");
        if (header.isEmpty()) {
            throw challenge(false, "Give the id of an API key as user name and the key as password.");
        }
        List<RtspChallenge> answers = RtspChallenge.parse(header.get());
        if (answers.size() != 1) {
            throw challenge(false, "The Authorization header cannot be read.");
        }
        try {
            return switch (answers.get(0).scheme()) {
                case "digest" -> keys.prove(proof(request, answers.get(0)), address);
                case "basic" -> basic(header.get(), keys);
                default -> throw challenge(false, "Only Digest is known here, and Basic over TLS.");
            };
        } catch (AccessDeniedException e) {
            throw refusal(e);
        }
    }

    Refusal refusal(AccessDeniedException e) {
        if (e instanceof TooManyRequestsException often) {
            return Refusal.unavailable(e.getMessage(), often.retryAfterSeconds());
        }
        return switch (e.kind()) {
            case UNAUTHENTICATED, CSRF -> challenge(false, e.getMessage());
            case NOT_FOUND -> Refusal.notFound(e.getMessage());
            default -> Refusal.forbidden(e.getMessage());
        };
    }

    private AuthenticatedUser basic(String header, KeySignIn keys) throws Refusal, AccessDeniedException {
        if (!secure) {
            throw challenge(false, "Basic gives the key away: use Digest, or rtsps.");
        }
        String pair;
        try {
            byte[] bytes = Base64.getDecoder()
                    .decode(header.substring("basic".length()).strip());
            pair = new String(bytes, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw challenge(false, "The Authorization header cannot be read.");
        }
        int colon = pair.indexOf(':');
        return keys.present(pair.substring(0, Math.max(0, colon)), pair.substring(colon + 1), address);
    }

    private Proof proof(RtspRequest request, RtspChallenge answer) throws Refusal {
        Algorithm algorithm = algorithm(answer.parameter("algorithm"));
        if (!answer.parameter("realm").equals(KeySignIn.REALM) || !isOf(answer.parameter("uri"), request.uri())) {
            throw challenge(false, "The answer is to another challenge or of another address.");
        }
        if (!answer.parameter("nonce").equals(nonce)) {
            throw challenge(true, "The nonce is of another connection.");
        }
        String half = hash(algorithm, request.method() + ":" + answer.parameter("uri"));
        String question = nonce + ":" + half;
        if (!answer.parameter("qop").isEmpty()) {
            long next = count(answer.parameter("nc"));
            if (next <= count) {
                nonce = nonce();
                count = 0;
                throw challenge(true, "This answer came before.");
            }
            count = next;
            question = String.join(
                    ":", nonce, answer.parameter("nc"), answer.parameter("cnonce"), answer.parameter("qop"), half);
        }
        return new Proof(answer.parameter("username"), algorithm, question, answer.parameter("response"));
    }

    private static long count(String text) {
        return text.matches("[0-9a-fA-F]{8}") ? Long.parseLong(text, 16) : -1;
    }

    private Algorithm algorithm(String name) throws Refusal {
        if (name.isEmpty() || name.equalsIgnoreCase(Algorithm.MD5.id())) {
            return Algorithm.MD5;
        }
        if (name.equalsIgnoreCase(Algorithm.SHA_256.id())) {
            return Algorithm.SHA_256;
        }
        throw challenge(false, "Digest is known here with MD5 and with SHA-256.");
    }

    /**
     * Clients name the request's address (RFC 7616 3.4.6), or, as many do, one of the same stream for all requests. Case of the host
     * and a last slash are not looked at.
     */
    private static boolean isOf(String answered, String requested) {
        try {
            if (bare(answered).equals(bare(requested))) {
                return true;
            }
            Target proved = Target.parse(answered);
            Target wanted = Target.parse(requested);
            return proved.recorded() == wanted.recorded() && proved.stream().equals(wanted.stream());
        } catch (Refusal none) {
            return false;
        }
    }

    private static String bare(String uri) throws Refusal {
        String path = uri.equals("*") ? uri : Target.path(uri);
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    /** SHA-256 first as the better one; MD5 last, since old players take the last they read. */
    private Refusal challenge(boolean stale, String detail) {
        Refusal refusal = Refusal.unauthorized(detail);
        for (Algorithm algorithm : new Algorithm[] {Algorithm.SHA_256, Algorithm.MD5}) {
            refusal = refusal.with(
                    "WWW-Authenticate",
                    "Digest realm=\"" + KeySignIn.REALM + "\", nonce=\"" + nonce + "\", algorithm=" + algorithm.id()
                            + ", qop=\"auth\"" + (stale ? ", stale=true" : ""));
        }
        return secure ? refusal.with("WWW-Authenticate", "Basic realm=\"" + KeySignIn.REALM + "\"") : refusal;
    }

    private static String hash(Algorithm algorithm, String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm.id());
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This JDK does not offer " + algorithm.id(), e);
        }
    }
}
