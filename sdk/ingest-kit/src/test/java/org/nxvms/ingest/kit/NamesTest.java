// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.network.AddressRule;
import org.nxvms.platform.api.network.DeviceNetwork;

/** Names while their servers are dead, and addresses, which need none. */
class NamesTest {
    private final CountDownLatch alive = new CountDownLatch(1);
    private final AtomicInteger lookUps = new AtomicInteger();
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final Names names = new Names("test-names", this::lookUp);

    private InetAddress[] lookUp(String host) throws UnknownHostException {
        lookUps.incrementAndGet();
        try {
            alive.await();
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
        if (host.startsWith("no")) {
            throw new UnknownHostException(host);
        }
        InetAddress camera = InetAddress.getByAddress(host, new byte[] {(byte) 192, 0, 2, 7});
        return host.startsWith("meta")
                ? new InetAddress[] {camera, InetAddress.getByName("169.254.169.254")}
                : new InetAddress[] {camera};
    }

    @AfterEach
    void close() {
        alive.countDown();
        names.close();
    }

    private Names.Question ask(String host) {
        return names.resolve(host, Runnable::run, new Names.Asker() {
            @Override
            public void found(List<InetAddress> addresses) {
                told.add(host + " is " + addresses.get(0).getHostAddress());
            }

            @Override
            public void unknown(String why) {
                told.add(why);
            }
        });
    }

    private String next() throws InterruptedException {
        return told.poll(30, TimeUnit.SECONDS);
    }

    @Test
    void deadServersDoNotHoldUpWhatIsWrittenOut() throws Exception {
        for (int i = 0; i < 50; i++) {
            ask("camera" + i);
        }
        ask("127.0.0.1");
        ask("[::1]");
        assertThat(told).containsExactly("127.0.0.1 is 127.0.0.1", "[::1] is 0:0:0:0:0:0:0:1");
    }

    @Test
    void aNameIsLookedUpOnceAtATimeHoweverOftenItIsAskedFor() throws Exception {
        Names.Question[] questions = new Names.Question[20];
        for (int i = 0; i < questions.length; i++) {
            questions[i] = ask("camera");
        }
        for (int i = 0; i < questions.length - 2; i++) {
            questions[i].withdraw();
        }
        alive.countDown();
        assertThat(next()).isEqualTo("camera is 192.0.2.7");
        assertThat(next()).isEqualTo("camera is 192.0.2.7");
        assertThat(lookUps).hasValue(1);
        ask("nobody");
        assertThat(next()).as("nobody who withdrew was told").contains("host name is not known", "use the address");
    }

    @Test
    void aNameThatMeansTheMetadataServiceTooIsNotUsed() throws Exception {
        alive.countDown();
        ask("meta.example");
        assertThat(next()).contains("metadata service", "does not connect");
    }

    @Test
    void whatIsWrittenOutIsJudgedByTheRuleThatCountsNow() {
        ask("127.0.0.1");
        AtomicReference<DeviceNetwork> network = new AtomicReference<>(() -> new AddressRule(false, true));
        names.rule(new DeviceAddresses(network::get));
        ask("127.0.0.1");
        // While the one who knows is exchanged, it stays as it was said last.
        network.set(null);
        ask("[::1]");
        assertThat(told).hasSize(3).first().isEqualTo("127.0.0.1 is 127.0.0.1");
        assertThat(told).filteredOn(why -> why.contains("devicesLocalAllowed")).hasSize(2);
    }

    @Test
    void moreNamesThanCanWaitAreRefusedWithTheReason() throws Exception {
        for (int i = 0; i < 2_000; i++) {
            ask("camera" + i);
        }
        assertThat(next()).contains("too many host names", "name servers");
    }
}
