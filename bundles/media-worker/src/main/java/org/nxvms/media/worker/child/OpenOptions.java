// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker.child;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nxvms.media.worker.wire.SourceOrder;

/** How an order becomes what FFmpeg is told: its URL with credentials, which never leaves this process, and its options. */
final class OpenOptions {
    /** Where distributions keep the certificates a host trusts; FFmpeg's build knows no place of its own. */
    private static final List<String> CERTIFICATES =
            List.of("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem");
    /** A camera's answer to a login page and back; more is a loop. */
    private static final int REDIRECTS_MAX = 3;
    /** Enough for two seconds of most streams; FFmpeg's 5 MB take a slow camera half a minute. */
    private static final int PROBE_BYTES = 2 << 20;

    private static final int ANALYSE_US = 2_000_000;

    private OpenOptions() {}

    static String url(SourceOrder order) {
        return url(order, order.uri());
    }

    /** @param uri the order's, or one with an address in the place of its host */
    static String url(SourceOrder order, String uri) {
        if (uri.startsWith("file:")) {
            return "file:" + java.net.URI.create(uri).getPath();
        }
        if (VideoDevice.is(uri)) {
            return VideoDevice.path(uri);
        }
        if (order.username().isEmpty() || uri.startsWith("srt:")) {
            return uri;
        }
        int host = uri.indexOf("://") + 3;
        return uri.substring(0, host) + escape(order.username()) + ":" + escape(order.password()) + "@"
                + uri.substring(host);
    }

    /** FFmpeg decodes %XX in user information, and a plus sign is one. */
    private static String escape(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    static Map<String, String> options(SourceOrder order) {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("protocol_whitelist", String.join(",", order.protocols()));
        options.put("format_whitelist", String.join(",", order.containers()));
        options.put("probesize", Integer.toString(PROBE_BYTES));
        options.put("analyzeduration", Integer.toString(ANALYSE_US));
        String scheme = order.uri().substring(0, order.uri().indexOf(':'));
        switch (scheme) {
            case "http", "https" -> {
                options.put("user_agent", "NXvms");
                options.put("max_redirects", Integer.toString(REDIRECTS_MAX));
                // The newest segment first: what is watched and recorded shall be now.
                options.put("live_start_index", "-1");
            }
            case "srt" -> {
                options.put("mode", "caller");
                if (!order.password().isEmpty()) {
                    options.put("passphrase", order.password());
                }
            }
            default -> {
                // Nothing of its own.
            }
        }
        return options;
    }

    /** {@return what goes with each connection, also those that a playlist or a redirect leads to} */
    static Map<String, String> tls(SourceOrder order) {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("tls_verify", order.verifyTls() ? "1" : "0");
        CERTIFICATES.stream()
                .filter(file -> Files.isReadable(Path.of(file)))
                .findFirst()
                .ifPresent(file -> options.put("ca_file", file));
        return options;
    }
}
