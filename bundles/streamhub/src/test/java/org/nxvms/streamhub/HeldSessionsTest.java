// SPDX-License-Identifier: Apache-2.0
package org.nxvms.streamhub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.streamhub.Pictures.FORMAT;
import static org.nxvms.streamhub.Pictures.SMALL;
import static org.nxvms.streamhub.Pictures.STREAM;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.media.ClockSource;
import org.nxvms.media.GapCause;
import org.nxvms.media.LeftSession;
import org.nxvms.media.ReaderStart;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamReader;
import org.nxvms.media.StreamWriter;

/** Sessions between two engines, with real sockets. */
class HeldSessionsTest {
    private static final int LONG_MS = 60_000;
    private static final long END_US = 70_000;
    private static final int DATAGRAMS = 60;

    private final RingHub hub = Pictures.hub(64L << 20);
    private final Pictures pictures = new Pictures();
    private final StreamReader reader = hub.openReader(STREAM, "test", ReaderStart.NEXT);
    private SocketChannel source;
    private SocketChannel ours;
    private StreamWriter before;
    private HeldSessions held;

    @BeforeEach
    void connect() throws IOException {
        try (ServerSocketChannel server =
                ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            ours = SocketChannel.open(server.getLocalAddress());
            source = server.accept();
        }
        ours.configureBlocking(false);
        before = hub.openWriter(STREAM, SMALL);
        before.startRun(FORMAT, 0, ClockSource.ARRIVAL);
        pictures.commit(before, 0, 100, true);
    }

    @AfterEach
    void close() throws IOException {
        held.close();
        source.close();
        ours.close();
    }

    private void leave(int holdMs, byte[] unread) {
        held = new HeldSessions(hub, holdMs);
        leaveOne(unread);
    }

    private void leaveOne(byte[] unread) {
        held.leave(new LeftSession(
                STREAM,
                new LeftSession.OpenRun(before.epoch(), END_US),
                Map.of("what", "test"),
                ours,
                ByteBuffer.wrap(unread)));
    }

    private static void await(String what, BooleanSupplier condition) {
        Instant end = Instant.now().plus(Duration.ofSeconds(30));
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as("waited for " + what).isBefore(end);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static boolean threadIsThere() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("nxvms-io-held"));
    }

    /** More than the kernel takes: the source never has to wait, and nothing of it is missing or out of order. */
    @Test
    void whatComesMeanwhileIsThereForTheSuccessor() throws IOException {
        leave(LONG_MS, new byte[] {0, 1, 2});
        int more = 4 << 20;
        ByteBuffer sent = ByteBuffer.allocate(more);
        for (int i = 0; i < more; i++) {
            sent.put((byte) (i + 3));
        }
        sent.flip();
        while (sent.hasRemaining()) {
            source.write(sent);
        }
        LeftSession taken = held.take(STREAM).orElseThrow();
        ByteBuffer all = ByteBuffer.allocate(3 + more).put(taken.unread());
        taken.channel().configureBlocking(false);
        await("the rest, from the socket", () -> read(taken.channel(), all) && !all.hasRemaining());

        for (int i = 0; i < all.capacity(); i++) {
            assertThat(all.get(i)).as("byte %d", i).isEqualTo((byte) i);
        }
        assertThat(taken.facts()).containsEntry("what", "test");
        assertThat(held.take(STREAM)).isEmpty();
        await("the thread to end with the last session", () -> !threadIsThere());
    }

    private static boolean read(SocketChannel from, ByteBuffer into) {
        try {
            return from.read(into) >= 0;
        } catch (IOException broken) {
            throw new java.io.UncheckedIOException(broken);
        }
    }

    /** Of the one sender only, in order, and told apart by their ports. */
    @Test
    void datagramsThatComeMeanwhileAreThereToo() throws IOException {
        InetAddress here = InetAddress.getByName("127.0.0.1");
        held = new HeldSessions(hub, LONG_MS);
        try (DatagramChannel first = port(here);
                DatagramChannel second = port(here);
                DatagramChannel camera = port(here);
                DatagramChannel stranger = port(InetAddress.getByName("127.0.0.9"))) {
            held.leave(new LeftSession(
                    STREAM,
                    new LeftSession.OpenRun(before.epoch(), END_US),
                    Map.of(),
                    ours,
                    ByteBuffer.allocate(0),
                    new LeftSession.Datagrams(
                            List.of(
                                    new LeftSession.Port(first, Optional.of(here)),
                                    new LeftSession.Port(second, Optional.of(here))),
                            ByteBuffer.wrap(new byte[] {1, 0, 1, 42}),
                            ByteBuffer.allocate(0))));
            stranger.send(ByteBuffer.wrap(new byte[] {7, 7}), first.getLocalAddress());
            // As many as fit the kernel's usual buffer, however late they are read.
            for (int i = 0; i < DATAGRAMS; i++) {
                camera.send(ByteBuffer.allocate(1000).put(0, (byte) i), first.getLocalAddress());
            }
            camera.send(ByteBuffer.wrap(new byte[] {9}), second.getLocalAddress());
            await("some to be kept", () -> held.bytes() > 4);
            LeftSession taken = held.take(STREAM).orElseThrow();
            ByteBuffer kept = taken.datagrams().unread();

            assertThat(datagram(kept)).as("what was left").containsExactly(1, 42);
            int next = 0;
            while (kept.hasRemaining()) {
                int[] one = datagram(kept);
                assertThat(one[1]).isEqualTo(one[0] == 0 ? next++ : 9);
            }
            // The rest waits in the socket, as with any that nobody read.
            ByteBuffer in = ByteBuffer.allocate(2000);
            InetSocketAddress from = (InetSocketAddress) first.receive(in);
            while (from != null) {
                if (from.getAddress().equals(here)) {
                    assertThat(in.get(0)).isEqualTo((byte) next++);
                }
                from = (InetSocketAddress) first.receive(in.clear());
            }
            assertThat(next).isEqualTo(DATAGRAMS);
        }
    }

    private static DatagramChannel port(InetAddress on) throws IOException {
        DatagramChannel channel = DatagramChannel.open().bind(new InetSocketAddress(on, 0));
        channel.configureBlocking(false);
        return channel;
    }

    /** {@return port and first byte of the next} */
    private static int[] datagram(ByteBuffer all) {
        int port = all.get();
        int length = all.getShort() & 0xFFFF;
        int first = all.get();
        all.position(all.position() + length - 1);
        return new int[] {port, first};
    }

    /** A source of datagrams does not notice that its connection is closed. */
    @Test
    void aSessionThatNobodyTakesSaysFarewellAndClosesItsPorts() throws IOException {
        held = new HeldSessions(hub, 50);
        try (DatagramChannel port = port(InetAddress.getByName("127.0.0.1"))) {
            held.leave(new LeftSession(
                    STREAM,
                    new LeftSession.OpenRun(before.epoch(), END_US),
                    Map.of(),
                    ours,
                    ByteBuffer.allocate(0),
                    new LeftSession.Datagrams(
                            List.of(new LeftSession.Port(port, Optional.empty())),
                            ByteBuffer.allocate(0),
                            ByteBuffer.wrap(new byte[] {5, 6}))));
            await("the end", () -> !port.isOpen() && !ours.isOpen());
            ByteBuffer heard = ByteBuffer.allocate(10);
            await("the hang-up", () -> !read(source, heard));
            assertThat(heard.flip()).isEqualTo(ByteBuffer.wrap(new byte[] {5, 6}));
        }
    }

    /** As when two exchanges follow on each other. */
    @Test
    void whatWasJustTakenCanBeLeftAgain() {
        leave(LONG_MS, new byte[] {1});
        for (int i = 0; i < 1000; i++) {
            held.leave(held.take(STREAM).orElseThrow());
        }
        await("the thread to hold it", () -> held.take(STREAM).isPresent());
        assertThat(ours.isOpen()).isTrue();
        assertThat(hub.statistics(STREAM).orElseThrow().live()).isTrue();
    }

    @Test
    void theRunGoesOnUnderTheSuccessorsLease() {
        leave(LONG_MS, new byte[0]);
        held.take(STREAM);
        StreamWriter after = hub.openWriter(STREAM, SMALL);
        long run = after.continueRun();
        pictures.commit(after, 1, 100, false);

        assertThat(run).isEqualTo(hub.statistics(STREAM).orElseThrow().run());
        assertThat(before.holdsLease()).isFalse();
        assertThat(reader.poll()).isEqualTo(StreamReader.RUN_START);
        assertThat(reader.poll()).isEqualTo(StreamReader.ACCESS_UNIT);
        assertThat(reader.poll()).as("no other run").isEqualTo(StreamReader.ACCESS_UNIT);
        assertThat(Pictures.matches(reader.data(), 1)).isTrue();
    }

    @Test
    void withoutASuccessorTheSessionEndsAndTheGapSaysWhy() throws IOException {
        leave(50, new byte[0]);
        await("the end", () -> !hub.statistics(STREAM).orElseThrow().live());

        assertThat(source.read(ByteBuffer.allocate(1))).as("hung up").isEqualTo(-1);
        assertThat(held.take(STREAM)).isEmpty();
        reader.poll();
        reader.poll();
        assertThat(reader.poll()).isEqualTo(StreamReader.RUN_END);
        assertThat(reader.gapCause()).isEqualTo(GapCause.MAINTENANCE);
        assertThat(reader.wallUs()).isEqualTo(END_US);
        await("the thread to end", () -> !threadIsThere());
    }

    /** Whatever goes wrong with one session, one that is left later is held, and ended, as any. */
    @Test
    void anErrorEndsNoneButWhatIsThere() throws IOException {
        AtomicBoolean sick = new AtomicBoolean(true);
        StreamHub troubled = (StreamHub) Proxy.newProxyInstance(
                StreamHub.class.getClassLoader(), new Class<?>[] {StreamHub.class}, (proxy, method, arguments) -> {
                    if (sick.get() && method.getName().equals("statistics")) {
                        throw new OutOfMemoryError("as it comes when a heap is full");
                    }
                    return method.invoke(hub, arguments);
                });
        held = new HeldSessions(troubled, 50);
        leaveOne(new byte[0]);
        await("it to hang up", () -> !ours.isOpen());
        await("the thread to end", () -> !threadIsThere());
        sick.set(false);
        source.close();
        connect();
        leaveOne(new byte[0]);
        await("the end of the next", () -> !hub.statistics(STREAM).orElseThrow().live());
        assertThat(source.read(ByteBuffer.allocate(1))).as("hung up").isEqualTo(-1);
    }

    /** So that a thousand sessions are no hundred megabytes. */
    @Test
    void aSessionThroughWhichNothingComesCostsNoMemory() {
        leave(LONG_MS, new byte[3]);
        assertThat(held.bytes()).isEqualTo(3);
        held.take(STREAM);
        assertThat(held.bytes()).isZero();
    }

    @Test
    void whoeverWritesTheStreamByThenIsLeftAlone() {
        leave(50, new byte[0]);
        StreamWriter another = hub.openWriter(STREAM, SMALL);
        another.startRun(FORMAT, 80_000, ClockSource.ARRIVAL);
        await("the session to end", () -> !ours.isOpen());

        assertThat(another.holdsLease()).isTrue();
        assertThat(pictures.commit(another, 2, 100, true)).isEqualTo(StreamWriter.COMMITTED);
    }

    @Test
    void aRunThatHasEndedIsNotContinued() {
        leave(LONG_MS, new byte[0]);
        held.take(STREAM);
        StreamWriter after = hub.openWriter(STREAM, SMALL);
        after.continueRun();
        after.endRun(END_US, GapCause.AUTH, "");

        assertThat(after.continueRun()).isZero();
        assertThat(hub.openWriter(STREAM, SMALL).continueRun()).isZero();
        assertThat(pictures.commit(after, 1, 100, true)).isEqualTo(StreamWriter.LEASE_LOST);
    }
}
