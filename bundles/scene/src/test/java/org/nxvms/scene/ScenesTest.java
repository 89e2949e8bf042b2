// SPDX-License-Identifier: Apache-2.0
package org.nxvms.scene;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.nxvms.media.ClockSource;
import org.nxvms.media.Codec;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamBudget;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamStatistics;
import org.nxvms.media.StreamWriter;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.nal.TrackFormats;
import org.nxvms.streamhub.StreamHubComponent;

/** Documents that come with a stream become events; streams without any are left alone. */
class ScenesTest {
    private static final UUID CAMERA = new UUID(1, 1);
    private static final TrackFormat PICTURE =
            new TrackFormat(Codec.MJPEG, 90_000, "mp4v.6C", 640, 360, 0, 25, new byte[0]);
    private static final TrackFormat METADATA = TrackFormats.onvifMetadata(90_000);
    private static final String PERSON =
            "<m><VideoAnalytics><Frame><Object><Appearance><Class><Type>Human</Type></Class>"
                    + "</Appearance></Object></Frame></VideoAnalytics></m>";

    private final StreamHub hub = new StreamHubComponent(defaults(StreamHubComponent.Config.class));
    private final Said said = new Said();
    private final Scenes scenes = new Scenes();
    private long nowMs;

    ScenesTest() {
        scenes.hub = hub;
        scenes.publisher = said;
    }

    private static <A> A defaults(Class<A> annotation) {
        return annotation.cast(Proxy.newProxyInstance(
                annotation.getClassLoader(),
                new Class<?>[] {annotation},
                (proxy, method, args) -> method.getDefaultValue()));
    }

    private StreamWriter writer(StreamId stream, TrackFormat... tracks) {
        StreamWriter writer = hub.openWriter(stream, StreamBudget.forBitrate(1_000_000));
        writer.startRun(new StreamFormat(List.of(tracks)), 1, ClockSource.ARRIVAL);
        return writer;
    }

    private static void send(StreamWriter writer, int track, String text, long wallUs) {
        assertThat(writer.begin()).isTrue();
        writer.append(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        assertThat(writer.commit(track, StreamWriter.KEY, wallUs, wallUs)).isEqualTo(StreamWriter.COMMITTED);
    }

    /** A second goes by. */
    private void look() {
        for (int i = 0; i < 10; i++) {
            nowMs += 100;
            scenes.look(nowMs);
        }
    }

    /** So long goes by that streams are searched for. */
    private void search() {
        nowMs += 3_000;
        look();
    }

    private List<String> readers(StreamId stream) {
        return hub.statistics(stream).orElseThrow().readers().stream()
                .map(StreamStatistics.Reader::name)
                .toList();
    }

    @Test
    void whatACameraSeesIsAnEventWhileItSeesIt() {
        StreamId stream = StreamId.main(CAMERA);
        StreamWriter writer = writer(stream, PICTURE, METADATA);
        look();
        send(writer, 0, "no document, a picture", 500);
        send(writer, 1, PERSON, 1_000);
        look();
        assertThat(said.all).containsExactly("+ onvif.person {boxes=, count=1} since 1000");
        look();
        look();
        look();
        assertThat(said.all).last().isEqualTo("- onvif.person at 1000");

        writer.endRun(2_000, GapCause.UNKNOWN, "");
        writer.startRun(new StreamFormat(List.of(METADATA)), 3_000, ClockSource.ARRIVAL);
        send(writer, 0, PERSON, 4_000);
        look();
        assertThat(said.all).as("in another format").last().isEqualTo("+ onvif.person {boxes=, count=1} since 4000");

        hub.remove(stream);
        look();
        writer(stream, PICTURE, METADATA);
        search();
        assertThat(readers(stream)).as("after it was removed and came again").hasSize(1);
    }

    @Test
    void oneStreamOfACameraIsReadAndNoneWithoutMetadata() {
        StreamId main = StreamId.main(CAMERA);
        StreamId sub = StreamId.sub(CAMERA);
        StreamId plain = StreamId.main(new UUID(2, 2));
        StreamId rendition = new StreamId(CAMERA, main.role(), Optional.of("h264"));
        writer(sub, PICTURE, METADATA);
        writer(plain, PICTURE);
        writer(rendition, PICTURE, METADATA);
        look();
        assertThat(readers(sub)).containsExactly(SceneReader.NAME);
        assertThat(readers(plain)).isEmpty();
        assertThat(readers(rendition)).isEmpty();
        writer(main, PICTURE, METADATA);
        search();
        assertThat(readers(main)).containsExactly(SceneReader.NAME);
        assertThat(readers(sub)).isEmpty();
    }

    @Test
    void aHubThatIsExchangedIsReadAnew() {
        StreamId stream = StreamId.main(CAMERA);
        writer(stream, PICTURE, METADATA);
        look();
        assertThat(readers(stream)).hasSize(1);
        scenes.hub = null;
        look();
        assertThat(readers(stream)).isEmpty();
        scenes.hub = hub;
        look();
        assertThat(readers(stream)).hasSize(1);
    }
}
