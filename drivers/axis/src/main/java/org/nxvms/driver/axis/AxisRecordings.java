// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.axis;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.nxvms.driver.kit.http.StreamBody;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.EdgeRecordings;

/** What is on the camera's disks, by {@code record/list.cgi}; a part of it as a Matroska file by {@code record/export}. */
final class AxisRecordings implements EdgeRecordings {
    private static final String LIST = "/axis-cgi/record/list.cgi?maxnumberofresults=" + RECORDINGS_MAX;
    private static final String EXPORT =
            "/axis-cgi/record/export/exportrecording.cgi?schemaversion=1&exportformat=matroska";
    private static final String ID = "[A-Za-z0-9._-]{1,128}";
    private static final String MATROSKA = "video/x-matroska";

    private final AxisHttp http;
    private volatile Optional<StreamBody> open = Optional.empty();

    AxisRecordings(AxisHttp http) {
        this.http = http;
    }

    /** A recording and the disk it is on. */
    record Stored(Recording recording, String disk) {}

    @Override
    public List<Recording> recordings(Instant from, Instant to) throws DriverException {
        String xml = http.text(LIST + "&recordingid=all&starttime=" + text(from) + "&stoptime=" + text(later(to)));
        return parse(xml).stream()
                .map(Stored::recording)
                .filter(one ->
                        one.from().isBefore(to) && one.to().orElse(Instant.MAX).isAfter(from))
                .limit(RECORDINGS_MAX)
                .toList();
    }

    /** Whole seconds only, so that what is asked for is not left out. */
    private static Instant later(Instant time) {
        return time.plusMillis(999);
    }

    private static String text(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Oldest first; what cannot be read is left out. */
    static List<Stored> parse(String xml) throws DriverException {
        List<Stored> found = new ArrayList<>();
        for (XmlElements.Element element : XmlElements.read(xml)) {
            String id = element.attribute("recordingid");
            String disk = element.attribute("diskid");
            Optional<Instant> from = time(element.attribute("starttime"));
            boolean whole = element.name().equals("recording") && id.matches(ID) && disk.matches(ID);
            if (whole && from.isPresent()) {
                found.add(new Stored(new Recording(id, from.get(), time(element.attribute("stoptime"))), disk));
            }
        }
        found.sort(Comparator.comparing(stored -> stored.recording().from()));
        return found;
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeParseException none) {
            return Optional.empty();
        }
    }

    @Override
    public Download fetch(String id, Instant from, Instant to) throws DriverException {
        if (!id.matches(ID)) {
            throw none(id);
        }
        Stored stored = parse(http.text(LIST + "&recordingid=" + id)).stream()
                .filter(one -> one.recording().id().equals(id))
                .findFirst()
                .orElseThrow(() -> none(id));
        StreamBody body = http.stream(EXPORT + "&recordingid=" + id + "&diskid=" + stored.disk() + "&starttime="
                + text(from) + "&stoptime=" + text(later(to)));
        if (!body.contentType().startsWith("video/")) {
            body.close();
            throw new DriverException(
                    Kind.NOT_FOUND, "The camera has nothing of the recording '" + id + "' in this range of time.");
        }
        open = Optional.of(body);
        return new Export(body, http.timeoutMs());
    }

    /** With its session ends what was begun in it. */
    void close() {
        open.ifPresent(StreamBody::close);
    }

    private static DriverException none(String id) {
        return new DriverException(Kind.NOT_FOUND, "The camera has no recording '" + AxisHttp.words(id) + "'.");
    }

    /** One export under way. */
    private record Export(StreamBody body, int timeoutMs) implements Download {
        @Override
        public String mediaType() {
            return MATROSKA;
        }

        @Override
        public int read(ByteBuffer into) throws DriverException, InterruptedException {
            return body.read(into, timeoutMs);
        }

        @Override
        public void close() {
            body.close();
        }
    }
}
