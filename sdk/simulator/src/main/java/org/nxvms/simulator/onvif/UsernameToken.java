// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.onvif;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.Optional;
import org.nxvms.simulator.device.DeviceAccounts;
import org.w3c.dom.Element;

/** The login of WS-Security: a digest of nonce, time and password (UsernameToken Profile 1.0, 3.1). */
final class UsernameToken {
    /** How far a client's time may be off the device's; real devices have between seconds and minutes. */
    private static final Duration FRESH = Duration.ofSeconds(5);

    private UsernameToken() {}

    /** {@return the token that a request brings; empty when it brings none} */
    static Optional<Element> of(SoapRequest request) {
        return request.header().flatMap(header -> SoapRequest.find(header, "Security", "UsernameToken"));
    }

    /** {@return whether who does not know such a login must refuse the request (SOAP 1.2 part 1, 5.2.3)} */
    static boolean mustBeUnderstood(SoapRequest request) {
        return request.header()
                .flatMap(header -> SoapRequest.child(header, "Security"))
                .filter(security -> security.getAttributeNS(SoapRequest.ENVELOPE, "mustUnderstand")
                        .matches("1|true"))
                .isPresent();
    }

    /** {@return whose login it is, made a moment ago by the device's clock; empty for a wrong one} */
    static Optional<DeviceAccounts.Account> accountOf(Element token, DeviceAccounts accounts, Instant now) {
        return accounts.find(text(token, "Username")).filter(account -> isRight(token, account.password(), now));
    }

    private static boolean isRight(Element token, String right, Instant now) {
        String password = text(token, "Password");
        String created = text(token, "Created");
        try {
            byte[] nonce = Base64.getDecoder().decode(text(token, "Nonce"));
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(nonce);
            sha1.update(created.getBytes(StandardCharsets.UTF_8));
            sha1.update(right.getBytes(StandardCharsets.UTF_8));
            Instant made = OffsetDateTime.parse(created).toInstant();
            boolean fresh = Duration.between(made, now).abs().compareTo(FRESH) <= 0;
            return fresh && password.equals(Base64.getEncoder().encodeToString(sha1.digest()));
        } catch (DateTimeParseException | IllegalArgumentException notWhole) {
            return false;
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-1", impossible);
        }
    }

    private static String text(Element token, String name) {
        return SoapRequest.child(token, name)
                .map(Element::getTextContent)
                .map(String::strip)
                .orElse("");
    }
}
