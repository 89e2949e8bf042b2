// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every payload format beside the two of {@code HotPathAllocTest}: a hundred thousand access units allocate nothing. */
class PayloadAllocTest {
    private static final int UNITS = 100_000;
    private static final int WARM_UP = 20_000;

    /** Counts what it is given. */
    private static final class CountingSink implements AccessUnitSink {
        private long units;
        private int bytes;

        @Override
        public boolean begin(boolean knownKey) {
            bytes = 0;
            return true;
        }

        @Override
        public boolean append(ByteBuffer source, int offset, int length) {
            bytes += length;
            return true;
        }

        @Override
        public boolean appendInt(int value) {
            bytes += 4;
            return true;
        }

        @Override
        public boolean appendByte(int value) {
            bytes++;
            return true;
        }

        @Override
        public int position() {
            return bytes;
        }

        @Override
        public void putInt(int at, int value) {
            // Nothing is stored.
        }

        @Override
        public void commit(long timestamp, boolean key, boolean afterLoss) {
            units++;
        }

        @Override
        public void abort() {
            bytes = 0;
        }

        @Override
        public void formatChanged() {
            bytes = 0;
        }
    }

    private static Arguments payload(String name, byte[] bytes, Function<AccessUnitSink, Depacketizer> depacketizer) {
        return Arguments.of(name, bytes, depacketizer);
    }

    static Stream<Arguments> payloads() {
        byte[] jpeg = new byte[1000];
        ByteBuffer.wrap(jpeg).putInt(0).putInt(0x01FF_0808).putInt(128);
        byte[] scaled = new byte[1000];
        ByteBuffer.wrap(scaled).putInt(0).putInt(0x0132_0808);
        byte[] repeated = new byte[1000];
        ByteBuffer.wrap(repeated).putInt(0).putInt(0x01C8_0808).putInt(128);
        // useSameStreamMux 0, then the configuration of LatmDepacketizerTest and a frame of ten bytes
        byte[] latm = new byte[17];
        System.arraycopy(new byte[] {0x20, 0x00, 0x11, (byte) 0x88, 0x1F, (byte) 0xE0, 0x50}, 0, latm, 0, 7);
        return Stream.of(
                payload("G.711, Opus", new byte[160], PlainDepacketizer::new),
                payload("G.726 of RFC 3551", new byte[120], sink -> new G726Depacketizer(sink, 3, true)),
                payload("metadata", new byte[500], DocumentDepacketizer::new),
                payload("JPEG with tables", jpeg, sink -> new JpegDepacketizer(sink, new JpegPicture(64, 64))),
                payload("JPEG of Q 50", scaled, sink -> new JpegDepacketizer(sink, new JpegPicture(64, 64))),
                payload("JPEG of Q 200", repeated, sink -> new JpegDepacketizer(sink, new JpegPicture(64, 64))),
                payload(
                        "LATM in band",
                        latm,
                        sink -> new LatmDepacketizer(
                                sink, new LatmDepacketizer.Format(48_000, Optional.empty()), true)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("payloads")
    void aHundredThousandUnitsAllocateNothing(
            String name, byte[] payload, Function<AccessUnitSink, Depacketizer> made) {
        CountingSink sink = new CountingSink();
        Depacketizer depacketizer = made.apply(sink);
        RtpHeader header = new RtpHeader();
        ByteBuffer packet = ByteBuffer.allocateDirect(12 + payload.length);
        packet.putShort((short) 0x80E0).putShort((short) 0).putInt(0).putInt(1).put(payload);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

        feed(WARM_UP, packet, header, depacketizer);
        long allocated = Long.MAX_VALUE;
        // Again where the just-in-time compiler takes its time, as on a busy machine.
        for (int time = 0; allocated >= 4096 && time < 10; time++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            feed(UNITS, packet, header, depacketizer);
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
        }

        assertThat(sink.units).isGreaterThanOrEqualTo(WARM_UP + UNITS);
        assertThat(allocated).as("bytes for 100 000 access units").isLessThan(4096);
    }

    private static void feed(int count, ByteBuffer packet, RtpHeader header, Depacketizer depacketizer) {
        for (int i = 0; i < count; i++) {
            packet.putInt(4, packet.getInt(4) + 960);
            if (header.parse(packet, 0, packet.capacity())) {
                depacketizer.accept(packet, header, 0);
            }
        }
    }
}
