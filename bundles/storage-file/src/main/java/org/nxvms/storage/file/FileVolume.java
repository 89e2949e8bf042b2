// SPDX-License-Identifier: Apache-2.0
package org.nxvms.storage.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.archive.FootageEncryption;
import org.nxvms.storage.spi.Volume;
import org.nxvms.storage.spi.VolumeFile;
import org.nxvms.storage.spi.VolumeReadable;
import org.nxvms.storage.spi.VolumeSpace;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * A volume in a folder. What may be done with it is found out by {@link VolumeCheck} on a thread of its own, since a
 * dead network share blocks whoever touches it.
 */
@Component(
        immediate = true,
        service = Volume.class,
        configurationPid = "org.nxvms.storage.file",
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = Volume.PROPERTY_KIND + "=file")
@Designate(ocd = VolumeConfig.class, factory = true)
public final class FileVolume implements Volume, AutoCloseable {
    static final String ROLE_RECORD = "record";
    static final String ROLE_BACKUP = "backup";
    private static final int DAYS_MAX = 3650;
    static final Pattern NAME = Pattern.compile("[a-z0-9_-]{1,40}");
    private static final long RESERVE_BYTES_DEFAULT_MAX = 2L << 30;
    /** Attempts to make a file whose folder an emptying deletion takes away at the same moment. */
    private static final int CREATE_ATTEMPTS_MAX = 5;

    private final Settings settings;
    private final Folders folders;
    private final VolumeCheck check;
    private volatile FileStore store;

    /**
     * What an administrator decides; see {@link VolumeConfig} for meanings and units.
     *
     * @param memory folder where the identities of initialised volumes are remembered
     */
    public record Settings(
            String name,
            Path root,
            long reserveBytes,
            int reservePercent,
            long quotaBytes,
            boolean create,
            UUID serverId,
            Path memory,
            int weight,
            boolean retired,
            FootageEncryption encryption,
            Keeping keeping) {
        public Settings {
            if (weight < 0 || weight > 1000) {
                throw new IllegalArgumentException("volume " + name + ": weight must be 0..1000, not " + weight);
            }
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("nxvms.volume.name must match " + NAME + ", not \"" + name + "\"");
            }
            if (!root.isAbsolute()) {
                throw new IllegalArgumentException(
                        "path of volume " + name + " must be absolute, not \"" + root + "\"");
            }
            if (reserveBytes < -1 || reservePercent < 0 || reservePercent > 90 || quotaBytes < -1 || quotaBytes == 0) {
                throw new IllegalArgumentException("volume " + name
                        + ": reserveBytes must be >= 0 or -1, reservePercent"
                        + " 0..90, quotaBytes > 0 or -1; they are " + reserveBytes + ", " + reservePercent + ", "
                        + quotaBytes);
            }
        }

        public Settings(
                String name,
                Path root,
                long reserveBytes,
                int reservePercent,
                long quotaBytes,
                boolean create,
                UUID serverId,
                Path memory) {
            this(
                    name,
                    root,
                    reserveBytes,
                    reservePercent,
                    quotaBytes,
                    create,
                    serverId,
                    memory,
                    WEIGHT_DEFAULT,
                    false,
                    FootageEncryption.NONE);
        }

        /** For footage, without days of its own. */
        public Settings(
                String name,
                Path root,
                long reserveBytes,
                int reservePercent,
                long quotaBytes,
                boolean create,
                UUID serverId,
                Path memory,
                int weight,
                boolean retired,
                FootageEncryption encryption) {
            this(
                    name,
                    root,
                    reserveBytes,
                    reservePercent,
                    quotaBytes,
                    create,
                    serverId,
                    memory,
                    weight,
                    retired,
                    encryption,
                    Keeping.NONE);
        }
    }

    /**
     * What a volume is for, and how long it keeps that.
     *
     * @param copiesOnly whether it is a backup volume
     * @param daysMax -1 for none
     */
    public record Keeping(boolean copiesOnly, int daysMin, int daysMax) {
        /** A volume for footage, without days of its own. */
        public static final Keeping NONE = new Keeping(false, 0, -1);

        public Keeping {
            int most = daysMax == -1 ? DAYS_MAX : daysMax;
            if (most < 1 || most > DAYS_MAX || daysMin < 0 || daysMin > most) {
                throw new IllegalArgumentException("retentionDaysMax must be 1.." + DAYS_MAX + " or -1, and"
                        + " retentionDaysMin 0..retentionDaysMax; they are " + daysMax + " and "
                        + daysMin);
            }
        }

        static Keeping of(String role, int min, int max) {
            if (!ROLE_RECORD.equals(role) && !ROLE_BACKUP.equals(role)) {
                throw new IllegalArgumentException(
                        "role must be " + ROLE_RECORD + " or " + ROLE_BACKUP + ", not \"" + role + "\"");
            }
            return new Keeping(ROLE_BACKUP.equals(role), min, max);
        }
    }

    @Activate
    public FileVolume(@Reference ServerIdentity server, VolumeConfig config) {
        this(new Settings(
                config.nxvms_volume_name() == null ? "" : config.nxvms_volume_name(),
                Path.of(config.path() == null ? "" : config.path()).normalize(),
                config.reserveBytes(),
                config.reservePercent(),
                config.quotaBytes(),
                config.create(),
                server.serverId(),
                server.dataFolder().resolve("volumes"),
                config.weight(),
                config.retired(),
                FootageEncryption.of(
                        config.encryption() == null
                                ? "none"
                                : config.encryption().strip()),
                Keeping.of(config.role(), config.retentionDaysMin(), config.retentionDaysMax())));
    }

    public FileVolume(Settings settings) {
        this.settings = settings;
        this.folders = new Folders(settings.root());
        this.check = new VolumeCheck(settings);
        check.start();
    }

    @Deactivate
    @Override
    public void close() {
        check.close();
    }

    @Override
    public String name() {
        return settings.name();
    }

    @Override
    public UUID id() {
        return check.id();
    }

    @Override
    public Status status() {
        return check.state().status();
    }

    @Override
    public String statusDetail() {
        return check.state().detail();
    }

    @Override
    public String location() {
        return settings.root().toString();
    }

    @Override
    public OptionalLong quotaBytes() {
        return settings.quotaBytes() < 0 ? OptionalLong.empty() : OptionalLong.of(settings.quotaBytes());
    }

    @Override
    public int weight() {
        return settings.weight();
    }

    @Override
    public boolean isRetired() {
        return settings.retired();
    }

    @Override
    public boolean isEncrypted() {
        return settings.encryption() != FootageEncryption.NONE;
    }

    @Override
    public boolean isBackup() {
        return settings.keeping().copiesOnly();
    }

    @Override
    public int retentionDaysMin() {
        return settings.keeping().daysMin();
    }

    @Override
    public OptionalInt retentionDaysMax() {
        return settings.keeping().daysMax() < 0
                ? OptionalInt.empty()
                : OptionalInt.of(settings.keeping().daysMax());
    }

    @Override
    public VolumeSpace space() throws IOException {
        requireOurs();
        FileStore store = store();
        long total = store.getTotalSpace();
        long reserve = settings.reserveBytes() >= 0
                ? settings.reserveBytes()
                : Math.min(RESERVE_BYTES_DEFAULT_MAX, total / 100 * settings.reservePercent());
        return new VolumeSpace(total, store.getUsableSpace(), reserve);
    }

    /** It asks the path for its figures each time, whatever is mounted there; only making it looks through all mounts. */
    private FileStore store() throws IOException {
        FileStore known = store;
        if (known == null) {
            known = Files.getFileStore(settings.root());
            store = known;
        }
        return known;
    }

    /** Asks for a check now instead of at the next turn, and waits for it. For tests and administrators. */
    public void checkNow() {
        check.checkNow();
    }

    @Override
    public VolumeFile create(String path) throws IOException {
        return openForWriting(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    @Override
    public VolumeFile append(String path) throws IOException {
        return openForWriting(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private VolumeFile openForWriting(String path, OpenOption... options) throws IOException {
        Path file = VolumePaths.resolve(settings.root(), path);
        requireOurs();
        try {
            return new FileAppender(folders, file, channel(file, options), check::writeFailed);
        } catch (FileAlreadyExistsException callersMistake) {
            throw callersMistake;
        } catch (IOException failed) {
            check.writeFailed(failed);
            throw failed;
        }
    }

    private FileChannel channel(Path file, OpenOption... options) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                folders.make(file.getParent());
            } catch (FileAlreadyExistsException aFileInTheWay) {
                throw new IOException(aFileInTheWay.getMessage() + " is a file, but must be a folder", aFileInTheWay);
            }
            try {
                return FileChannel.open(file, options);
            } catch (NoSuchFileException folderGone) {
                folders.forget(file.getParent());
                if (attempt == CREATE_ATTEMPTS_MAX) {
                    throw folderGone;
                }
                // Not an emptying deletion but an unmount: nothing is made in the folder under the mount point.
                requireOurs();
            }
        }
    }

    @Override
    public VolumeReadable read(String path) throws IOException {
        Path file = VolumePaths.resolve(settings.root(), path);
        return new FileReadable(FileChannel.open(file, StandardOpenOption.READ));
    }

    @Override
    public boolean delete(String path) throws IOException {
        Path file = VolumePaths.resolve(settings.root(), path);
        requireOurs();
        boolean removed = Files.deleteIfExists(file);
        folders.removeEmptyAbove(file);
        return removed;
    }

    @Override
    public void list(String folder, Predicate<FileEntry> visitor) throws IOException {
        Path start = VolumePaths.resolveFolder(settings.root(), folder);
        if (Files.isDirectory(start)) {
            list(start, folder.isEmpty() ? "" : folder + "/", visitor);
        }
    }

    private boolean list(Path folder, String prefix, Predicate<FileEntry> visitor) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            entries.forEach(entry -> names.add(entry.getFileName().toString()));
        } catch (NoSuchFileException emptiedMeanwhile) {
            return true;
        }
        names.sort(null);
        for (String name : names) {
            Path entry = folder.resolve(name);
            boolean goOn;
            if (Files.isDirectory(entry, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
                goOn = list(entry, prefix + name + "/", visitor);
            } else {
                goOn = visit(entry, prefix + name, visitor);
            }
            if (!goOn) {
                return false;
            }
        }
        return true;
    }

    private static boolean visit(Path entry, String path, Predicate<FileEntry> visitor) throws IOException {
        try {
            VolumePaths.resolve(entry.getRoot(), path);
            return visitor.test(new FileEntry(path, Files.size(entry)));
        } catch (NoSuchFileException | IllegalArgumentException goneOrNotOurs) {
            return true;
        }
    }

    /** Reads the identity again: a share may have been unmounted since the last check (archive.md invariant 7). */
    private void requireOurs() throws IOException {
        Status status = status();
        if (status == Status.ABSENT || status == Status.WRONG_IDENTITY) {
            throw new IOException("volume " + settings.name() + ": " + statusDetail());
        }
        check.requireIdentity();
    }
}
