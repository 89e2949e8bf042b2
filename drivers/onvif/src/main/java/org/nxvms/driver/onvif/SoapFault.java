// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.nxvms.driver.kit.http.DeviceHttp;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;

/**
 * A refusal by SOAP.
 *
 * @param codes code and subcodes without prefixes (Core 5.8.2), then what its detail names
 */
record SoapFault(Set<String> codes, String reason) {
    private static final int DETAILS_MAX = 10;

    private static final Set<String> LOGIN =
            Set.of("NotAuthorized", "FailedAuthentication", "InvalidSecurity", "InvalidSecurityToken", "FailedCheck");

    /** {@return the fault of an answer's body, if it is one} */
    static Optional<SoapFault> of(XmlNode body) {
        return body.find("Fault").map(fault -> {
            Set<String> codes = new LinkedHashSet<>();
            for (Optional<XmlNode> at = fault.find("Code");
                    at.isPresent();
                    at = at.get().find("Subcode")) {
                codes.add(withoutPrefix(at.get().text("Value")));
            }
            // Those of WS-BaseFaults stand there, and not among the codes (event.wsdl).
            fault.find("Detail").or(() -> fault.find("detail")).stream()
                    .flatMap(detail -> detail.children().stream())
                    .limit(DETAILS_MAX)
                    .forEach(named -> codes.add(named.name()));
            // SOAP 1.1, which some devices fall back to when they fail.
            codes.add(withoutPrefix(fault.text("faultcode")));
            String reason = fault.text("Reason", "Text");
            return new SoapFault(codes, reason.isEmpty() ? fault.text("faultstring") : reason);
        });
    }

    private static String withoutPrefix(String code) {
        return code.substring(code.indexOf(':') + 1);
    }

    /** Whether the login is not liked, or the user may not do it. */
    boolean isAboutLogin() {
        return codes.stream().anyMatch(LOGIN::contains);
    }

    DriverException exception(String operation) {
        return new DriverException(
                kind(),
                "The camera refuses " + operation + ": "
                        + DeviceHttp.words(reason.isEmpty() ? codes.toString() : reason) + ".");
    }

    private Kind kind() {
        for (String code : codes) {
            switch (code) {
                case "ActionNotSupported",
                        "OptionalActionNotImplemented",
                        "UnknownAction",
                        "NotSupported",
                        "NoStatus",
                        "FixedUser" -> {
                    return Kind.UNSUPPORTED;
                }
                case "NoToken",
                        "NoEntity",
                        "NoProfile",
                        "NoSource",
                        "NoConfig",
                        "NoRecording",
                        "RelayToken",
                        "UsernameMissing",
                        "ResourceUnknownFault" -> {
                    return Kind.NOT_FOUND;
                }
                case "TooManyPresets",
                        "MaximumNumberOfPullPointsReached",
                        "TooManyUsers",
                        "MaxMasks",
                        "SubscribeCreationFailedFault",
                        "OutofMemory",
                        "CriticalError" -> {
                    return Kind.BUSY;
                }
                case "UsernameClash",
                        "UsernameTooLong",
                        "UsernameTooShort",
                        "Password",
                        "PasswordTooLong",
                        "PasswordTooWeak",
                        "ConfigModify",
                        "ConfigurationConflict",
                        "UnacceptableInitialTerminationTimeFault",
                        "UnacceptableTerminationTimeFault" -> {
                    return Kind.CONFIG;
                }
                case "InvalidArgVal", "InvalidArgs", "InvalidArgument" -> {
                    // A subcode may say it better.
                }
                default -> {}
            }
        }
        return codes.contains("InvalidArgVal") || codes.contains("InvalidArgs") ? Kind.CONFIG : Kind.PROTOCOL;
    }
}
