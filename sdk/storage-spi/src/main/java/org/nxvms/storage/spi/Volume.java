// SPDX-License-Identifier: Apache-2.0
package org.nxvms.storage.spi;

import java.io.IOException;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Predicate;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A place for footage: one OSGi service per volume, registered while the back end is configured, also
 * when the medium is absent (then {@link #status()} says so).
 *
 * <p>Paths are relative, {@code /}-separated, of {@code [A-Za-z0-9._-]} segments, never {@code ..}; at
 * most 512 characters. A volume is written only while its identity matches ({@link Status#READY}).
 * Methods may block on I/O; safe for several threads; each file has one writer.
 */
@ConsumerType
public interface Volume {
    /** Service property: the configured name, unique per server, e.g. {@code main}. */
    String PROPERTY_NAME = "nxvms.volume.name";
    /** Service property: what kind of back end, e.g. {@code file}. */
    String PROPERTY_KIND = "nxvms.volume.kind";

    /** The weight of a volume that says nothing else. */
    int WEIGHT_DEFAULT = 100;

    /** What a volume can be used for right now; a {@code switch} needs a default branch: do not write. */
    enum Status {
        /** Present, ours, writable. */
        READY,
        /** Present and ours, but writes fail or are forbidden; reading goes on. */
        READ_ONLY,
        /** Not mounted, or its identity file is missing. */
        ABSENT,
        /** Another volume's identity is found where ours should be. Never written. */
        WRONG_IDENTITY,
        /** Present, but answers with errors. */
        FAILING
    }

    /** {@return the configured name} */
    String name();

    /** {@return the identity written at creation; constant over moves and remounts} */
    UUID id();

    /** {@return what the volume can be used for now; cheap, from the last check (at most 5 s old)} */
    Status status();

    /** {@return a sentence for people: why the status is what it is and what to do; empty when READY} */
    String statusDetail();

    /** {@return sizes now}; throws when they cannot be read. */
    VolumeSpace space() throws IOException;

    /** {@return bytes of footage the volume shall hold at most; empty when only the reserve limits it} */
    default OptionalLong quotaBytes() {
        return OptionalLong.empty();
    }

    /**
     * {@return the share of footage that comes here beside other volumes: of streams that name no volume, each gets as
     * many bytes per second as its weight asks; 0 = only streams that name this volume, and others when no other volume
     * takes them}
     *
     * @since 0.1
     */
    default int weight() {
        return WEIGHT_DEFAULT;
    }

    /**
     * {@return whether nothing new shall come here while another volume takes it, and what is here shall go there}
     *
     * @since 0.1
     */
    default boolean isRetired() {
        return false;
    }

    /**
     * {@return whether what is written here from now on shall be encrypted} Who writes footage does so; a back end stores
     * bytes as they come. What is here already stays as it is.
     *
     * @since 0.1
     */
    default boolean isEncrypted() {
        return false;
    }

    /**
     * {@return whether only copies of footage come here, never what is recorded; constant}
     *
     * @since 0.1
     */
    default boolean isBackup() {
        return false;
    }

    /**
     * {@return footage younger than so many days goes last when room is needed; 0 = none has that privilege here}
     *
     * @since 0.1
     */
    default int retentionDaysMin() {
        return 0;
    }

    /**
     * {@return footage older than so many days leaves the volume; empty when only its cameras limit it}
     *
     * @since 0.1
     */
    default OptionalInt retentionDaysMax() {
        return OptionalInt.empty();
    }

    /** {@return human-readable place, e.g. a folder or bucket, without secrets} */
    String location();

    /**
     * Makes a new file and the folders on its path.
     *
     * @throws java.nio.file.FileAlreadyExistsException when there is one; nothing is changed
     */
    VolumeFile create(String path) throws IOException;

    /** Opens a file for appending at its end; made when absent. */
    VolumeFile append(String path) throws IOException;

    /**
     * Opens a file for reading; several readers may, also while it is written.
     *
     * @throws java.nio.file.NoSuchFileException when there is none
     */
    VolumeReadable read(String path) throws IOException;

    /** Removes a file and then-empty parent folders, durably. {@return false when there was none} */
    boolean delete(String path) throws IOException;

    /**
     * Visits files below a folder in path order, until {@code visitor} answers false. Does not load the
     * list into memory.
     */
    void list(String folder, Predicate<FileEntry> visitor) throws IOException;

    /** A file found by {@link #list}. */
    record FileEntry(String path, long sizeBytes) {}
}
