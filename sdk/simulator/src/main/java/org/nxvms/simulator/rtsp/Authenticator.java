// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks logins; holds the nonce of an RTSP connection or, in HTTP, of a whole device. Thread-safe. */
public final class Authenticator {
    public enum Verdict {
        PASSED,
        WANTED,
        STALE
    }

    private static final Pattern PARAMETER = Pattern.compile("(\\w+)\\s*=\\s*(?:\"([^\"]*)\"|([^\\s,\"]+))");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final CameraSettings settings;
    private final String realm;
    private String nonce = newNonce();
    private int nonceUses;

    public Authenticator(CameraSettings settings, String realm) {
        this.settings = settings;
        this.realm = realm;
    }

    /**
     * @param target what is asked for, which must be what was signed; empty: not compared, since clients of RTSP sign the
     *     stream's address for its tracks
     * @param header the value of the Authorization header; empty if there is none
     * @param nonceUsesMax requests a nonce is good for; negative: any number
     */
    public synchronized Verdict check(String method, String target, String header, long nonceUsesMax) {
        if (settings.auth() == AuthScheme.NONE) {
            return Verdict.PASSED;
        }
        if (settings.auth() == AuthScheme.BASIC) {
            String login = settings.user() + ":" + settings.password();
            String expected = "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
            return equal(header, expected) ? Verdict.PASSED : Verdict.WANTED;
        }
        return header.regionMatches(true, 0, "Digest ", 0, 7)
                ? checkDigest(method, target, parameters(header), nonceUsesMax)
                : Verdict.WANTED;
    }

    private Verdict checkDigest(String method, String target, Map<String, String> given, long nonceUsesMax) {
        String usedNonce = given.getOrDefault("nonce", "");
        String uri = given.getOrDefault("uri", "");
        String ha1 = hash(settings.user() + ":" + realm + ":" + settings.password());
        String ha2 = hash(method + ":" + uri);
        boolean qop = given.containsKey("qop");
        String middle = qop ? ":" + given.get("nc") + ":" + given.get("cnonce") + ":" + given.get("qop") + ":" : ":";
        String expected = hash(ha1 + ":" + usedNonce + middle + ha2);
        boolean right = equal(given.getOrDefault("response", "").toLowerCase(Locale.ROOT), expected)
                && equal(given.getOrDefault("username", ""), settings.user())
                && (target.isEmpty() || target.equals(uri))
                && (qop || settings.auth() == AuthScheme.DIGEST_MD5);
        if (!right) {
            return Verdict.WANTED;
        }
        if (!usedNonce.equals(nonce) || nonceUsesMax >= 0 && nonceUses >= nonceUsesMax) {
            nonce = newNonce();
            nonceUses = 0;
            return Verdict.STALE;
        }
        nonceUses++;
        return Verdict.PASSED;
    }

    /** The value of a {@code WWW-Authenticate} header. */
    public synchronized String challenge(boolean stale) {
        return switch (settings.auth()) {
            case BASIC -> "Basic realm=\"" + realm + "\"";
            case DIGEST_MD5_QOP -> digest("MD5", stale) + ", qop=\"auth\"";
            case DIGEST_SHA256 -> digest("SHA-256", stale) + ", qop=\"auth\"";
            case DIGEST_MD5, NONE ->
                "Digest realm=\"" + realm + "\", nonce=\"" + nonce + "\"" + (stale ? ", stale=\"TRUE\"" : "");
        };
    }

    private String digest(String algorithm, boolean stale) {
        return "Digest realm=\"" + realm + "\", nonce=\"" + nonce + "\", algorithm=" + algorithm
                + (stale ? ", stale=true" : "");
    }

    private static Map<String, String> parameters(String header) {
        Map<String, String> parameters = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        Matcher matcher = PARAMETER.matcher(header);
        while (matcher.find()) {
            parameters.putIfAbsent(matcher.group(1), matcher.group(2) != null ? matcher.group(2) : matcher.group(3));
        }
        return parameters;
    }

    private String hash(String text) {
        String algorithm = settings.auth() == AuthScheme.DIGEST_SHA256 ? "SHA-256" : "MD5";
        try {
            byte[] digest = MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        }
    }

    private static boolean equal(String a, String b) {
        return MessageDigest.isEqual(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }

    private static String newNonce() {
        byte[] bytes = new byte[16];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
