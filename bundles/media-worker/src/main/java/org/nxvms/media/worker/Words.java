// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.platform.api.worker.SourceRequest;

/**
 * What a child says, made fit to be written down. It repeats what its source sent and may have been taken over by it, so its
 * words are cut, and control characters, which could forge lines of a log or steer a terminal, are written out. Keys and
 * passwords of the source's address are left out of the log; from what everybody reads, who may watch but not see how a camera
 * is set up, addresses too.
 */
final class Words {
    /** Two lines of a log; a sentence is shorter. */
    static final int CHARS_MAX = 300;
    /** What is shorter is part of other words. */
    private static final int SECRET_CHARS_MIN = 3;

    private static final Pattern ADDRESS = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]{1,20}://[^\\s'\"<>]*");
    private static final String LEFT_OUT = "***";

    private final List<String> secrets = new ArrayList<>();
    private final List<String> places = new ArrayList<>();

    /** Of a child that knows no address. */
    Words() {}

    Words(SourceRequest request) {
        URI uri = request.uri();
        request.credentials().map(Credentials::password).ifPresent(this::secret);
        request.credentials().map(Credentials::username).ifPresent(this::secret);
        secret(uri.getRawQuery());
        secret(uri.getQuery());
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        if (uri.getScheme().toLowerCase(Locale.ROOT).startsWith("rtmp")) {
            // What follows the application's name is the stream's key.
            int application = path.indexOf('/', 1);
            secret(application < 0 ? "" : path.substring(application + 1));
        }
        place(path);
        place(uri.getPath());
        place(uri.getAuthority());
        place(uri.getHost());
    }

    private void secret(String text) {
        if (text != null && text.length() >= SECRET_CHARS_MIN) {
            secrets.add(text);
        }
    }

    private void place(String text) {
        if (text != null && text.length() >= SECRET_CHARS_MIN) {
            places.add(text);
        }
    }

    /** {@return a line for the server's log} */
    String forLog(String said) {
        return plain(without(said, secrets));
    }

    /** {@return a sentence for everybody} */
    String forPeople(String said) {
        return plain(without(ADDRESS.matcher(without(said, secrets)).replaceAll("its address"), places));
    }

    private static String without(String said, List<String> parts) {
        String text = said.length() <= 4 * CHARS_MAX ? said : said.substring(0, 4 * CHARS_MAX);
        for (String part : parts) {
            text = text.replace(part, LEFT_OUT);
        }
        return text;
    }

    private static String plain(String said) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < said.length() && plain.length() < CHARS_MAX; i++) {
            char c = said.charAt(i);
            int kind = Character.getType(c);
            if (Character.isISOControl(c)
                    || kind == Character.FORMAT
                    || kind == Character.LINE_SEPARATOR
                    || kind == Character.PARAGRAPH_SEPARATOR) {
                plain.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                plain.append(c);
            }
        }
        return said.length() > CHARS_MAX ? plain + "..." : plain.toString();
    }
}
