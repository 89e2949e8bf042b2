// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health.support;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.VolumeUsage;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.CameraStatus;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventFilter;
import org.nxvms.platform.api.event.EventLog;
import org.nxvms.platform.api.event.EventQuery;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;
import org.nxvms.platform.api.ingest.IngestStatus;
import org.nxvms.platform.api.ingest.StreamIngest;
import org.nxvms.platform.api.recording.Recorder;
import org.nxvms.platform.api.recording.RecordingStatus;

/** What is told of cameras, volumes and events: facts from a list, sentences through the sieve. */
final class ServerFacts {
    private static final Duration EVENTS_OF = Duration.ofDays(7);
    private static final int EVENTS_MAX = 500;

    private final Sieve sieve;

    ServerFacts(Sieve sieve) {
        this.sieve = sieve;
    }

    List<Map<String, Object>> cameras(CameraRegistry registry, List<StreamIngest> ingests, Recorder recorder) {
        Map<StreamId, IngestStatus> ingest = new HashMap<>();
        ingests.forEach(one -> one.statuses().forEach(status -> ingest.put(status.stream(), status)));
        Map<StreamId, RecordingStatus> recording = new HashMap<>();
        if (recorder != null) {
            recorder.statuses().forEach(status -> recording.put(status.stream(), status));
        }
        List<Map<String, Object>> all = new ArrayList<>();
        for (Camera camera : registry.list()) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("id", camera.id().toString());
            facts.put("driver", camera.driver());
            facts.put("enabled", camera.enabled());
            facts.put("scheme", String.valueOf(camera.address().getScheme()));
            facts.put("recording", word(camera.recording().mode()));
            registry.status(camera.id()).ifPresent(status -> {
                facts.put("state", word(status.state()));
                status.cause().ifPresent(cause -> facts.put("cause", word(cause)));
                facts.put("since", status.since().toString());
                facts.put("driverPresent", status.driverPresent());
                facts.put("detail", sieve.text(status.detail()));
                facts.put(
                        "streams",
                        status.streams().stream()
                                .map(stream -> stream(camera, stream, ingest, recording))
                                .toList());
            });
            all.add(facts);
        }
        return all;
    }

    private Map<String, Object> stream(
            Camera camera,
            CameraStatus.Stream stream,
            Map<StreamId, IngestStatus> ingest,
            Map<StreamId, RecordingStatus> recording) {
        StreamId id = new StreamId(camera.id(), stream.role(), Optional.empty());
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("role", stream.role().id());
        facts.put("state", word(stream.state()));
        stream.cause().ifPresent(cause -> facts.put("cause", word(cause)));
        facts.put("detail", sieve.text(stream.detail()));
        stream.format().ifPresent(format -> {
            facts.put("codecs", format.codecs());
            format.video().ifPresent(video -> facts.put("size", video.width() + "x" + video.height()));
        });
        facts.put("framesPerSecond", stream.framesPerSecond());
        facts.put("bitrateBps", stream.bitrateBps());
        stream.lastFrame().ifPresent(at -> facts.put("lastFrame", at.toString()));
        stream.link().ifPresent(link -> {
            facts.put("transport", word(link.transport()));
            facts.put("skewPpm", link.skewPpm());
            facts.put("jitterUs", link.jitterUs());
            link.cameraOffsetMs().ifPresent(ms -> facts.put("cameraOffsetMs", ms));
        });
        Optional.ofNullable(ingest.get(id)).ifPresent(status -> {
            facts.put("attempts", status.attempts());
            facts.put("packetsLost", status.packetsLost());
        });
        Optional.ofNullable(recording.get(id)).ifPresent(status -> {
            facts.put("recorded", status.recording());
            facts.put("accessUnitsWritten", status.accessUnitsWritten());
            facts.put("accessUnitsLost", status.accessUnitsLost());
        });
        return facts;
    }

    List<Map<String, Object>> volumes(Archive archive) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (VolumeUsage volume : archive.volumes()) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("id", volume.id().toString());
            facts.put("kind", volume.kind());
            facts.put("status", volume.status());
            facts.put("detail", sieve.text(volume.detail()));
            facts.put("totalBytes", volume.totalBytes());
            facts.put("usableBytes", volume.usableBytes());
            facts.put("reserveBytes", volume.reserveBytes());
            facts.put("footageBytes", volume.footageBytes());
            facts.put("segments", volume.segments());
            facts.put("encryption", word(volume.encryption()));
            facts.put("backup", volume.backup());
            all.add(facts);
        }
        return all;
    }

    List<Map<String, Object>> events(EventLog log) {
        long fromUs = Instant.now().minus(EVENTS_OF).toEpochMilli() * 1_000;
        EventFilter filter = new EventFilter(
                OptionalLong.of(fromUs), OptionalLong.empty(), Set.of(), Set.of(), EventSeverity.WARNING);
        List<Map<String, Object>> all = new ArrayList<>();
        for (Event event : log.find(new EventQuery(filter, Optional.empty(), EVENTS_MAX))) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("start", Instant.ofEpochMilli(event.startUs() / 1_000).toString());
            event.endUs()
                    .ifPresent(us ->
                            facts.put("end", Instant.ofEpochMilli(us / 1_000).toString()));
            facts.put("kind", event.kind());
            facts.put("severity", word(event.severity()));
            facts.put("source", word(event.source().type()));
            if (event.source().type() != EventSource.Type.USER
                    && event.source().type() != EventSource.Type.INTEGRATION) {
                facts.put("id", event.source().id());
                facts.put("part", sieve.text(event.source().part()));
            }
            facts.put("detail", sieve.text(event.fact().detail()));
            all.add(facts);
        }
        return all;
    }

    /** {@return the same, with its texts through the sieve} */
    static Map<String, Object> sieved(Map<String, ?> facts, Sieve sieve) {
        Map<String, Object> left = new LinkedHashMap<>();
        facts.forEach((name, value) -> left.put(name, sieved(value, sieve)));
        return left;
    }

    private static Object sieved(Object value, Sieve sieve) {
        if (value instanceof Number || value instanceof Boolean) {
            return value;
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> left = new LinkedHashMap<>();
            map.forEach((name, one) -> left.put(sieve.text(String.valueOf(name)), sieved(one, sieve)));
            return left;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(one -> sieved(one, sieve)).toList();
        }
        return sieve.text(String.valueOf(value));
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
