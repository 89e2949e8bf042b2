// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import org.nxvms.driver.spi.Credentials;

/** Envelopes of SOAP 1.2 and the login of WS-Security in them (UsernameToken Profile 1.0, 3.1). */
final class SoapText {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int NONCE_BYTES = 16;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private static final String BEGINNING =
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://www.w3.org/2005/08/addressing"\
             xmlns:tt="http://www.onvif.org/ver10/schema"><s:Header>""";

    private static final String WSS =
            "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
    private static final String WSU =
            "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
    private static final String PROFILE =
            "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest";
    private static final String BASE64 =
            "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary";

    private SoapText() {}

    /** @param header XML of the header; may be empty */
    static String envelope(String header, String body) {
        return BEGINNING + header + "</s:Header><s:Body>" + body + "</s:Body></s:Envelope>";
    }

    /** {@return a login for the header}: the password itself is not in it. @param now by the device's clock */
    static String usernameToken(Credentials login, Instant now) {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        String created = TIME.format(now);
        // Nobody has to understand it: who does not would refuse all, and not say which login it takes (SOAP 1.2 part
        // 1, 2.4).
        return "<w:Security xmlns:w=\"" + WSS + "\"><w:UsernameToken><w:Username>"
                + escaped(login.username()) + "</w:Username><w:Password Type=\"" + PROFILE + "\">"
                + digest(nonce, created, login.password()) + "</w:Password><w:Nonce EncodingType=\"" + BASE64 + "\">"
                + Base64.getEncoder().encodeToString(nonce) + "</w:Nonce><u:Created xmlns:u=\"" + WSU + "\">" + created
                + "</u:Created></w:UsernameToken></w:Security>";
    }

    static String digest(byte[] nonce, String created, String password) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(nonce);
            sha1.update(created.getBytes(StandardCharsets.UTF_8));
            sha1.update(password.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(sha1.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-1", impossible);
        }
    }

    /** {@return a text as XML takes it} Characters that XML 1.0 does not have are left out. */
    static String escaped(String text) {
        StringBuilder xml = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(point -> {
            switch (point) {
                case '&' -> xml.append("&amp;");
                case '<' -> xml.append("&lt;");
                case '>' -> xml.append("&gt;");
                case '"' -> xml.append("&quot;");
                default -> {
                    boolean known = point == '\t'
                            || point == '\n'
                            || point >= ' ' && point < 0xd800
                            || point >= 0xe000 && point <= 0xfffd
                            || point >= 0x10000;
                    if (known) {
                        xml.appendCodePoint(point);
                    }
                }
            }
        });
        return xml.toString();
    }
}
