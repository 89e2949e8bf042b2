// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.kit.search;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.SearchScope;

/**
 * Run in a network namespace with two networks by {@link SearchRunTest}: searches in one of them, and says how many packets have
 * left by each interface meanwhile.
 */
final class NamespacedSearch {
    private static final int TIME_MS = 1_000;
    private static final int PACE = 200;

    private NamespacedSearch() {}

    /** Asks and listens, as WS-Discovery does. */
    private static final class Both implements SearchProtocol {
        @Override
        public int port() {
            return 3702;
        }

        @Override
        public List<InetAddress> groups() {
            return List.of(SearchInterfaces.literal("239.255.255.250"), SearchInterfaces.literal("ff02::c"));
        }

        @Override
        public List<byte[]> questions() {
            return List.of(new byte[] {'?'});
        }

        @Override
        public boolean listens() {
            return true;
        }

        @Override
        public void heard(byte[] datagram, InetAddress from) {
            // What is sent is looked at.
        }
    }

    /** @param arguments the interface to search on, the other one, an address behind the other one */
    public static void main(String[] arguments) throws Exception {
        String chosen = arguments[0];
        String other = arguments[1];
        List<SearchProtocol> protocols = List.of(new Both(), new MdnsSearch(List.of("_rtsp._tcp"), instance -> {}));
        long chosenBefore = sent(chosen);
        long otherBefore = sent(other);
        SearchRun.run(new SearchScope(TIME_MS, Set.of(chosen), List.of(), PACE), protocols);
        System.out.println("chosen " + (sent(chosen) - chosenBefore));
        System.out.println("other " + (sent(other) - otherBefore));
        try {
            SearchRun.run(
                    new SearchScope(TIME_MS, Set.of(chosen), List.of(InetAddress.getByName(arguments[2])), PACE),
                    protocols);
            System.out.println("behind asked");
        } catch (DriverException e) {
            System.out.println("behind " + e.kind());
        }
        System.out.println("still " + (sent(other) - otherBefore));
    }

    private static long sent(String name) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/net/dev"))) {
            String[] words = line.strip().split("[:\\s]+");
            if (words[0].equals(name)) {
                return Long.parseLong(words[10]);
            }
        }
        throw new IOException("there is no interface " + name);
    }
}
