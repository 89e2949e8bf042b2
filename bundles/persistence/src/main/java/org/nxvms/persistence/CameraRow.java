// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.net.URI;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.persistence.CollectionTable;
import javax.persistence.Column;
import javax.persistence.ElementCollection;
import javax.persistence.Entity;
import javax.persistence.FetchType;
import javax.persistence.Id;
import javax.persistence.JoinColumn;
import javax.persistence.MapKeyColumn;
import javax.persistence.Table;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraStore.StoredCamera;
import org.nxvms.platform.api.camera.EventTrigger;
import org.nxvms.platform.api.camera.RecordingSettings;

/** A camera's row. */
@Entity
@Table(name = "camera")
public class CameraRow {
    @Id
    private String id;

    private long version;

    @Column(name = "server_id")
    private String serverId;

    private String name;
    private String driver;
    private String address;

    @Column(name = "sub_address")
    private String subAddress;

    private String username;

    @Column(name = "sealed_password")
    private String sealedPassword;

    private boolean enabled;

    @Column(name = "group_name")
    private String groupName;

    @Column(name = "recording_mode")
    private String recordingMode;

    @Column(name = "recording_streams")
    private String recordingStreams;

    @Column(name = "retention_days_max")
    private int retentionDaysMax;

    @Column(name = "recording_stream_modes")
    private String recordingStreamModes;

    @Column(name = "recording_schedule")
    private String recordingSchedule;

    @Column(name = "trigger_kinds")
    private String triggerKinds;

    @Column(name = "pre_buffer_seconds")
    private int preBufferSeconds;

    @Column(name = "post_buffer_seconds")
    private int postBufferSeconds;

    @Column(name = "retention_days_min")
    private int retentionDaysMin;

    @Column(name = "recording_volumes")
    private String recordingVolumes;

    @Column(name = "recording_backup")
    private String recordingBackup;

    @Column(name = "fill_gaps")
    private boolean fillGaps;

    @Column(name = "created_ms")
    private long createdMs;

    @Column(name = "updated_ms")
    private long updatedMs;

    private String endpoints;

    @ElementCollection(fetch = FetchType.EAGER)
    @CollectionTable(name = "camera_setting", joinColumns = @JoinColumn(name = "camera_id"))
    @MapKeyColumn(name = "name")
    @Column(name = "setting")
    private Map<String, String> settings = new HashMap<>();

    /** For JPA. */
    protected CameraRow() {}

    CameraRow(StoredCamera stored) {
        id = stored.camera().id().toString();
        take(stored);
    }

    final void take(StoredCamera stored) {
        Camera camera = stored.camera();
        version = camera.version();
        serverId = camera.serverId().toString();
        name = camera.name();
        driver = camera.driver();
        address = camera.address().toString();
        subAddress = camera.subAddress().map(URI::toString).orElse(null);
        username = camera.username().orElse(null);
        sealedPassword = stored.sealedPassword().orElse(null);
        enabled = camera.enabled();
        groupName = camera.group().orElse(null);
        recordingMode = camera.recording().mode().name();
        recordingStreams = camera.recording().streams().stream()
                .map(StreamRole::id)
                .sorted()
                .collect(Collectors.joining(","));
        retentionDaysMax = camera.recording().retentionDaysMax();
        recordingStreamModes = RecordingText.modes(camera.recording().streamModes());
        recordingSchedule =
                camera.recording().schedule().map(RecordingText::schedule).orElse(null);
        EventTrigger trigger = camera.recording().trigger();
        triggerKinds = trigger.kinds().stream().sorted().collect(Collectors.joining(","));
        preBufferSeconds = trigger.preBufferSeconds();
        postBufferSeconds = trigger.postBufferSeconds();
        retentionDaysMin = camera.recording().retentionDaysMin();
        recordingVolumes = String.join(",", camera.recording().volumes());
        recordingBackup = String.join(",", camera.recording().backup());
        fillGaps = camera.recording().fillGaps();
        createdMs = camera.created().toEpochMilli();
        updatedMs = camera.updated().toEpochMilli();
        endpoints = stored.endpoints().orElse(null);
        settings.clear();
        settings.putAll(camera.settings());
    }

    long version() {
        return version;
    }

    void endpoints(String known) {
        endpoints = known;
    }

    StoredCamera stored() {
        RecordingSettings recording = new RecordingSettings(
                RecordingSettings.Mode.valueOf(recordingMode.toUpperCase(Locale.ROOT)),
                Arrays.stream(recordingStreams.split(","))
                        .filter(s -> !s.isEmpty())
                        .map(StreamRole::of)
                        .collect(Collectors.toSet()),
                retentionDaysMax,
                RecordingText.modes(recordingStreamModes),
                Optional.ofNullable(recordingSchedule).map(RecordingText::schedule),
                new EventTrigger(
                        Set.copyOf(RecordingText.parts(triggerKinds, ",")), preBufferSeconds, postBufferSeconds),
                retentionDaysMin,
                RecordingText.parts(recordingVolumes, ","),
                RecordingText.parts(recordingBackup, ","),
                fillGaps);
        Camera camera = new Camera(
                UUID.fromString(id),
                version,
                UUID.fromString(serverId),
                name,
                driver,
                URI.create(address),
                Optional.ofNullable(subAddress).map(URI::create),
                Optional.ofNullable(username),
                sealedPassword != null,
                enabled,
                Optional.ofNullable(groupName),
                settings,
                recording,
                Instant.ofEpochMilli(createdMs),
                Instant.ofEpochMilli(updatedMs));
        return new StoredCamera(camera, Optional.ofNullable(sealedPassword), Optional.ofNullable(endpoints));
    }
}
