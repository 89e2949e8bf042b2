// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.kit.search;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.SearchScope;

/**
 * Run in a network namespace with two links of IPv6 by {@link NamespacesTest}: searches on one of them, and says who was asked
 * and who was heard. At the far end of each link a device answers what comes to its groups, and greets them all the time.
 */
final class NamespacedSearch6 {
    private static final int PORT = 3702;
    private static final int TIME_MS = 1_000;
    private static final int PACE = 200;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long GREET_MS = 50;

    private NamespacedSearch6() {}

    /** At the end of a link; answers with what it is called. */
    private static final class Device {
        private final NetworkInterface end;
        private final AtomicInteger asked = new AtomicInteger();
        private final AtomicInteger greeted = new AtomicInteger();
        private final DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET6);

        Device(String name) throws IOException {
            end = NetworkInterface.getByName(name);
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(new InetSocketAddress("::", PORT));
            channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, end);
            channel.join(group(), end);
            start(this::answer);
            start(this::greet);
        }

        private static void start(Runnable task) {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            thread.start();
        }

        private void answer() {
            ByteBuffer buffer = ByteBuffer.allocate(1 << 10);
            try {
                while (true) {
                    buffer.clear();
                    InetSocketAddress from = (InetSocketAddress) channel.receive(buffer);
                    boolean question = buffer.position() == 1 && buffer.get(0) == '?';
                    // Both devices stand in one namespace, where a socket hears what came for another one, too.
                    if (question && scope(from.getAddress()).equals(end.getName())) {
                        asked.incrementAndGet();
                        channel.send(ByteBuffer.wrap(("answer " + end.getName()).getBytes()), from);
                    }
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        private void greet() {
            try {
                while (true) {
                    byte[] words = ("greeting " + end.getName()).getBytes();
                    channel.send(ByteBuffer.wrap(words), new InetSocketAddress(group(), PORT));
                    greeted.incrementAndGet();
                    Thread.sleep(GREET_MS);
                }
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** {@return the interface by which somebody of the link spoke} */
    private static String scope(InetAddress from) {
        try {
            return NetworkInterface.getByIndex(((Inet6Address) from).getScopeId())
                    .getName();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static InetAddress group() {
        return SearchInterfaces.literal("ff02::c");
    }

    /** Asks and listens, as WS-Discovery does; remembers what was said. */
    private static final class Both implements SearchProtocol {
        private final Set<String> heard = ConcurrentHashMap.newKeySet();

        @Override
        public int port() {
            return PORT;
        }

        @Override
        public List<InetAddress> groups() {
            return List.of(group());
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
            String said = new String(datagram);
            // What is asked comes back to our own ear.
            if (!said.equals("?")) {
                heard.add(said + " from " + scope(from));
            }
        }
    }

    /** @param arguments the interface to search on and its end, the other one and its end, addresses behind the other one */
    public static void main(String[] arguments) throws Exception {
        String chosen = arguments[0];
        String other = arguments[2];
        Device near = new Device(arguments[1]);
        Device far = new Device(arguments[3]);
        Both both = new Both();
        String answer = "answer " + near.end.getName() + " from " + chosen;
        String greeting = "greeting " + near.end.getName() + " from " + chosen;
        // A round, and a good number of greetings on the other link, which it must not hear.
        search(
                chosen,
                both,
                () -> both.heard.contains(answer) && both.heard.contains(greeting) && far.greeted.get() > 10);
        System.out.println("chosen " + near.asked);
        System.out.println("other " + far.asked);
        System.out.println(
                "heard " + String.join(", ", both.heard.stream().sorted().toList()));
        for (int i = 4; i < arguments.length; i++) {
            System.out.println("behind" + (i - 3) + " " + ask(chosen, arguments[i]));
        }
        System.out.println("still " + far.asked);
        Both control = new Both();
        search(other, control, () -> far.asked.get() > 0 && control.heard.size() > 1);
        System.out.println(
                "control " + String.join(", ", control.heard.stream().sorted().toList()));
    }

    private static String ask(String chosen, String address) throws Exception {
        try {
            SearchRun.run(
                    new SearchScope(TIME_MS, Set.of(chosen), List.of(InetAddress.getByName(address)), PACE),
                    List.of(new Both()));
            return "asked";
        } catch (DriverException e) {
            return e.kind().name();
        }
    }

    private static void search(String chosen, Both both, BooleanSupplier done) throws Exception {
        long end = System.nanoTime() + PATIENCE_NANOS;
        List<SearchProtocol> protocols = new ArrayList<>(List.of(both));
        do {
            SearchRun.run(new SearchScope(TIME_MS, Set.of(chosen), List.of(), PACE), protocols);
        } while (!done.getAsBoolean() && System.nanoTime() < end);
    }
}
