// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Collectors;
import org.nxvms.export.burn.Encoders;
import org.nxvms.export.pack.Manifest;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.AgeClock;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.ArchiveKeys;
import org.nxvms.platform.api.archive.PairedSha256;
import org.nxvms.platform.api.archive.Statements;
import org.nxvms.platform.api.archive.VolumeUsage;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.export.ExportStore;
import org.nxvms.platform.api.worker.EncoderPlaces;
import org.nxvms.platform.api.worker.Transcoder;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** The jobs of this server, with the settings and services as they are now. */
@Component(service = ExportService.class, immediate = true, configurationPid = "org.nxvms.export")
@Designate(ocd = ExportSettings.class)
public final class ExportService {
    private final ServerIdentity server;
    private final String software;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile Archive archive;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile Statements statements;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile ArchiveKeys keys;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile PairedSha256 hashing;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile CameraRegistry cameras;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile ExportStore store;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile Transcoder transcoder;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile EncoderPlaces places;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile AgeClock ages;

    private volatile Exports exports;

    @Activate
    public ExportService(@Reference ServerIdentity server, BundleContext bundle) {
        this.server = server;
        this.software = "NXvms " + bundle.getBundle().getVersion();
    }

    @Activate
    void open(ExportSettings settings) {
        exports = new Exports(
                this::sources,
                () -> Optional.ofNullable(store),
                server.serverId(),
                ExportSettings.Limits.of(settings, server.dataFolder()),
                new ExportClocks(Instant::now, this::ageUs, System::nanoTime),
                new ServerDisk(this::volumes, System::nanoTime));
    }

    @Modified
    void change(ExportSettings settings) {
        exports.close();
        open(settings);
    }

    @Deactivate
    void close() {
        exports.close();
    }

    public Exports exports() {
        return exports;
    }

    private OptionalLong ageUs() {
        AgeClock now = ages;
        return now == null ? OptionalLong.empty() : now.nowUs();
    }

    private List<VolumeUsage> volumes() {
        Archive footage = archive;
        if (footage == null) {
            throw new StoreException("the archive is not there now", null);
        }
        return footage.volumes();
    }

    private Optional<Sources> sources() {
        Archive footage = archive;
        if (footage == null) {
            return Optional.empty();
        }
        return Optional.of(new Sources(
                footage,
                server.serverId(),
                server.name(),
                software,
                this::name,
                this::sign,
                this::publicKeys,
                Optional.ofNullable(hashing),
                new Encoders(() -> Optional.ofNullable(transcoder), () -> Optional.ofNullable(places))));
    }

    private Optional<String> name(UUID id) {
        CameraRegistry registry = cameras;
        return registry == null ? Optional.empty() : registry.find(id).map(Camera::name);
    }

    private Optional<String> sign(byte[] payload) {
        Statements by = statements;
        return by == null ? Optional.empty() : by.sign(Manifest.STATEMENT, payload);
    }

    private Map<String, String> publicKeys() throws IOException {
        ArchiveKeys all = keys;
        return all == null
                ? Map.of()
                : all.keys().stream().collect(Collectors.toMap(ArchiveKeys.Key::id, ArchiveKeys.Key::pem));
    }
}
