// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What one side writes the other reads; what is none of it is refused before it costs memory. */
class WireTest {
    @Test
    void ordersAndUnitsArriveAsTheyWereSent() throws Exception {
        ByteArrayOutputStream pipe = new ByteArrayOutputStream();
        FrameWriter out = new FrameWriter(pipe);
        SourceOrder order = new SourceOrder(
                "http://a/b", "üser", "p:@/", List.of("http"), List.of("hls", "mpegts"), true, false, 5000, 6000);
        out.write(FrameType.OPEN, order.toBytes());
        byte[] payload = new byte[200_000];
        payload[199_999] = 7;
        out.unit(1, 3, -5L, payload, payload.length);
        out.write(FrameType.HEARTBEAT, new byte[0]);

        FrameReader in = new FrameReader(new ByteArrayInputStream(pipe.toByteArray()));
        assertThat(in.next()).isEqualTo(FrameType.OPEN);
        assertThat(SourceOrder.read(in.body())).isEqualTo(order);
        assertThat(in.next()).isEqualTo(FrameType.UNIT);
        ByteBuffer unit = in.body();
        assertThat(unit.get()).isEqualTo((byte) 1);
        assertThat(unit.get()).isEqualTo((byte) 3);
        assertThat(unit.getLong()).isEqualTo(-5L);
        assertThat(unit.remaining()).isEqualTo(200_000);
        assertThat(unit.get(unit.limit() - 1)).isEqualTo((byte) 7);
        assertThat(in.next()).isEqualTo(FrameType.HEARTBEAT);
        assertThat(in.body().remaining()).isZero();
        assertThat(in.next()).isEqualTo(-1);
    }

    @Test
    void passwordsAreNotPrinted() {
        assertThat(new SourceOrder("http://a", "u", "s3cret", List.of(), List.of(), true, false, 1, 1).toString())
                .doesNotContain("s3cret");
    }

    @Test
    void aFrameThatIsTooLongOrTornIsRefused() {
        byte[] huge = ByteBuffer.allocate(5)
                .putInt(Integer.MAX_VALUE)
                .put((byte) FrameType.UNIT)
                .array();
        assertThatThrownBy(() -> new FrameReader(new ByteArrayInputStream(huge)).next())
                .isInstanceOf(WireException.class);
        byte[] torn =
                ByteBuffer.allocate(9).putInt(100).put((byte) FrameType.UNIT).array();
        assertThatThrownBy(() -> new FrameReader(new ByteArrayInputStream(torn)).next())
                .isInstanceOf(EOFException.class);
    }

    @Test
    void masksArriveAsTheyWereSentAndThoseOutsideAPictureAreRefused() throws Exception {
        MaskArea area = new MaskArea(List.of(
                new MaskArea.Corner(0, 0.25), new MaskArea.Corner(1, 0.123456), new MaskArea.Corner(0.5, 0.999999)));
        TranscodeOrder order =
                new TranscodeOrder("h264", new byte[0], 0, 0, 500, 2, Optional.empty(), -7, List.of(area, area));
        byte[] sent = order.toBytes();
        assertThat(TranscodeOrder.read(ByteBuffer.wrap(sent)).masks()).containsExactly(area, area);
        ByteBuffer.wrap(sent).putInt(sent.length - 4, 1_000_001);
        assertThatThrownBy(() -> TranscodeOrder.read(ByteBuffer.wrap(sent)))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("outside");
        ByteBuffer.wrap(sent).putInt(sent.length - 2 * (4 + 3 * 8) - 4, 1_000);
        assertThatThrownBy(() -> TranscodeOrder.read(ByteBuffer.wrap(sent))).hasMessageContaining("1000 masks");
    }

    @Test
    void whetherAStillOrItsBrightnessIsWantedArrives() throws Exception {
        StillOrder luma = StillOrder.ofLuma(7, "h264", new byte[] {1}, new StillOrder.Cells(64, 36), new byte[] {2, 3});
        byte[] sent = luma.toBytes();
        assertThat(StillOrder.read(ByteBuffer.wrap(sent))).satisfies(read -> {
            assertThat(read.widthMax()).isEqualTo(64);
            assertThat(read.lumaRows()).isEqualTo(36);
            assertThat(read.key().data()).containsExactly(2, 3);
        });
        StillOrder still = StillOrder.ofKey(7, "h264", new byte[0], 320, new byte[] {2});
        assertThat(StillOrder.read(ByteBuffer.wrap(still.toBytes())).lumaRows()).isZero();
        StillOrder huge = StillOrder.ofLuma(7, "h264", new byte[0], new StillOrder.Cells(64, 5_000), new byte[0]);
        assertThatThrownBy(() -> StillOrder.read(ByteBuffer.wrap(huge.toBytes())))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("64 x 5000 cells");
    }

    @Test
    void aReasonOfANewerChildIsAFault() {
        assertThat(EndReason.of(EndReason.STALLED.ordinal())).isEqualTo(EndReason.STALLED);
        assertThat(EndReason.of(99)).isEqualTo(EndReason.FAULT);
        assertThat(EndReason.of(-1)).isEqualTo(EndReason.FAULT);
    }
}
