// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nxvms.media.ReaderStart;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamReader;
import org.nxvms.media.kit.sdp.SdpException;
import org.nxvms.media.kit.sdp.SessionDescription;
import org.nxvms.streamhub.HeldSessions;
import org.nxvms.streamhub.StreamHubComponent;

/** Payload formats from the session description to the ring: what is fetched, what is left out, what begins a run. */
class PayloadsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String VIDEO_JPEG = "m=video 0 RTP/AVP 26\r\na=control:track1\r\n";
    private static final String METADATA =
            "m=application 0 RTP/AVP 107\r\na=rtpmap:107 vnd.onvif.metadata/90000\r\na=control:track2\r\n";

    private final StreamId stream = StreamId.main(new UUID(5, 5));
    private final List<String> seen = new ArrayList<>();
    private final List<byte[]> pictures = new ArrayList<>();
    private StreamHub hub;
    private RtspIngest ingest;
    private StreamReader reader;

    @BeforeEach
    void start() {
        hub = new StreamHubComponent(IngestTest.defaults(StreamHubComponent.Config.class, Map.of()));
        ingest = new RtspIngest(
                hub, new HeldSessions(hub), IngestTest.defaults(RtspIngest.Config.class, IngestTest.PATIENT));
        reader = hub.openReader(stream, "test", ReaderStart.NEXT);
    }

    @AfterEach
    void stop() {
        ingest.close();
    }

    private void await(BooleanSupplier condition) {
        Instant end = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as("%s, %s", seen, ingest.statuses()).isBefore(end);
            for (int found = reader.poll(); found != StreamReader.EMPTY; found = reader.poll()) {
                note(found);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void note(int found) {
        if (found == StreamReader.RUN_START) {
            seen.add("run " + reader.format().tracks());
        } else if (found == StreamReader.RUN_END) {
            seen.add("end " + reader.gapCause());
        } else if (reader.track() == 0) {
            byte[] bytes = new byte[reader.length()];
            reader.data().get(bytes);
            pictures.add(bytes);
        } else {
            byte[] bytes = new byte[reader.length()];
            reader.data().get(bytes);
            seen.add(reader.track() + ":" + new String(bytes, StandardCharsets.UTF_8));
        }
    }

    /** A camera of this description that sends these packets, all at once. */
    private static FakeCamera.Manners manners(String media, List<byte[]> packets) {
        return new FakeCamera.Manners() {
            @Override
            String sdp() {
                return "v=0\r\ns=fake\r\na=control:*\r\n" + media;
            }

            @Override
            void play(FakeCamera camera, OutputStream out) throws IOException {
                synchronized (camera) {
                    for (byte[] packet : packets) {
                        out.write(packet);
                    }
                    out.flush();
                }
            }
        };
    }

    private static byte[] packet(int channel, int type, int sequence, long timestamp, byte[] payload) {
        return ByteBuffer.allocate(16 + payload.length)
                .put((byte) '$')
                .put((byte) channel)
                .putShort((short) (12 + payload.length))
                .put((byte) 0x80)
                .put((byte) (type | 0x80))
                .putShort((short) sequence)
                .putInt((int) timestamp)
                .putInt(7 + channel)
                .put(payload)
                .array();
    }

    /** One JPEG of plain tables; its scan is the number it is told. */
    private static byte[] jpeg(int sequence, int blocksX, int blocksY) {
        byte[] payload = ByteBuffer.allocate(12)
                .putInt(0)
                .put((byte) 1)
                .put((byte) 50)
                .put((byte) blocksX)
                .put((byte) blocksY)
                .putInt(sequence)
                .array();
        return packet(0, 26, sequence, 9000L * sequence, payload);
    }

    private static byte[] document(int sequence, String text) {
        return packet(2, 107, sequence, 9000L * sequence, text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void motionJpegWithMetadataComesWholeAndAChangeOfSizeLosesNothing() throws Exception {
        List<byte[]> packets = List.of(
                jpeg(1, 80, 60), document(1, "<one/>"), jpeg(2, 80, 60), jpeg(3, 40, 30), document(2, "<two/>"));
        try (FakeCamera camera = new FakeCamera(manners(VIDEO_JPEG + METADATA, packets))) {
            ingest.ensure(stream, IngestTest.endpoint(camera.url()));
            await(() -> pictures.size() == 3 && seen.contains("1:<two/>"));
        }
        assertThat(seen)
                .startsWith("run [mp4v.6C 640x480, metx]", "1:<one/>")
                .containsSubsequence("run [mp4v.6C 320x240, metx]", "1:<two/>");
        assertThat(pictures).hasSize(3);
        for (int i = 0; i < 3; i++) {
            ByteBuffer end = ByteBuffer.wrap(pictures.get(i));
            assertThat(end.getInt(end.limit() - 6)).isEqualTo(i + 1);
        }
    }

    @Test
    void soundWhoseFormatComesLateJoinsAtTheNextKeyFrame() throws Exception {
        // useSameStreamMux 0, AAC-LC 48 kHz mono, a frame of ten bytes
        byte[] latm = new byte[17];
        System.arraycopy(new byte[] {0x20, 0, 0x11, (byte) 0x88, 0x1F, (byte) 0xE0, 0x50}, 0, latm, 0, 7);
        List<byte[]> packets = new ArrayList<>(List.of(jpeg(1, 8, 8), packet(2, 97, 1, 1024, latm), jpeg(2, 8, 8)));
        packets.add(packet(2, 97, 2, 2048, latm));
        String sound = "m=audio 0 RTP/AVP 97\r\na=rtpmap:97 MP4A-LATM/48000/1\r\na=control:track2\r\n";
        try (FakeCamera camera = new FakeCamera(manners(VIDEO_JPEG + sound, packets))) {
            ingest.ensure(stream, IngestTest.endpoint(camera.url()));
            await(() -> pictures.size() == 2 && seen.contains("run [mp4v.6C 64x64, mp4a.40.2 48000 Hz x1]"));
        }
        assertThat(seen.get(0)).isEqualTo("run [mp4v.6C 64x64]");
        assertThat(seen).contains("run [mp4v.6C 64x64, mp4a.40.2 48000 Hz x1]");
        assertThat(seen)
                .as("no gap between the runs")
                .noneMatch(each -> each.startsWith("end") && !each.contains("null"));
        assertThat(pictures).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "96 H264/90000 | packetization-mode=2 | packetization-mode 2",
                "96 H265/90000 | sprop-max-don-diff=3 | decoding order",
                "96 VP8/90000 | x=1 | VP8"
            })
    void aPictureThatCannotBeTakenIsRefusedByName(String map, String parameters, String named) {
        String media = "m=video 0 RTP/AVP 96\r\na=rtpmap:" + map + "\r\na=fmtp:96 " + parameters + "\r\n";
        assertThatThrownBy(() -> plan(media))
                .isInstanceOf(TrackPlan.Unusable.class)
                .hasMessageContaining(named)
                .hasMessageContaining("set the camera's encoder");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "MPEG4-GENERIC/48000 | mode=AAC-hbr;config=1188;maxDisplacement=2 | maxdisplacement",
                "MPEG4-GENERIC/48000 | mode=AAC-hbr | config",
                "MPEG4-GENERIC/48000 | config=zz | config",
                "MP4A-LATM/48000 | cpresent=0;config=FFFF | LATM",
                "GSM/8000 | x=1 | GSM"
            })
    void soundThatCannotBeTakenIsLeftOutAndTheReasonKept(String map, String parameters, String reason)
            throws Exception {
        TrackPlan plan = plan(VIDEO_JPEG + "m=audio 0 RTP/AVP 97\r\na=rtpmap:97 " + map + "\r\na=fmtp:97 " + parameters
                + "\r\na=control:track2\r\n");
        assertThat(plan.tracks()).hasSize(1);
        assertThat(plan.leftOut()).singleElement().asString().containsIgnoringCase(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "MPEG4-GENERIC/22050 | mode=AAC-lbr;config=1388;sizelength=6;indexlength=2;indexdeltalength=2 | mp4a.40.2",
                "MP4A-LATM/48000 | cpresent=0;config=400023103fc0 | mp4a.40.2",
                "G726-24/8000 | x=1 | g726",
                "AAL2-G726-40/8000 | x=1 | g726",
                "PCMA/16000/2 | x=1 | alaw",
                "opus/48000/2 | sprop-stereo=1 | opus"
            })
    void soundIsUnderstood(String map, String parameters, String codec) throws Exception {
        TrackPlan plan = plan(VIDEO_JPEG + "m=audio 0 RTP/AVP 97\r\na=rtpmap:97 " + map + "\r\na=fmtp:97 " + parameters
                + "\r\na=control:track2\r\n");
        assertThat(plan.leftOut()).isEmpty();
        assertThat(plan.tracks().get(1).payload().format().format().codecString())
                .isEqualTo(codec);
    }

    private static TrackPlan plan(String media) throws TrackPlan.Unusable, SdpException {
        String text = "v=0\r\ns=x\r\n" + media;
        return TrackPlan.of(SessionDescription.parse(text.getBytes(StandardCharsets.UTF_8)));
    }
}
