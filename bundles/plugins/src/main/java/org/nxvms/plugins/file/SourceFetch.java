// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins.file;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.nxvms.platform.api.plugin.PluginRefusedException;
import org.nxvms.platform.api.plugin.PluginRefusedException.Kind;
import org.nxvms.platform.api.plugin.PluginSource;

/** Opens where a plugin comes from. */
public final class SourceFetch {
    private static final int TIMEOUT_MS = 20_000;
    private static final int URL_CHARS_MAX = 1_000;

    private SourceFetch() {}

    /** {@return its bytes, to be closed} */
    public static InputStream open(PluginSource source) throws PluginRefusedException {
        if (source.content().isPresent()) {
            return source.content().get();
        }
        String url = source.from();
        try {
            URI parsed = new URI(url);
            String scheme = String.valueOf(parsed.getScheme()).toLowerCase(Locale.ROOT);
            if (url.length() <= URL_CHARS_MAX && scheme.equals("file")) {
                return file(Path.of(parsed), url);
            }
            // mvn:REPOSITORY!group/artifact would fetch from anywhere.
            if (url.length() <= URL_CHARS_MAX && scheme.equals("mvn") && url.indexOf('!') < 0) {
                return connect(url);
            }
        } catch (URISyntaxException | IllegalArgumentException noUrl) {
            throw refused("\"" + shown(url) + "\" is no URL of a plugin (" + noUrl.getMessage() + "). " + forms());
        } catch (IOException unreachable) {
            throw refused("Nothing could be fetched from " + shown(url) + " (" + unreachable.getMessage()
                    + "). Check that it is there and that the server's user may read it.");
        }
        throw refused("\"" + shown(url) + "\" is not what plugins are fetched from. " + forms());
    }

    private static InputStream file(Path path, String url) throws IOException, PluginRefusedException {
        if (!Files.isRegularFile(path)) {
            throw refused("There is no file at " + shown(url) + " on the server, or its user may not see it.");
        }
        return Files.newInputStream(path);
    }

    private static InputStream connect(String url) throws IOException {
        URLConnection connection = new URL(url).openConnection();
        connection.setConnectTimeout(TIMEOUT_MS);
        connection.setReadTimeout(TIMEOUT_MS);
        return connection.getInputStream();
    }

    private static String forms() {
        return "Give file:/absolute/path.jar or mvn:group/artifact/version, or send the file itself.";
    }

    private static String shown(String url) {
        return url.length() > 200 ? url.substring(0, 200) + "…" : url;
    }

    private static PluginRefusedException refused(String message) {
        return new PluginRefusedException(Kind.SOURCE, "url", message);
    }
}
