// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtsp;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** The arithmetic of Digest authentication (RFC 7616 3.4.1), for clients and, to check them, servers. */
public final class DigestAnswer {
    /**
     * What both sides know.
     *
     * @param algorithm {@code MD5}, {@code SHA-256}, one of them with {@code -sess}, or empty for MD5
     */
    public record Question(String method, String uri, String realm, String nonce, String algorithm) {}

    private DigestAnswer() {}

    /** The {@code response} of RFC 2069, when the server offers no qop. */
    public static String withoutQop(String user, String password, Question question) {
        return hash(question, secret(user, password, question) + ":" + question.nonce() + ":" + request(question));
    }

    /** The {@code response} with {@code qop=auth}. */
    public static String withQop(String user, String password, Question question, String count, String cnonce) {
        return hash(
                question,
                session(secret(user, password, question), question, cnonce) + ":" + question.nonce() + ":" + count + ":"
                        + cnonce + ":auth:" + request(question));
    }

    private static String secret(String user, String password, Question question) {
        return hash(question, user + ":" + question.realm() + ":" + password);
    }

    /** A secret for this session alone, with algorithms named {@code -sess} (RFC 7616 3.4.2). */
    private static String session(String secret, Question question, String cnonce) {
        return question.algorithm().toUpperCase(Locale.ROOT).endsWith("-SESS")
                ? hash(question, secret + ":" + question.nonce() + ":" + cnonce)
                : secret;
    }

    private static String request(Question question) {
        return hash(question, question.method() + ":" + question.uri());
    }

    private static String hash(Question question, String text) {
        String name = question.algorithm().toUpperCase(Locale.ROOT).startsWith("SHA-256") ? "SHA-256" : "MD5";
        try {
            byte[] digest = MessageDigest.getInstance(name).digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(name + " is part of every JDK", impossible);
        }
    }
}
