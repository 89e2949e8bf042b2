// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends several datagrams in one call of the kernel (ADR 163): what Java cannot ask for is {@code src/main/c/udp_bursts.c}. It sends
 * from a channel's own port, by a descriptor of its own. Where the native part is not in the jar, cannot be loaded, or the kernel does
 * not know how, there is none, and datagrams are sent one by one. Any thread.
 */
final class UdpBursts implements AutoCloseable {
    /** All were sent. */
    static final int SENT = 1;
    /** None was sent, and it may be tried again later. */
    static final int NO_ROOM = 0;
    /** None was sent, nor will be in this way; one by one they may go. */
    static final int ONE_BY_ONE = -1;

    private static final int NEVER = -2;
    private static final int NONE = -1;

    private static final Logger LOG = LoggerFactory.getLogger(UdpBursts.class);
    private static final String LIBRARY = "/native/linux-x86_64/libnxvms-udp-bursts.so";

    private int descriptor;

    private UdpBursts(int descriptor) {
        this.descriptor = descriptor;
    }

    /** Once for each class loader, as the JVM binds native methods. */
    private static final class Loaded {
        static final boolean IS_THERE = load();

        private Loaded() {}
    }

    /** {@return what sends bursts from a channel that is bound to one address, empty where nothing does} Must be closed with it. */
    static Optional<UdpBursts> of(DatagramChannel channel) throws IOException {
        InetSocketAddress local = (InetSocketAddress) channel.getLocalAddress();
        if (!Loaded.IS_THERE || local == null) {
            return Optional.empty();
        }
        int own = open(local.getAddress().getAddress(), local.getPort());
        return own == NONE ? Optional.empty() : Optional.of(new UdpBursts(own));
    }

    /** {@return {@link #SENT}, {@link #NO_ROOM} or {@link #ONE_BY_ONE}} Waits for nothing. */
    synchronized int send(Burst burst, InetSocketAddress peer) {
        if (descriptor == NONE) {
            return ONE_BY_ONE;
        }
        int said = send(
                descriptor,
                burst.bytes(),
                burst.length(),
                burst.each(),
                peer.getAddress().getAddress(),
                peer.getPort());
        if (said == NEVER) {
            LOG.info(
                    "WebRTC sends datagrams one by one, at twice the cost: a network card or the kernel takes no bursts");
            close();
        }
        return said == NEVER ? ONE_BY_ONE : said;
    }

    /** Idempotent. */
    @Override
    public synchronized void close() {
        if (descriptor != NONE) {
            close(descriptor);
            descriptor = NONE;
        }
    }

    private static boolean load() {
        boolean right = System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64");
        try (InputStream library = UdpBursts.class.getResourceAsStream(LIBRARY)) {
            if (!right || library == null) {
                return none("this build has no native part for this machine");
            }
            load(library);
            return true;
        } catch (IOException | LinkageError | RuntimeException cannot) {
            // A temporary folder whose programs may not run, a C library of another kind.
            return none(cannot.toString());
        }
    }

    private static boolean none(String why) {
        LOG.info("WebRTC sends datagrams one by one, at twice the cost: {}", why);
        return false;
    }

    /** From a file of its own, which is gone afterwards: a library is bound to the first class loader that names it. */
    private static void load(InputStream library) throws IOException {
        Path file = Files.createTempFile("nxvms-udp-bursts-", ".so");
        try {
            Files.copy(library, file, StandardCopyOption.REPLACE_EXISTING);
            System.load(file.toString());
        } finally {
            Files.delete(file);
        }
    }

    /** {@return another descriptor of the socket that is bound to an address, {@link #NONE} when bursts cannot be sent from it} */
    private static native int open(byte[] address, int port);

    private static native int send(int own, byte[] datagrams, int bytes, int each, byte[] peer, int port);

    private static native void close(int own);
}
