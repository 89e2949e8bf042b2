// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.door;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.HttpChannel;
import org.eclipse.jetty.server.Request;

/**
 * What browsers are told with every answer, whoever made it: that it is no page, belongs in no frame and is what it says
 * it is. Whoever answers with a page of its own, as the console does, says what that page may; such a header stays.
 */
final class AnswerHeaders {
    private static final Map<String, String> EVERYWHERE = Map.of(
            "X-Content-Type-Options", "nosniff",
            "X-Frame-Options", "DENY",
            "Referrer-Policy", "no-referrer",
            "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'",
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
            "Cross-Origin-Resource-Policy", "same-origin");

    private volatile String strictTransport = "";

    void strictTransportDays(int days) {
        strictTransport = days == 0 ? "" : "max-age=" + TimeUnit.DAYS.toSeconds(days);
    }

    /**
     * Has them set when the answer leaves, since an answer may be begun anew before.
     *
     * @param page the other server's page that may read the answer, if any
     * @param httpsOnly whether browsers may be told never to come by plain HTTP again
     */
    // Jetty keeps listeners for the life of a connection otherwise, and with them an exchanged bundle.
    @SuppressWarnings("deprecation")
    void of(Request request, Optional<String> page, boolean httpsOnly) {
        String strict = httpsOnly ? strictTransport : "";
        request.getHttpChannel().addListener(new HttpChannel.Listener() {
            @Override
            public void onResponseBegin(Request answered) {
                HttpFields fields = answered.getResponse().getHttpFields();
                EVERYWHERE.forEach((name, value) -> putIfAbsent(fields, name, value));
                if (!strict.isEmpty()) {
                    putIfAbsent(fields, "Strict-Transport-Security", strict);
                }
                page.ifPresent(origin -> CrossOrigin.admit(fields, origin));
            }
        });
    }

    private static void putIfAbsent(HttpFields fields, String name, String value) {
        if (!fields.containsKey(name)) {
            fields.put(name, value);
        }
    }
}
