// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.ffmpeg;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.platform.api.worker.SourceRequest;

/**
 * What FFmpeg may open for an endpoint: the one place that decides which protocols, containers, hosts and files a camera's
 * address, or a playlist it leads to, may reach.
 */
final class SourcePolicy {
    static final List<String> SCHEMES = List.of("http", "https", "rtmp", "rtmps", "srt", "file");

    /** A playlist may lead from one to the other; keys of encrypted segments come the same way. */
    private static final List<String> HTTP = List.of("http", "https", "tcp", "tls", "crypto");

    private static final Map<String, List<String>> PROTOCOLS = Map.of(
            "http", HTTP,
            "https", HTTP,
            "rtmp", List.of("rtmp", "tcp"),
            "rtmps", List.of("rtmps", "tls", "tcp"),
            "srt", List.of("srt"),
            "file", List.of("file"));

    /** Containers by FFmpeg's names; those that open further files (concat, image sequences, DASH) are not among them. */
    private static final List<String> FILES =
            List.of("mov", "mp4", "m4a", "3gp", "3g2", "mj2", "matroska", "webm", "mpegts", "flv");

    private static final List<String> STREAMS = List.of(
            "mpjpeg",
            "mjpeg",
            "hls",
            "mpegts",
            "flv",
            "live_flv",
            "mov",
            "mp4",
            "m4a",
            "3gp",
            "3g2",
            "mj2",
            "matroska",
            "webm",
            "aac",
            "h264",
            "hevc");

    private SourcePolicy() {}

    /**
     * Blocks while the host's name is looked up.
     *
     * @throws DriverException of kind CONFIG for what may not be opened, UNREACHABLE for an unknown host
     */
    static SourceRequest request(StreamEndpoint endpoint, Settings settings, int openTimeoutMs) throws DriverException {
        URI uri = endpoint.uri();
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        if (!PROTOCOLS.containsKey(scheme)) {
            throw new DriverException(Kind.UNSUPPORTED, "addresses that begin with " + scheme + ":// are not fetched");
        }
        boolean file = scheme.equals("file");
        if (file) {
            checkFile(uri, settings.fileFolders());
        } else {
            checkHost(uri, settings.denied());
        }
        return new SourceRequest(
                uri,
                endpoint.credentials(),
                PROTOCOLS.get(scheme),
                file ? FILES : STREAMS,
                !"false".equals(endpoint.quirks().get("tlsVerify")),
                file && !"false".equals(endpoint.quirks().get("loop")),
                openTimeoutMs,
                settings.stallTimeoutMs());
    }

    private static void checkHost(URI uri, AddressRanges denied) throws DriverException {
        String host = uri.getHost();
        if (host == null || host.isEmpty()) {
            throw new DriverException(Kind.CONFIG, "the address names no host");
        }
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                if (denied.holds(address)) {
                    throw new DriverException(
                            Kind.CONFIG,
                            host + " is " + address.getHostAddress() + ", which this server must not fetch from"
                                    + " (addressesDenied in etc/org.nxvms.ingest.ffmpeg.cfg)");
                }
            }
        } catch (UnknownHostException unknown) {
            throw new DriverException(
                    Kind.UNREACHABLE, "the host " + host + " is not known; check the address", unknown);
        }
    }

    /** Links are followed before the folder is compared, so that none leads out of it. */
    private static void checkFile(URI uri, List<Path> folders) throws DriverException {
        Path file;
        try {
            file = Path.of(uri.getPath()).toRealPath();
        } catch (IOException | IllegalArgumentException unreadable) {
            // The same words as for one outside: what exists elsewhere on this machine is nobody's business.
            throw notAllowed(folders);
        }
        for (Path folder : folders) {
            try {
                if (file.startsWith(folder.toRealPath()) && Files.isRegularFile(file)) {
                    return;
                }
            } catch (IOException absent) {
                // Another folder may hold it.
            }
        }
        throw notAllowed(folders);
    }

    private static DriverException notAllowed(List<Path> folders) {
        return new DriverException(
                Kind.CONFIG,
                folders.isEmpty()
                        ? "this server reads no files: name the folders it may read in fileFolders of"
                                + " etc/org.nxvms.ingest.ffmpeg.cfg"
                        : "there is no such file below the folders this server may read (fileFolders in"
                                + " etc/org.nxvms.ingest.ffmpeg.cfg)");
    }
}
