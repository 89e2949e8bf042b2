// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.rest;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.ArchiveKeys;
import org.nxvms.platform.api.archive.Coverage;
import org.nxvms.platform.api.archive.EvidenceLocks;
import org.nxvms.platform.api.archive.FootageRemoval;
import org.nxvms.platform.api.archive.VolumeAdmin;
import org.nxvms.platform.api.archive.VolumeBackups;
import org.nxvms.platform.api.archive.VolumeFootage;
import org.nxvms.platform.api.archive.VolumeMoves;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.bookmark.BookmarkStore;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.KnownCameras;
import org.nxvms.platform.api.event.EventPublisher;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.rest.kit.camera.NamedCameras;
import org.nxvms.rest.kit.jaxrs.ApplicationSet;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Publishes {@code /api/v1/timeline}, {@code /archive}, {@code /bookmarks}, {@code /locks}, {@code /removals} and
 * {@code /storage}.
 */
@Component(
        service = {},
        immediate = true)
public final class PlaybackApplications {
    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile AccessGuard guard;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile Archive archive;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile ArchiveKeys keys;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile Coverage coverage;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile EvidenceLocks locks;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile FootageRemoval removal;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile EventPublisher events;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile VolumeAdmin volumes;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile VolumeMoves moves;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile VolumeBackups backups;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile VolumeFootage footage;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile BookmarkStore bookmarks;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile CameraRegistry cameras;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile AuditTrail audit;

    private ApplicationSet applications;

    @Activate
    void publish(BundleContext bundle) {
        NamedCameras named = new NamedCameras(new KnownCameras(() -> cameras, () -> archive));
        applications = new ApplicationSet(bundle, () -> guard, () -> audit)
                .publish(
                        TimelineResource.BASE,
                        "nxvms-timeline",
                        new TimelineResource(() -> archive, () -> bookmarks, named, System::currentTimeMillis))
                .publish(
                        ArchiveResource.BASE,
                        "nxvms-archive",
                        new ArchiveResource(() -> archive, () -> keys, () -> coverage, named))
                .publish(
                        BookmarksResource.BASE,
                        "nxvms-bookmarks",
                        new BookmarksResource(
                                () -> bookmarks,
                                new BookmarkSearch(() -> bookmarks, () -> cameras),
                                named,
                                () -> events,
                                System::currentTimeMillis))
                .publish(
                        LocksResource.BASE,
                        "nxvms-locks",
                        new LocksResource(() -> locks, named, System::currentTimeMillis))
                .publish(
                        RemovalsResource.BASE,
                        "nxvms-removals",
                        new RemovalsResource(() -> removal, named, () -> events, System::currentTimeMillis))
                .publish(
                        StorageResource.BASE,
                        "nxvms-storage",
                        new StorageResource(() -> archive, () -> volumes, () -> moves, () -> backups, () -> footage));
    }

    @Deactivate
    void withdraw() {
        applications.close();
    }
}
