// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtsp;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Answers a server's challenges for one connection: Digest with SHA-256 or MD5 (RFC 7616, RFC 2617); Basic, which gives
 * the password away, only to a server that asks for nothing better, and to none where that is not wanted. Holds the credentials
 * and never shows them. One thread at a time.
 */
public final class RtspAuthenticator {
    private static final SecureRandom RANDOM = new SecureRandom();
    /** A server that finds each new nonce stale would keep us asking for ever. */
    private static final int STALE_IN_ROW_MAX = 3;

    private final String user;
    private final String password;
    private final boolean digestOnly;
    private RtspChallenge digest;
    private boolean basic;
    private String nonce = "";
    private int nonceCount;
    private boolean answered;
    /** The server accepted an answer to this nonce, so the credentials are right. */
    private boolean proven;

    private int staleInRow;

    public RtspAuthenticator(String user, String password) {
        this(user, password, false);
    }

    /** @param digestOnly whether the password is not given to a server that asks for Basic alone */
    public RtspAuthenticator(String user, String password, boolean digestOnly) {
        this.user = user;
        this.password = password;
        this.digestOnly = digestOnly;
    }

    /**
     * Takes the challenges of a 401.
     *
     * @return true when another try makes sense: this is the first challenge, or the server only finds the nonce stale, whether
     *     it says so or, as many cameras do, just asks with another one after the last was good for a while
     */
    public boolean challenged(RtspHeaders headers) {
        RtspChallenge best = null;
        basic = false;
        boolean onlyBasic = true;
        for (String header : headers.all("WWW-Authenticate")) {
            for (RtspChallenge challenge : RtspChallenge.parse(header)) {
                if ("basic".equals(challenge.scheme())) {
                    basic = true;
                } else if ("digest".equals(challenge.scheme())) {
                    onlyBasic = false;
                    best = strength(challenge) > strength(best) ? challenge : best;
                }
            }
        }
        basic &= onlyBasic && !digestOnly;
        boolean stale = best != null
                && (proven || "true".equals(best.parameter("stale").toLowerCase(Locale.ROOT)))
                && !best.parameter("nonce").equals(nonce);
        proven = false;
        staleInRow = stale ? staleInRow + 1 : 0;
        boolean again = !answered || stale && staleInRow <= STALE_IN_ROW_MAX;
        digest = best;
        nonce = best == null ? "" : best.parameter("nonce");
        nonceCount = 0;
        return again && (digest != null || basic);
    }

    /** {@return whether requests must carry a login: the server asked for it} */
    public boolean isAsked() {
        return digest != null || basic;
    }

    /** A request was accepted. */
    public void accepted() {
        proven |= answered;
        answered = false;
        staleInRow = 0;
    }

    /** As {@link #accepted()}; takes the nextnonce of an Authentication-Info header (RFC 7616 3.5), if any. */
    public void accepted(RtspHeaders headers) {
        accepted();
        for (String info : headers.all("Authentication-Info")) {
            for (RtspChallenge parsed : RtspChallenge.parse("Info " + info)) {
                String next = parsed.parameter("nextnonce");
                if (digest != null && !next.isEmpty()) {
                    nonce = next;
                    nonceCount = 0;
                }
            }
        }
    }

    /** {@return the Authorization value for a request; empty as long as the server did not ask for any} */
    public Optional<String> authorization(String method, String uri) {
        if (digest != null) {
            answered = true;
            return Optional.of(digestAnswer(method, uri));
        }
        if (basic) {
            answered = true;
            byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
            return Optional.of("Basic " + Base64.getEncoder().encodeToString(pair));
        }
        return Optional.empty();
    }

    private String digestAnswer(String method, String uri) {
        String algorithm = digest.parameter("algorithm");
        String realm = digest.parameter("realm");
        StringBuilder out = new StringBuilder(256).append("Digest ");
        DigestAnswer.Question question = new DigestAnswer.Question(method, uri, realm, nonce, algorithm);
        String extra = "";
        String response;
        if (offersAuth(digest.parameter("qop"))) {
            String count = String.format("%08x", ++nonceCount);
            byte[] random = new byte[8];
            RANDOM.nextBytes(random);
            String cnonce = HexFormat.of().formatHex(random);
            response = DigestAnswer.withQop(user, password, question, count, cnonce);
            extra = ", qop=auth, nc=" + count + ", cnonce=\"" + cnonce + "\"";
        } else {
            response = DigestAnswer.withoutQop(user, password, question);
        }
        quoted(out, "username", user).append(", ");
        quoted(out, "realm", realm).append(", ");
        quoted(out, "nonce", nonce).append(", ");
        quoted(out, "uri", uri).append(", ");
        quoted(out, "response", response).append(extra);
        if (!algorithm.isEmpty()) {
            out.append(", algorithm=").append(algorithm);
        }
        if (!digest.parameter("opaque").isEmpty()) {
            quoted(out.append(", "), "opaque", digest.parameter("opaque"));
        }
        return out.toString();
    }

    private static StringBuilder quoted(StringBuilder out, String name, String value) {
        String safe = value.replace("\\", "\\\\").replace("\"", "\\\"");
        return out.append(name).append("=\"").append(safe).append('"');
    }

    private static boolean offersAuth(String qop) {
        return List.of(qop.toLowerCase(Locale.ROOT).split("[ ,]+")).contains("auth");
    }

    private static int strength(RtspChallenge challenge) {
        if (challenge == null || !"digest".equals(challenge.scheme())) {
            return 0;
        }
        return switch (challenge.parameter("algorithm").toUpperCase(Locale.ROOT)) {
            case "", "MD5", "MD5-SESS" -> 1;
            case "SHA-256", "SHA-256-SESS" -> 2;
            default -> 0;
        };
    }

    @Override
    public String toString() {
        return "RtspAuthenticator[" + (digest != null ? "digest" : basic ? "basic" : "none") + "]";
    }
}
