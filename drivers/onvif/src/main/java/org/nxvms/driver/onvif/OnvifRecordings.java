// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.nxvms.driver.kit.http.DeviceHttp;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.EdgeRecordings;

/**
 * What the device has recorded itself (profile G): found by the Search service
 * ({@link RecordingSearch}), played by RTSP from where the Replay
 * service says ({@link ReplayFile}).
 */
final class OnvifRecordings implements EdgeRecordings {
    private static final int TOKEN_CHARS_MAX = 128;
    private static final String PLAIN = "[A-Za-z0-9._-]{1,128}";
    /** Before a token that is written in hexadecimal digits, because it has other characters. */
    private static final String ENCODED = "x_";

    /** Names of recordings of this camera that were told; beyond that it is asked again. */
    private static final int OWN_MAX = 10 * RECORDINGS_MAX;

    private final Services services;
    private final RecordingSearch search;
    private final ReplayWay way;
    private final Set<String> own = ConcurrentHashMap.newKeySet();
    private volatile Optional<ReplayFile> open = Optional.empty();
    private volatile boolean closed;

    OnvifRecordings(Services services, Profiles profiles, ReplayWay way) {
        this.services = services;
        this.search = new RecordingSearch(services, profiles);
        this.way = way;
    }

    @Override
    public List<Recording> recordings(Instant from, Instant to) throws DriverException {
        List<Recording> found = search.of(from, to);
        if (own.size() > OWN_MAX) {
            own.clear();
        }
        found.forEach(one -> own.add(one.id()));
        return found;
    }

    /** {@return a recording as it was told, by its pictures where it says when those are; empty when it holds none} */
    static Optional<Recording> recording(XmlNode told) {
        String token = told.text("RecordingToken");
        Optional<XmlNode> video = told.all("Track").stream()
                .filter(track -> track.text("TrackType").equals("Video"))
                .findFirst();
        boolean other = video.isEmpty() && !told.all("Track").isEmpty();
        Optional<Instant> from =
                video.flatMap(track -> time(track.text("DataFrom"))).or(() -> time(told.text("EarliestRecording")));
        Optional<Instant> to =
                video.flatMap(track -> time(track.text("DataTo"))).or(() -> time(told.text("LatestRecording")));
        String status = told.text("RecordingStatus");
        boolean gone = status.equals("Removing") || status.equals("Removed");
        if (token.isEmpty() || token.length() > TOKEN_CHARS_MAX || other || gone || from.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> id = id(token);
        Optional<Instant> end = status.equals("Recording") ? Optional.empty() : to;
        return id.map(name -> new Recording(name, from.get(), end));
    }

    /** {@return the name of a token in this contract, which has fewer characters} */
    static Optional<String> id(String token) {
        String id = token.matches(PLAIN) && !token.startsWith(ENCODED)
                ? token
                : ENCODED + HexFormat.of().formatHex(token.getBytes(StandardCharsets.UTF_8));
        return Optional.of(id).filter(name -> name.length() <= TOKEN_CHARS_MAX);
    }

    /** {@return the token of a name} */
    static Optional<String> token(String id) {
        if (!id.matches(PLAIN)) {
            return Optional.empty();
        }
        if (!id.startsWith(ENCODED)) {
            return Optional.of(id);
        }
        try {
            byte[] bytes = HexFormat.of().parseHex(id.substring(ENCODED.length()));
            return Optional.of(new String(bytes, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }

    /** A time of XML Schema; without a zone it is UTC, as devices mean it (Core 5.3). */
    static Optional<Instant> time(String text) {
        try {
            boolean zoned = text.matches(".*(Z|[+-]\\d{2}:\\d{2})");
            return Optional.of(
                    OffsetDateTime.parse(zoned ? text : text + ZoneOffset.UTC).toInstant());
        } catch (DateTimeParseException none) {
            return Optional.empty();
        }
    }

    @Override
    public Download fetch(String id, Instant from, Instant to) throws DriverException {
        String token = token(id).orElseThrow(() -> none(id));
        if (search.hasOthers() && !own.contains(id)) {
            // What another lens of the device sees is not for who may see this one.
            recordings(from, to);
            if (!own.contains(id)) {
                throw none(id);
            }
        }
        String told;
        try {
            told = services.call(
                            Service.REPLAY,
                            "GetReplayUri",
                            "<o:StreamSetup><tt:Stream>RTP-Unicast</tt:Stream><tt:Transport><tt:Protocol>RTSP</tt:Protocol>"
                                    + "</tt:Transport></o:StreamSetup><o:RecordingToken>" + SoapText.escaped(token)
                                    + "</o:RecordingToken>")
                    .text("Uri");
        } catch (DriverException refused) {
            throw refused.kind() == Kind.NOT_FOUND || refused.kind() == Kind.CONFIG ? none(id) : refused;
        }
        URI uri = OnvifStreams.streamUri(told, services.http().base().getHost());
        services.http().requireOpen();
        ReplayFile file = ReplayFile.begin(way, uri, new ReplayFile.Span(id, from, to));
        open = Optional.of(file);
        if (closed) {
            // Closed while the camera was asked: close() did not see this download.
            file.close();
            throw new DriverException(Kind.CLOSED, "The session has been closed.");
        }
        return file;
    }

    /** With its session ends what was begun in it. */
    void close() {
        closed = true;
        open.ifPresent(ReplayFile::close);
    }

    private static DriverException none(String id) {
        return new DriverException(Kind.NOT_FOUND, "The camera has no recording '" + DeviceHttp.words(id) + "'.");
    }
}
