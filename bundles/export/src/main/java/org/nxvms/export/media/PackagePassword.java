// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.media;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import javax.servlet.http.HttpServletRequest;
import org.nxvms.rest.kit.json.Json;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;

/** The password with which somebody wants a package, out of the body {@code {"password":"…"}}. Never in a log or a problem. */
final class PackagePassword {
    private static final int BODY_BYTES_MAX = 1_024;
    private static final int CHARS_MIN = 8;
    private static final int CHARS_MAX = 128;
    private static final String FIELD = "password";

    private PackagePassword() {}

    static char[] of(HttpServletRequest request) throws IOException {
        byte[] body = request.getInputStream().readNBytes(BODY_BYTES_MAX + 1);
        if (body.length > BODY_BYTES_MAX) {
            throw Problem.tooLarge("The body has at most " + BODY_BYTES_MAX + " bytes: {\"password\":\"...\"}.")
                    .exception();
        }
        JsonNode password;
        try {
            password = Json.mapper().readTree(body).path(FIELD);
        } catch (JsonProcessingException e) {
            // Its message would have some of the body.
            throw unreadable();
        }
        if (!password.isTextual()) {
            throw unreadable();
        }
        String text = password.textValue();
        // Programs that open such ZIPs do not agree on the bytes of others.
        if (text.length() < CHARS_MIN
                || text.length() > CHARS_MAX
                || text.chars().anyMatch(c -> c < ' ' || c > '~')) {
            throw Problem.validation(
                            FIELD,
                            "\"password\" must have " + CHARS_MIN + " to " + CHARS_MAX
                                    + " letters without accents, digits, signs and blanks (ASCII).")
                    .exception();
        }
        return text.toCharArray();
    }

    private static ProblemException unreadable() {
        return Problem.malformed(FIELD, "Send the password as JSON: {\"password\":\"...\"}.")
                .exception();
    }
}
