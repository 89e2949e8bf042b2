// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nxvms.test.kit.Awaiting;

/** How often sockets are looked at, in the time that passed: on a busy machine the loop itself wakes up late. */
class IoLoopTest {
    private static final int LOOKS = 60;
    private static final long TICK_NS = 2_000_000;
    private static final int TICKS_OF_PATIENCE = 20;

    private final IoLoop loop = new IoLoop("io-loop-test", settings());
    private boolean started;

    private static Settings settings() {
        return settings(TICKS_OF_PATIENCE * TICK_NS);
    }

    private static Settings settings(long patientTickNs) {
        Settings usual = Settings.DEFAULTS;
        return new Settings(
                TICK_NS,
                patientTickNs,
                usual.connectTimeoutNs(),
                usual.answerTimeoutNs(),
                usual.firstKeyTimeoutNs(),
                usual.stallTimeoutNs(),
                usual.keyTimeoutNs(),
                usual.reorderWaitNs(),
                usual.connectsPerSecondMax(),
                usual.waitForKeyAfterLoss());
    }

    @AfterEach
    void stop() {
        loop.stop(2000);
    }

    @Test
    void whoCanWaitIsLookedAtSeldomWhileOthersAreLookedAtEachTick() throws Exception {
        Peer watched = new Peer(false);
        Peer unwatched = new Peer(true);
        long begunNs = System.nanoTime();
        begin(watched, unwatched);

        watched.awaitLooks();

        assertThat(unwatched.looks).isPositive().isLessThanOrEqualTo(patientLooks(begunNs));
    }

    @Test
    void theThreadSleepsLongWhenAllCanWait() throws Exception {
        Peer watched = new Peer(false);
        Peer one = new Peer(true);
        long firstNs = System.nanoTime();
        begin(one);
        begin(watched);
        watched.awaitLooks();
        assertThat(one.looks).as("looks in haste").isLessThanOrEqualTo(patientLooks(firstNs));

        watched.patient = true;
        int before = watched.looks;
        long begunNs = System.nanoTime();
        TimeUnit.NANOSECONDS.sleep(2 * LOOKS * TICK_NS);
        int looks = watched.looks - before;
        long ticks = (System.nanoTime() - begunNs) / TICK_NS;

        assertThat((long) looks).as("looks in the time of %d ticks", ticks).isLessThan(ticks / 4);
    }

    @Test
    void whatSomebodyWaitsForWakesTheLoopWhichSleepsForAnHourElse() throws Exception {
        loop.settings(settings(TimeUnit.HOURS.toNanos(1)));
        Taker taker = new Taker();
        loop.execute(taker::register);
        loop.start();
        for (int sent = 1; sent <= LOOKS; sent++) {
            taker.send();
            int bytes = sent;
            Awaiting.until("byte " + sent, () -> taker.taken == bytes);
        }
    }

    @Test
    void whoHasSomethingAllTheTimeIsLookedAtOnceATickThoughItIsWaitedFor() throws Exception {
        loop.settings(settings(TimeUnit.HOURS.toNanos(1)));
        Taker flooding = new Taker();
        flooding.takes = false;
        flooding.send();
        long begunNs = System.nanoTime();
        loop.execute(flooding::register);
        loop.start();
        Awaiting.until("it was looked at often", () -> flooding.looks >= LOOKS);
        long looks = flooding.looks;
        assertThat(looks)
                .as("and a few at once at the begin")
                .isLessThanOrEqualTo((System.nanoTime() - begunNs) / TICK_NS + 8);
    }

    @Test
    void aSocketThatIsWaitedForNoMoreIsClosedWhenItsOwnerClosesIt() throws Exception {
        Taker taker = new Taker();
        loop.execute(taker::register);
        loop.start();
        taker.send();
        Awaiting.until("it was awaited", () -> taker.taken == 1);
        loop.execute(taker::close);
        Awaiting.until("the kernel knows that nobody reads", () -> !taker.canBeWrittenTo());
    }

    /** {@return how often at most one is looked at since then that can wait; once more at each end of the time} */
    private static int patientLooks(long sinceNs) {
        return (int) ((System.nanoTime() - sinceNs) / (TICKS_OF_PATIENCE * TICK_NS)) + 2;
    }

    private void begin(Peer... peers) throws IOException {
        for (Peer peer : peers) {
            peer.open();
            loop.execute(peer::register);
            loop.execute(() -> loop.addTimed(peer));
        }
        if (!started) {
            started = true;
            loop.start();
        }
    }

    /** A socket that is waited for, and is no reason to hurry. */
    private final class Taker implements IoLoop.Socket {
        private final Pipe pipe;
        private volatile boolean takes = true;
        private volatile int taken;
        private volatile long looks;

        Taker() throws IOException {
            pipe = Pipe.open();
            pipe.source().configureBlocking(false);
            pipe.sink().configureBlocking(false);
        }

        void send() throws IOException {
            assertThat(pipe.sink().write(ByteBuffer.allocate(1))).isOne();
        }

        boolean canBeWrittenTo() {
            try {
                pipe.sink().write(ByteBuffer.allocate(1));
                return true;
            } catch (IOException broken) {
                return false;
            }
        }

        void register() {
            try {
                loop.register(pipe.source(), SelectionKey.OP_READ, this);
                loop.await(pipe.source(), this);
            } catch (IOException notRegistered) {
                throw new IllegalStateException(notRegistered);
            }
        }

        @Override
        public void ready() {
            looks++;
            if (takes) {
                try {
                    taken += Math.max(0, pipe.source().read(ByteBuffer.allocate(16)));
                } catch (IOException broken) {
                    throw new IllegalStateException(broken);
                }
            }
        }

        @Override
        public boolean patient() {
            return true;
        }

        @Override
        public void broke(Throwable fault) {
            throw new IllegalStateException(fault);
        }

        @Override
        public void close() {
            try {
                pipe.source().close();
            } catch (IOException gone) {
                throw new IllegalStateException(gone);
            }
        }
    }

    /** A socket that always has something to read and never takes it. */
    private final class Peer implements IoLoop.Socket, IoLoop.Timed {
        private final CountDownLatch enough = new CountDownLatch(LOOKS);
        private volatile boolean patient;
        private volatile int looks;
        private Pipe pipe;

        Peer(boolean patient) {
            this.patient = patient;
        }

        void open() throws IOException {
            pipe = Pipe.open();
            pipe.source().configureBlocking(false);
            pipe.sink().write(ByteBuffer.allocate(1));
        }

        void register() {
            try {
                loop.register(pipe.source(), SelectionKey.OP_READ, this);
            } catch (IOException notRegistered) {
                throw new IllegalStateException(notRegistered);
            }
        }

        void awaitLooks() throws InterruptedException {
            assertThat(enough.await(30, TimeUnit.SECONDS)).as("the loop looks").isTrue();
        }

        @Override
        public void ready() {
            looks++;
            enough.countDown();
        }

        @Override
        public boolean patient() {
            return patient;
        }

        @Override
        public void tick(long nowNs) {
            if (!patient) {
                loop.hurry();
            }
        }

        @Override
        public void broke(Throwable fault) {
            throw new IllegalStateException(fault);
        }

        @Override
        public void close() {
            try {
                pipe.source().close();
                pipe.sink().close();
            } catch (IOException gone) {
                throw new IllegalStateException(gone);
            }
        }
    }
}
