// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.ffmpeg;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.platform.api.network.AddressRule;
import org.nxvms.platform.api.worker.SourceRequest;

/**
 * What FFmpeg may open for an endpoint: the one place that decides which protocols, containers, hosts and files a camera's
 * address may reach. What a playlist or a redirect leads to keeps to the same protocols and containers, and its hosts are
 * judged like the camera's when they are connected to ({@link JudgedHosts}, ADR 99).
 */
final class SourcePolicy {
    static final List<String> SCHEMES = List.of("http", "https", "rtmp", "rtmps", "srt", "file", "v4l2");

    /** Also in the place of protocols, since it opens nothing else. */
    private static final String DEVICE = "v4l2";

    private static final Pattern DEVICES = Pattern.compile("/dev/video\\d{1,3}");

    /** A playlist may lead from one to the other; keys of encrypted segments come the same way. */
    private static final List<String> HTTP = List.of("http", "https", "tcp", "tls", "httpproxy", "crypto");

    private static final Map<String, List<String>> PROTOCOLS = Map.of(
            "http", HTTP,
            "https", HTTP,
            "rtmp", List.of("rtmp", "tcp"),
            "rtmps", List.of("rtmps", "tls", "httpproxy", "tcp"),
            "srt", List.of("srt"),
            "file", List.of("file"),
            "v4l2", List.of("v4l2"));

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
     * What may be opened for an endpoint, once its {@linkplain #checkHost host} or {@linkplain #checkFile file} was looked at.
     * Never blocks.
     *
     * @throws DriverException of kind UNSUPPORTED for a scheme of no use, CONFIG for an address without a host
     */
    static SourceRequest request(StreamEndpoint endpoint, Settings settings, int openTimeoutMs) throws DriverException {
        URI uri = endpoint.uri();
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        if (!PROTOCOLS.containsKey(scheme)) {
            throw new DriverException(Kind.UNSUPPORTED, "addresses that begin with " + scheme + ":// are not fetched");
        }
        boolean local = isLocal(uri);
        if (!local && (uri.getHost() == null || uri.getHost().isEmpty())) {
            throw new DriverException(Kind.CONFIG, "the address names no host");
        }
        // FFmpeg reads digits itself, and otherwise than the JDK, which looks at the address.
        if (!local && AddressRule.DEVICES.refusalOf(uri.getHost()).isPresent()) {
            throw new DriverException(
                    Kind.CONFIG,
                    "its host "
                            + AddressRule.DEVICES
                                    .refusalOf(uri.getHost())
                                    .orElseThrow()
                                    .words());
        }
        return new SourceRequest(
                uri,
                // FFmpeg answers whatever it is asked for.
                endpoint.credentials().filter(login -> !login.digestOnly()),
                PROTOCOLS.get(scheme),
                containers(uri),
                !"false".equals(endpoint.quirks().get("tlsVerify")),
                isFile(uri) && !"false".equals(endpoint.quirks().get("loop")),
                openTimeoutMs,
                settings.stallTimeoutMs());
    }

    private static List<String> containers(URI uri) {
        return isDevice(uri) ? List.of(DEVICE) : isFile(uri) ? FILES : STREAMS;
    }

    /** {@return whether it is on this machine and not at a host: a file or a device} */
    static boolean isLocal(URI uri) {
        return isFile(uri) || isDevice(uri);
    }

    private static boolean isDevice(URI uri) {
        return DEVICE.equalsIgnoreCase(uri.getScheme());
    }

    static boolean isFile(URI uri) {
        return "file".equalsIgnoreCase(uri.getScheme());
    }

    /** @throws DriverException of kind CONFIG when one of a host's addresses may not be fetched from */
    static void checkHost(List<InetAddress> addresses, AddressRanges denied) throws DriverException {
        for (InetAddress address : addresses) {
            if (denied.holds(address)) {
                throw new DriverException(
                        Kind.CONFIG,
                        "its address is " + address.getHostAddress() + ", which this server must not fetch from"
                                + " (addressesDenied in etc/org.nxvms.ingest.ffmpeg.cfg)");
            }
        }
    }

    /**
     * Looks at a {@linkplain #isLocal local} source: a file as {@link #checkFile} does; of devices those that give pictures, also
     * by the links that {@code udev} makes below {@code /dev/v4l}.
     */
    static void checkLocal(URI uri, List<Path> folders) throws DriverException {
        if (!isDevice(uri)) {
            checkFile(uri, folders);
            return;
        }
        try {
            if (DEVICES.matcher(Path.of(uri.getPath()).toRealPath().toString()).matches()) {
                return;
            }
        } catch (IOException | IllegalArgumentException absent) {
            // The same words as for one of another kind.
        }
        throw new DriverException(
                Kind.CONFIG,
                "there is no such video device at this server; is it plugged in? /dev/v4l/by-id has names that stay");
    }

    /**
     * Links are followed before the folder is compared, so that none leads out of it. Blocks as long as the file system does,
     * which is for ever where a server of network files is gone.
     *
     * @throws DriverException of kind CONFIG for a file that may not be opened
     */
    static void checkFile(URI uri, List<Path> folders) throws DriverException {
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
