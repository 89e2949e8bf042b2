// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtsp;

import java.util.Locale;

/**
 * A Session header (RFC 2326 12.37).
 *
 * @param id opaque, repeated in every later request
 * @param timeoutS seconds of silence after which the server may end the session; 60 when not told
 */
public record RtspSession(String id, int timeoutS) {
    private static final int DEFAULT_TIMEOUT_S = 60;
    private static final int ID_CHARS_MAX = 256;

    /** @throws RtspException when there is no usable id */
    public static RtspSession parse(String header) throws RtspException {
        String[] parts = header.split(";", 8);
        String id = parts[0].trim();
        if (id.isEmpty() || id.length() > ID_CHARS_MAX) {
            throw new RtspException("a session id of " + id.length() + " characters");
        }
        int timeoutS = DEFAULT_TIMEOUT_S;
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].trim().toLowerCase(Locale.ROOT);
            int equals = parameter.indexOf('=');
            if (equals > 0 && "timeout".equals(parameter.substring(0, equals).trim())) {
                try {
                    int told = Integer.parseInt(parameter.substring(equals + 1).trim());
                    timeoutS = told >= 1 && told <= 86_400 ? told : DEFAULT_TIMEOUT_S;
                } catch (NumberFormatException notANumber) {
                    timeoutS = DEFAULT_TIMEOUT_S;
                }
            }
        }
        return new RtspSession(id, timeoutS);
    }
}
