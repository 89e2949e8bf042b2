// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.nxvms.driver.kit.http.DeviceHttp;
import org.nxvms.driver.spi.AudioOut;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.media.kit.rtsp.RtspException;
import org.nxvms.media.kit.rtsp.RtspHeaders;
import org.nxvms.media.kit.rtsp.RtspResponse;
import org.nxvms.media.kit.rtsp.RtspSession;
import org.nxvms.media.kit.rtsp.RtspTransport;
import org.nxvms.media.kit.rtsp.RtspUri;
import org.nxvms.media.kit.sdp.MediaSection;
import org.nxvms.media.kit.sdp.SdpException;
import org.nxvms.media.kit.sdp.SessionDescription;

/** One talk through a back channel: RTP in the connection of its RTSP session (Streaming 5.3, RFC 3551 4.5.14). */
final class OnvifTalk implements AudioOut.Talk {
    private static final RtspHeaders REQUIRE = RtspHeaders.of("Require", "www.onvif.org/ver20/backchannel");
    /** A packet fits one of Ethernet; devices have small buffers. */
    private static final int SAMPLES_MAX = 1_000;

    private static final int RTP_HEADER = 12;
    private static final int FRAME_HEADER = 4;

    private final TalkConnection connection;
    private final String base;
    private final RtspSession session;
    private final int channel;
    private final int payloadType;
    private final long keepAliveNanos;
    private final int source = ThreadLocalRandom.current().nextInt();
    private final ByteBuffer packet = ByteBuffer.allocate(FRAME_HEADER + RTP_HEADER + SAMPLES_MAX);
    private int sequence = ThreadLocalRandom.current().nextInt(1 << 16);
    private int timestamp = ThreadLocalRandom.current().nextInt();
    private long askedNano = System.nanoTime();
    private boolean first = true;

    private OnvifTalk(TalkConnection connection, String base, RtspSession session, int channel, int payloadType) {
        this.connection = connection;
        this.base = base;
        this.session = session;
        this.channel = channel;
        this.payloadType = payloadType;
        this.keepAliveNanos = TimeUnit.SECONDS.toNanos(Math.max(1, session.timeoutS() / 2));
    }

    static OnvifTalk begin(URI uri, Optional<Credentials> credentials, int timeoutMs, AudioOut.Codec codec)
            throws DriverException {
        TalkConnection connection = TalkConnection.open(uri, credentials, timeoutMs);
        try {
            return begin(connection, uri.toString(), codec);
        } catch (DriverException refused) {
            connection.close();
            throw refused;
        } catch (InterruptedException stop) {
            connection.close();
            Thread.currentThread().interrupt();
            throw new DriverException(Kind.UNREACHABLE, "The call was given up.", stop);
        }
    }

    private static OnvifTalk begin(TalkConnection connection, String uri, AudioOut.Codec codec)
            throws DriverException, InterruptedException {
        RtspResponse described = connection.ask("DESCRIBE", uri, REQUIRE.with("Accept", "application/sdp"));
        try {
            SessionDescription description = SessionDescription.parse(described.body());
            String base = RtspUri.base(described, uri);
            List<MediaSection> channels = description.media().stream()
                    .filter(OnvifTalk::isBackChannel)
                    .toList();
            if (channels.isEmpty()) {
                throw new DriverException(
                        Kind.UNSUPPORTED, "The camera's stream has no back channel; is its loudspeaker on?");
            }
            // Devices that take several codecs may describe a channel for each.
            MediaSection section = channels.stream()
                    .filter(one -> type(one, codec).isPresent())
                    .findFirst()
                    .orElseThrow(() -> new DriverException(
                            Kind.UNSUPPORTED, "The camera's back channel does not take " + codec.name() + "."));
            int type = type(section, codec).orElseThrow();
            RtspResponse set = connection.ask(
                    "SETUP",
                    RtspUri.resolve(base, section.control().orElse("")),
                    REQUIRE.with("Transport", RtspTransport.interleaved(0)));
            RtspTransport transport =
                    RtspTransport.parse(set.headers().first("Transport").orElse(""));
            RtspSession session =
                    RtspSession.parse(set.headers().first("Session").orElse(""));
            int channel = Math.max(0, transport.channels().rtp());
            String whole =
                    description.control().map(one -> RtspUri.resolve(base, one)).orElse(base);
            connection.ask("PLAY", whole, REQUIRE.with("Session", session.id()));
            return new OnvifTalk(connection, whole, session, channel, type);
        } catch (SdpException | RtspException unclear) {
            throw new DriverException(
                    Kind.PROTOCOL,
                    "The camera's description of its back channel cannot be read: "
                            + DeviceHttp.words(String.valueOf(unclear.getMessage())),
                    unclear);
        }
    }

    private static Optional<Integer> type(MediaSection section, AudioOut.Codec codec) {
        return section.rtpMaps().stream()
                .filter(map -> map.encoding().equals(codec.name()) && map.clockRate() == 8_000)
                .map(MediaSection.RtpMap::type)
                .findFirst();
    }

    /** What the client sends is {@code sendonly}, as ONVIF has it. */
    private static boolean isBackChannel(MediaSection section) {
        return section.kind().equals("audio")
                && section.attributes().stream()
                        .anyMatch(attribute ->
                                attribute.strip().toLowerCase(Locale.ROOT).equals("sendonly"));
    }

    @Override
    public void send(ByteBuffer frame) throws DriverException, InterruptedException {
        while (frame.hasRemaining()) {
            int samples = Math.min(SAMPLES_MAX, frame.remaining());
            packet.clear();
            packet.put((byte) '$').put((byte) channel).putShort((short) (RTP_HEADER + samples));
            packet.put((byte) 0x80).put((byte) (first ? payloadType | 0x80 : payloadType));
            packet.putShort((short) sequence++).putInt(timestamp).putInt(source);
            int end = frame.limit();
            packet.put(frame.limit(frame.position() + samples));
            frame.limit(end);
            first = false;
            timestamp += samples; // G.711 has a byte a sample
            connection.write(packet.flip());
        }
        if (System.nanoTime() - askedNano > keepAliveNanos || connection.isOutdated()) {
            askedNano = System.nanoTime();
            connection.tell("OPTIONS", base, RtspHeaders.of("Session", session.id()));
        }
    }

    @Override
    public void close() {
        connection.bye(base, RtspHeaders.of("Session", session.id()));
    }
}
