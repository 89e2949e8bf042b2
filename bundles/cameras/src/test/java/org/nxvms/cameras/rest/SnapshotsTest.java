// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.nxvms.media.ClockSource;
import org.nxvms.media.Codec;
import org.nxvms.media.StreamBudget;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamWriter;
import org.nxvms.media.TrackFormat;
import org.nxvms.platform.api.worker.MediaWorker;
import org.nxvms.platform.api.worker.SourceDoor;
import org.nxvms.platform.api.worker.SourceListener;
import org.nxvms.platform.api.worker.SourceRequest;
import org.nxvms.platform.api.worker.SourceSession;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.streamhub.StreamHubComponent;

/** The newest key frame out of the real ring; only the decoder is the test's own. */
class SnapshotsTest {
    private static final TrackFormat VIDEO =
            new TrackFormat(Codec.H264, 90_000, "avc1.640028", 640, 360, 0, 25, new byte[0]);

    private final StreamHubComponent hub = new StreamHubComponent(defaults(StreamHubComponent.Config.class));
    private final StreamId stream = StreamId.main(new UUID(1, 2));
    private final Snapshots snapshots = new Snapshots(() -> hub, () -> new Echo());

    /** Answers with the picture's own bytes. */
    private static final class Echo implements MediaWorker {
        @Override
        public SourceSession open(SourceRequest request, SourceDoor door, SourceListener listener) {
            throw new UnsupportedOperationException("no source belongs to a snapshot");
        }

        @Override
        public byte[] jpeg(TrackFormat track, ByteBuffer picture, int widthMax, int timeoutMs) {
            assertThat(track).isEqualTo(VIDEO);
            assertThat(widthMax).isEqualTo(320);
            byte[] bytes = new byte[picture.remaining()];
            picture.get(bytes);
            return bytes;
        }

        @Override
        public byte[] jpeg(TrackFormat track, List<CodedPicture> pictures, long wanted, int widthMax, int timeoutMs) {
            throw new UnsupportedOperationException("the newest key frame is decoded alone");
        }
    }

    private static <T> T defaults(Class<T> config) {
        return config.cast(Proxy.newProxyInstance(
                config.getClassLoader(), new Class<?>[] {config}, (p, method, a) -> method.getDefaultValue()));
    }

    private static void write(StreamWriter writer, int number, boolean key, long wallUs) {
        writer.begin();
        writer.append(ByteBuffer.wrap(new byte[] {(byte) number}));
        assertThat(writer.commit(0, key ? StreamWriter.KEY : 0, number * 3600L, wallUs))
                .isEqualTo(StreamWriter.COMMITTED);
    }

    private static long nowUs() {
        return System.currentTimeMillis() * 1000;
    }

    @Test
    void theNewestKeyFrameAndNoOther() throws Exception {
        StreamWriter writer = hub.openWriter(stream, StreamBudget.forBitrate(1_000_000));
        writer.startRun(new StreamFormat(List.of(VIDEO)), nowUs(), ClockSource.ARRIVAL);
        write(writer, 1, true, nowUs());
        write(writer, 2, false, nowUs());
        write(writer, 3, true, nowUs());
        write(writer, 4, false, nowUs());
        assertThat(snapshots.take(stream, 320)).get().satisfies(snapshot -> {
            assertThat(snapshot.jpeg()).containsExactly(3);
            assertThat(snapshot.taken().toEpochMilli())
                    .isCloseTo(System.currentTimeMillis(), org.assertj.core.data.Offset.offset(20_000L));
        });
    }

    @Test
    void anOldPictureIsNoneAndAnUnknownStreamStaysUnknown() throws Exception {
        assertThat(snapshots.take(stream, 320)).isEmpty();
        assertThat(hub.statistics(stream)).isEmpty();
        StreamWriter writer = hub.openWriter(stream, StreamBudget.forBitrate(1_000_000));
        long past = nowUs() - 60_000_000;
        writer.startRun(new StreamFormat(List.of(VIDEO)), past, ClockSource.ARRIVAL);
        write(writer, 1, true, past);
        assertThat(snapshots.take(stream, 320)).isEmpty();
    }

    @Test
    void aCameraThatSendsAKeyFrameAMinuteIsShownToo() throws Exception {
        StreamWriter writer = hub.openWriter(stream, StreamBudget.forBitrate(1_000_000));
        long past = nowUs() - 50_000_000;
        writer.startRun(new StreamFormat(List.of(VIDEO)), past, ClockSource.ARRIVAL);
        write(writer, 1, true, past);
        write(writer, 2, false, nowUs());
        assertThat(snapshots.take(stream, 320)).get().satisfies(snapshot -> {
            assertThat(snapshot.jpeg()).containsExactly(1);
            assertThat(snapshot.taken().toEpochMilli()).isEqualTo(past / 1000);
        });
    }

    @Test
    void aMissingPartIsSaid() {
        Snapshots without = new Snapshots(() -> hub, () -> null);
        assertThatThrownBy(() -> without.take(stream, 320))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("media worker");
    }
}
