// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.vapix;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nxvms.simulator.clip.ClipSpec;
import org.nxvms.simulator.device.Device;
import org.nxvms.simulator.device.EdgeStore.Recording;
import org.nxvms.simulator.http.HttpAnswer;
import org.nxvms.simulator.http.HttpRequest;

/** {@code record/list.cgi} and {@code record/export/exportrecording.cgi}: what the card holds, and a part of it as a file. */
final class VapixRecords {
    private static final String DISK = "SD_DISK";
    private static final int RESULTS_MAX = 10_000;

    private final Device device;

    VapixRecords(Device device) {
        this.device = device;
    }

    /** A parameter that cannot be used. */
    private static final class Wrong extends Exception {
        private static final long serialVersionUID = 1;

        Wrong(String parameter, String why) {
            super(parameter + ": " + why);
        }
    }

    HttpAnswer list(HttpRequest request) {
        try {
            Map<String, String> given = request.parameters();
            String id = given.getOrDefault("recordingid", "all");
            Instant from = time(given, "starttime", Instant.EPOCH);
            Instant to = time(given, "stoptime", Instant.MAX);
            int most = number(given.getOrDefault("maxnumberofresults", Integer.toString(RESULTS_MAX)));
            List<Recording> found = device.edge().list(from, to).stream()
                    .filter(one -> id.equals("all") || one.id().equals(id))
                    .toList();
            return xml(xml(found, Math.min(most, found.size())));
        } catch (Wrong wrong) {
            return error("RecordingListResponse", wrong);
        }
    }

    private String xml(List<Recording> found, int count) {
        StringBuilder xml = new StringBuilder("<root><recordings totalnumberofrecordings=\"")
                .append(found.size())
                .append("\" numberofrecordings=\"")
                .append(count)
                .append("\">\n");
        ClipSpec spec = device.clip().spec();
        for (Recording one : found.subList(0, count)) {
            xml.append("<recording diskid=\"")
                    .append(DISK)
                    .append("\" recordingid=\"")
                    .append(one.id());
            xml.append("\" starttime=\"").append(one.from());
            xml.append("\" stoptime=\"").append(one.to().map(Instant::toString).orElse(""));
            xml.append(
                            "\" recordingtype=\"continuous\" eventid=\"continuous\" eventtrigger=\"continuous\" recordingstatus=\"")
                    .append(one.to().isPresent() ? "completed" : "recording")
                    .append("\" source=\"1\" locked=\"No\">");
            xml.append("<video mimetype=\"video/x-h264\" width=\"")
                    .append(spec.main().width())
                    .append("\" height=\"")
                    .append(spec.main().height())
                    .append("\" framerate=\"")
                    .append(spec.fps())
                    .append(":1\"/></recording>\n");
        }
        return xml.append("</recordings></root>\n").toString();
    }

    HttpAnswer export(HttpRequest request) {
        try {
            Map<String, String> given = request.parameters();
            if (!given.getOrDefault("exportformat", "").equals("matroska")) {
                throw new Wrong("exportformat", "use matroska");
            }
            if (!given.getOrDefault("diskid", "").equals(DISK)) {
                throw new Wrong("diskid", "there is " + DISK + " only");
            }
            Recording recording = device.edge()
                    .find(given.getOrDefault("recordingid", ""))
                    .orElseThrow(() -> new Wrong("recordingid", "there is no such recording"));
            Instant last = recording.to().orElseGet(device::time);
            Instant from = later(time(given, "starttime", recording.from()), recording.from());
            Instant wanted = time(given, "stoptime", last);
            Instant to = wanted.isBefore(last) ? wanted : last;
            if (!to.isAfter(from)) {
                throw new Wrong("starttime", "nothing of the recording is between it and stoptime");
            }
            return HttpAnswer.stream("video/x-matroska", sink -> device.footage(from, to, sink::write))
                    .with("Content-Disposition", "attachment; filename=\"" + recording.id() + ".mkv\"");
        } catch (Wrong wrong) {
            return error("ExportRecordingResponse", wrong);
        }
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static Instant time(Map<String, String> given, String name, Instant otherwise) throws Wrong {
        Optional<String> text = Optional.ofNullable(given.get(name));
        try {
            return text.isPresent() ? Instant.parse(text.get()) : otherwise;
        } catch (DateTimeParseException noTime) {
            throw new Wrong(name, "must look like 2026-01-31T12:00:00Z");
        }
    }

    private static int number(String text) throws Wrong {
        if (!text.matches("\\d{1,5}")) {
            throw new Wrong("maxnumberofresults", "must be a whole number");
        }
        return Integer.parseInt(text);
    }

    private static HttpAnswer error(String element, Wrong wrong) {
        return xml("<" + element
                + " SchemaVersion=\"1.0\"><Error><GeneralError><ErrorCode>40</ErrorCode><ErrorDescription>"
                + wrong.getMessage() + "</ErrorDescription></GeneralError></Error></" + element + ">\n");
    }

    private static HttpAnswer xml(String inner) {
        String text = "<?xml version=\"1.0\"?>\n" + inner;
        return HttpAnswer.of(200, "text/xml", text.getBytes(StandardCharsets.UTF_8));
    }
}
