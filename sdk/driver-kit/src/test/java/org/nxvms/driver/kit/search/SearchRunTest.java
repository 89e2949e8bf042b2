// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.kit.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.SearchScope;

/** Questions by loopback to a device that announces itself by multicast DNS and SSDP at one port. */
class SearchRunTest {
    private static final String SERVICE = "_rtsp._tcp";
    private static final String TARGET = "urn:schemas-upnp-org:device:DigitalSecurityCamera:1";
    private static final long PATIENCE_SECONDS = 120;

    private final List<MdnsSearch.Instance> instances = new CopyOnWriteArrayList<>();
    private final List<SsdpSearch.Answer> answers = new CopyOnWriteArrayList<>();
    private final AtomicInteger asked = new AtomicInteger();
    private NetworkInterface loopback;
    private DatagramChannel device;
    private Thread answering;

    @BeforeEach
    void start() throws IOException {
        loopback = NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress());
        device = DatagramChannel.open(StandardProtocolFamily.INET);
        device.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        device.bind(new InetSocketAddress("0.0.0.0", 0));
        device.join(SearchInterfaces.literal("224.0.0.251"), loopback);
        device.join(SearchInterfaces.literal("239.255.255.250"), loopback);
        answering = new Thread(this::answer);
        answering.setDaemon(true);
        answering.start();
    }

    @AfterEach
    void stop() throws Exception {
        device.close();
        end(answering);
    }

    private static void end(Thread thread) throws InterruptedException {
        thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        assertThat(thread.isAlive()).as("it ends when it is told to").isFalse();
    }

    private void answer() {
        ByteBuffer buffer = ByteBuffer.allocate(65_536);
        try {
            while (true) {
                buffer.clear();
                InetSocketAddress from = (InetSocketAddress) device.receive(buffer);
                asked.incrementAndGet();
                boolean search =
                        new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8).startsWith("M-SEARCH");
                byte[] bytes = search
                        ? ("HTTP/1.1 200 OK\r\nST: " + TARGET + "\r\nUSN: uuid:1\r\n\r\n")
                                .getBytes(StandardCharsets.UTF_8)
                        : new DnsText(SERVICE).instance("Gate", 8554).bytes();
                device.send(ByteBuffer.wrap(bytes), from);
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void search(SearchScope scope, BooleanSupplier done) throws Exception {
        int port = ((InetSocketAddress) device.getLocalAddress()).getPort();
        List<SearchProtocol> protocols = List.of(
                new MdnsSearch(List.of(SERVICE), port, instances::add),
                new SsdpSearch(List.of(TARGET), port, answers::add));
        Thread searching = new Thread(() -> {
            try {
                while (!done.getAsBoolean()) {
                    SearchRun.run(scope, protocols);
                }
            } catch (DriverException | InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        });
        searching.setDaemon(true);
        searching.start();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!done.getAsBoolean() && System.nanoTime() < end) {
            searching.join(5);
        }
        searching.interrupt();
        end(searching);
        assertThat(done.getAsBoolean())
                .as("asked " + asked + " times, " + instances + answers)
                .isTrue();
    }

    @Test
    void eachProtocolHearsItsOwnAnswers() throws Exception {
        search(
                new SearchScope(60_000, Set.of(loopback.getName()), List.of(), 1_000),
                () -> !instances.isEmpty() && !answers.isEmpty());
        assertThat(instances.get(0).name()).isEqualTo("Gate");
        assertThat(instances.get(0).from().isLoopbackAddress()).isTrue();
        assertThat(answers.get(0).usn()).isEqualTo("uuid:1");
    }

    @Test
    void anAddressIsAskedWithoutAGroup() throws Exception {
        search(
                new SearchScope(
                        60_000, Set.of(loopback.getName()), List.of(SearchInterfaces.literal("127.0.0.1")), 1_000),
                () -> !instances.isEmpty() && !answers.isEmpty());
        assertThat(instances.get(0).from().getHostAddress()).isEqualTo("127.0.0.1");
    }

    @Test
    void noMoreIsSentThanThePaceAllows() throws Exception {
        // Two questions a round: at four datagrams a second the second round cannot be over before a second is.
        long begun = System.nanoTime();
        search(new SearchScope(60_000, Set.of(loopback.getName()), List.of(), 4), () -> asked.get() >= 5);
        assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(1_000));
    }
}
