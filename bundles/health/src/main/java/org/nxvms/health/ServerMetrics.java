// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamStatistics;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.EarlyRemoval;
import org.nxvms.platform.api.archive.VolumeUsage;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.CameraStatus;
import org.nxvms.platform.api.event.EventFigures;
import org.nxvms.platform.api.event.EventLog;
import org.nxvms.platform.api.health.HealthCheck;
import org.nxvms.platform.api.ingest.IngestLink;
import org.nxvms.platform.api.ingest.IngestStatus;
import org.nxvms.platform.api.ingest.StreamIngest;
import org.nxvms.platform.api.integration.Connection;
import org.nxvms.platform.api.integration.Integration;
import org.nxvms.platform.api.recording.Recorder;
import org.nxvms.platform.api.recording.RecordingStatus;

/**
 * What the server's services count, as metrics. Each takes its service as it is now, null while it is
 * absent: its metrics are then missing, which a scraper shows as a hole rather than as zero.
 */
final class ServerMetrics {
    /** Readers of viewers carry a number; only the kind before it is a label, so that labels stay few. */
    private static final Pattern READER_NUMBER = Pattern.compile("[^a-z_].*$");

    private final Metrics metrics;
    private final Predicate<UUID> seen;

    /** @param seen cameras whose figures are told */
    ServerMetrics(Metrics metrics, Predicate<UUID> seen) {
        this.metrics = metrics;
        this.seen = seen;
    }

    void info(String version, ServerIdentity identity) {
        metrics.gauge(
                "nxvms_server",
                "This server; the value is always 1",
                1,
                "version",
                version,
                "server_id",
                identity == null ? "" : identity.serverId().toString(),
                "name",
                identity == null ? "" : identity.name());
    }

    void health(Health health) {
        if (health == null) {
            return;
        }
        HealthReport report = health.report();
        metrics.gauge("nxvms_ready", "1 while every needed part works", report.ready() ? 1 : 0);
        for (HealthReport.Part part : report.parts()) {
            double value =
                    part.status() == HealthCheck.Status.UP ? 1 : part.status() == HealthCheck.Status.DEGRADED ? 0.5 : 0;
            metrics.gauge("nxvms_part_health", "1 up, 0.5 degraded, 0 down", value, "part", part.name());
        }
    }

    void streams(StreamHub hub) {
        if (hub == null) {
            return;
        }
        for (StreamStatistics s : hub.statistics()) {
            if (!seen.test(s.stream().cameraId())) {
                continue;
            }
            String[] of = labels(s.stream());
            metrics.gauge("nxvms_stream_live", "1 while a run is open", s.live() ? 1 : 0, of);
            metrics.counter("nxvms_stream_access_units", "Access units committed to the ring", s.accessUnits(), of);
            metrics.counter("nxvms_stream_pictures", "Video access units committed to the ring", s.pictures(), of);
            metrics.counter("nxvms_stream_key_frames", "Key frames committed to the ring", s.keyFrames(), of);
            metrics.counter("nxvms_stream_bytes", "Payload bytes committed to the ring", s.payloadBytes(), of);
            metrics.counter("nxvms_stream_refused", "Access units refused as too large or aborted", s.refused(), of);
            metrics.gauge("nxvms_stream_ring_bytes", "Memory reserved for the ring", s.ringBytes(), of);
            metrics.gauge(
                    "nxvms_stream_last_frame_timestamp_seconds",
                    "Wall time of the newest access unit",
                    s.lastCommitUs() / 1e6,
                    of);
            for (StreamStatistics.Reader reader : s.readers()) {
                String[] kind =
                        with(of, "reader", READER_NUMBER.matcher(reader.name()).replaceFirst(""));
                metrics.counter("nxvms_reader_lapped", "How often the writer overtook a reader", reader.lapped(), kind);
                metrics.counter("nxvms_reader_skipped", "Access units a reader never saw", reader.skipped(), kind);
            }
        }
    }

    void ingests(List<StreamIngest> ingests) {
        for (StreamIngest ingest : ingests) {
            for (IngestStatus s : ingest.statuses()) {
                if (!seen.test(s.stream().cameraId())) {
                    continue;
                }
                String[] of = labels(s.stream());
                metrics.gauge(
                        "nxvms_ingest_streaming",
                        "1 while a camera sends",
                        s.state() == IngestStatus.State.STREAMING ? 1 : 0,
                        of);
                metrics.gauge("nxvms_ingest_attempts", "Connects since the last streaming", s.attempts(), of);
                metrics.counter(
                        "nxvms_ingest_packets_lost",
                        "RTP packets missing since the session began",
                        s.packetsLost(),
                        of);
                s.link().ifPresent(link -> link(link, of));
            }
        }
    }

    private void link(IngestLink link, String[] of) {
        metrics.gauge("nxvms_ingest_clock_skew_ppm", "How much too fast the camera's clock runs", link.skewPpm(), of);
        metrics.gauge("nxvms_ingest_jitter_seconds", "Interarrival jitter of the pictures", link.jitterUs() / 1e6, of);
        metrics.counter(
                "nxvms_ingest_camera_clock_sets",
                "How often the camera's own clock was set since the session began",
                link.cameraClockSets(),
                of);
        link.cameraOffsetMs()
                .ifPresent(ms -> metrics.gauge(
                        "nxvms_ingest_camera_clock_offset_seconds",
                        "How far the camera's own clock is ahead of the server's",
                        ms / 1e3,
                        of));
    }

    void recordings(Recorder recorder) {
        if (recorder == null) {
            return;
        }
        for (RecordingStatus s : recorder.statuses()) {
            if (!seen.test(s.stream().cameraId())) {
                continue;
            }
            String[] of = labels(s.stream());
            metrics.gauge("nxvms_recording", "1 while footage is written", s.recording() ? 1 : 0, of);
            s.cause()
                    .ifPresent(cause -> metrics.gauge(
                            "nxvms_recording_gap",
                            "1 for each stream whose footage is missing now, by cause",
                            1,
                            with(of, "cause", Health.word(cause))));
            metrics.counter(
                    "nxvms_recorder_access_units_written",
                    "Access units written since the recorder started",
                    s.accessUnitsWritten(),
                    of);
            metrics.counter(
                    "nxvms_recorder_access_units_lost",
                    "Access units given up since the recorder started",
                    s.accessUnitsLost(),
                    of);
            s.lastWritten()
                    .ifPresent(instant -> metrics.gauge(
                            "nxvms_recording_last_written_timestamp_seconds",
                            "Wall time up to which footage is on the volume",
                            seconds(instant),
                            of));
        }
    }

    void cameras(CameraRegistry cameras) {
        if (cameras == null) {
            return;
        }
        Map<String, Integer> byState = new TreeMap<>();
        for (CameraStatus.State state : CameraStatus.State.values()) {
            byState.put(Health.word(state), 0);
        }
        try {
            for (Camera camera : cameras.list()) {
                if (!seen.test(camera.id())) {
                    continue;
                }
                cameras.status(camera.id()).ifPresent(s -> byState.merge(Health.word(s.state()), 1, Integer::sum));
            }
        } catch (StoreException e) {
            // Not read from the database yet: unknown is not zero.
            return;
        }
        byState.forEach((state, count) -> metrics.gauge("nxvms_cameras", "Cameras by state", count, "state", state));
    }

    void volumes(Archive archive) {
        if (archive == null) {
            return;
        }
        List<VolumeUsage> volumes;
        try {
            volumes = archive.volumes();
        } catch (StoreException e) {
            return;
        }
        for (VolumeUsage v : volumes) {
            String[] of = {"volume", v.id().toString(), "name", v.name()};
            metrics.gauge(
                    "nxvms_volume_ready",
                    "1 while the volume takes footage",
                    v.status().equals("ready") ? 1 : 0,
                    of);
            known("nxvms_volume_size_bytes", "Size of the volume", v.totalBytes(), of);
            known("nxvms_volume_usable_bytes", "Room left on the volume", v.usableBytes(), of);
            known("nxvms_volume_reserve_bytes", "Room kept free on the volume", v.reserveBytes(), of);
            known("nxvms_volume_footage_bytes", "Sealed footage on the volume", v.footageBytes(), of);
            known("nxvms_volume_segments", "Sealed segments on the volume", v.segments(), of);
        }
    }

    void removedEarly(EarlyRemoval removal) {
        if (removal == null) {
            return;
        }
        for (EarlyRemoval.OfVolume v : removal.totals()) {
            String[] of = {"volume", v.volumeId().toString(), "name", v.volume()};
            metrics.counter(
                    "nxvms_volume_removed_early_segments",
                    "Segments removed before their retention for want of room, since the start",
                    v.segments(),
                    of);
            metrics.counter(
                    "nxvms_volume_removed_early_bytes",
                    "Footage removed before its retention for want of room, since the start",
                    v.bytes(),
                    of);
        }
    }

    void events(EventLog log) {
        if (log == null) {
            return;
        }
        EventFigures figures = log.figures();
        metrics.counter("nxvms_events_published", "Events and changes of events taken", figures.published());
        metrics.counter("nxvms_events_dropped", "Events not taken because the queue was full", figures.dropped());
        metrics.counter("nxvms_events_stored", "Events and changes written to the database", figures.stored());
        metrics.counter("nxvms_events_lost", "Events delivered but not kept: no database, full spool", figures.lost());
        metrics.counter("nxvms_events_spilled", "Events given up for slow subscribers", figures.spilled());
        metrics.gauge("nxvms_events_waiting", "Changes that wait to be stored", figures.waiting());
        metrics.gauge("nxvms_events_spool_bytes", "Size of the spool on disk", figures.spooledBytes());
        metrics.gauge("nxvms_events_open", "States that are on", figures.open());
        metrics.gauge("nxvms_events_rows", "Events kept", figures.rows());
        metrics.gauge("nxvms_events_followers", "Clients that follow the stream of events", figures.followers());
    }

    void integrations(List<Integration> integrations) {
        for (Integration integration : integrations) {
            for (Connection c : integration.connections()) {
                String[] of = {"integration", integration.name(), "connection", c.name()};
                metrics.gauge(
                        "nxvms_integration_up",
                        "1 while the other side takes what is sent",
                        c.state() == Connection.State.UP ? 1 : 0,
                        of);
                Connection.Figures figures = c.figures();
                metrics.counter("nxvms_integration_delivered", "Events that arrived", figures.delivered(), of);
                metrics.counter("nxvms_integration_failures", "Attempts that failed", figures.failures(), of);
                metrics.counter(
                        "nxvms_integration_lost", "Events that were to be sent and never will be", figures.lost(), of);
                metrics.gauge("nxvms_integration_waiting", "Events that wait, as last counted", figures.waiting(), of);
            }
        }
    }

    private void known(String name, String help, long value, String[] labels) {
        if (value >= 0) {
            metrics.gauge(name, help, value, labels);
        }
    }

    private static double seconds(Instant instant) {
        return instant.toEpochMilli() / 1e3;
    }

    private static String[] labels(StreamId stream) {
        return new String[] {"camera", stream.cameraId().toString(), "stream", stream.name()};
    }

    private static String[] with(String[] labels, String name, String value) {
        String[] more = java.util.Arrays.copyOf(labels, labels.length + 2);
        more[labels.length] = name;
        more[labels.length + 1] = value;
        return more;
    }
}
