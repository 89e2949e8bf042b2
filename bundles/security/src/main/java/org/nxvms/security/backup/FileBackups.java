// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.backup;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.backup.BackupException;
import org.nxvms.platform.api.backup.BackupSummary;
import org.nxvms.platform.api.backup.Backups;
import org.nxvms.platform.api.backup.MetadataRows;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Backups as files. The database's rows come from, and go to, whoever knows them. */
@Component(service = Backups.class, immediate = true)
public final class FileBackups implements Backups {
    private static final Logger LOG = LoggerFactory.getLogger(FileBackups.class);
    private static final String ROWS = "rows";
    private static final String SERVER = "server";
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private final ServerIdentity server;
    private final Clock clock;
    private final int memoryKib;
    private final Path data;
    private final Staging staging;
    private final ReentrantLock one = new ReentrantLock();
    private volatile MetadataRows rows;

    /** The rows are read whenever there is a database. */
    @Activate
    public FileBackups(@Reference ServerIdentity server, @Reference AuditTrail trail) {
        this(server, Clock.systemUTC(), BackupKey.MEMORY_KIB);
        noteWhatWasPlaced(trail);
    }

    /** With less memory, for tests that make many. */
    FileBackups(ServerIdentity server, Clock clock, int memoryKib) {
        this.memoryKib = memoryKib;
        this.server = server;
        this.clock = clock;
        this.data = server.dataFolder();
        this.staging = new Staging(data);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void setRows(MetadataRows fresh) {
        rows = fresh;
    }

    void unsetRows(MetadataRows gone) {
        if (rows == gone) {
            rows = null;
        }
    }

    @Override
    public BackupSummary write(Optional<Path> file, String passphrase, Consumer<String> progress)
            throws BackupException {
        return alone(() -> {
            check(passphrase);
            return write(file.orElseGet(() -> named("")), passphrase, new Steps(progress));
        });
    }

    @Override
    public BackupSummary write(OutputStream out, String passphrase) throws BackupException {
        return alone(() -> {
            check(passphrase);
            return write(named("").getFileName(), out, passphrase, rows(), new Steps(step -> {}));
        });
    }

    @Override
    public Prepared prepare(Path file, String passphrase, boolean replace, Consumer<String> progress)
            throws BackupException {
        return alone(() -> {
            MetadataRows known = rows();
            boolean fresh = known.isFresh();
            if (!fresh && !replace) {
                throw new BackupException(
                        "This server has cameras or users. Restore into a new server, or say --replace:"
                                + " what is here is written to a backup then, and gives way.");
            }
            staging.begin();
            try {
                BackupSummary read = read(file, passphrase, known, new Steps(progress));
                Optional<Path> aside = Optional.empty();
                if (!fresh) {
                    progress.accept("Writing what is here to a backup");
                    aside = Optional.of(write(named("before-restore-"), passphrase, new Steps(progress))
                            .file());
                }
                staging.end();
                return new Prepared(read, aside);
            } finally {
                staging.abandon();
            }
        });
    }

    @Override
    public boolean cancel() throws BackupException {
        return alone(staging::cancel);
    }

    private Path named(String kind) {
        return data.resolve("backups").resolve("nxvms-" + kind + STAMP.format(clock.instant()) + ".backup");
    }

    private static void check(String passphrase) throws BackupException {
        if (passphrase.length() < PASSPHRASE_LENGTH_MIN) {
            throw new BackupException("The passphrase has " + passphrase.length() + " characters; give at least "
                    + PASSPHRASE_LENGTH_MIN + ": who has the file may try as many as there is time for.");
        }
    }

    private MetadataRows rows() throws BackupException {
        MetadataRows known = rows;
        if (known == null) {
            throw new BackupException("There is no database, and most of a backup is in it. See nxvms:status.");
        }
        return known;
    }

    private BackupSummary write(Path file, String passphrase, Steps steps) throws IOException {
        MetadataRows known = rows();
        Path target = file.toAbsolutePath().normalize();
        if (Files.exists(target)) {
            throw new BackupException("There is a file " + target + " already. Name another, or remove it.");
        }
        if (target.startsWith(data.resolve("backups"))) {
            Files.createDirectories(target.getParent());
        }
        Path unfinished = target.resolveSibling(target.getFileName() + ".new");
        Files.deleteIfExists(unfinished);
        try {
            BackupSummary summary;
            try (OutputStream out = Staging.create(unfinished)) {
                summary = write(target, out, passphrase, known, steps);
            }
            Staging.sync(unfinished);
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
            Staging.sync(target.getParent());
            return summary;
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private BackupSummary write(Path target, OutputStream to, String passphrase, MetadataRows known, Steps steps)
            throws IOException {
        Manifest manifest =
                new Manifest(server.serverId(), server.name(), clock.instant().truncatedTo(ChronoUnit.MILLIS));
        int files = 0;
        OutputStream out = new BufferedOutputStream(to);
        SealedOutput sealed = new SealedOutput(out, BackupKey.fresh(passphrase, memoryKib));
        Entries.Writer entries = new Entries.Writer(sealed);
        put(entries, Manifest.NAME, manifest.bytes());
        // Before the rows: audit-head.json must not name an entry that they do not hold yet.
        for (String path : KeptFiles.in(data)) {
            try {
                put(entries, path, content(data.resolve(path)));
                files++;
            } catch (NoSuchFileException e) {
                LOG.debug("{} was removed meanwhile", path, e);
            }
        }
        long count;
        try (OutputStream entry = entries.entry(ROWS)) {
            count = known.write(entry, steps);
        }
        entries.end();
        sealed.finish();
        out.flush();
        return new BackupSummary(target, manifest.serverId(), manifest.serverName(), manifest.made(), count, files);
    }

    private static byte[] content(Path file) throws IOException {
        if (Files.size(file) > KeptFiles.FILE_BYTES_MAX) {
            throw new BackupException("The file " + file + " has more than " + KeptFiles.FILE_BYTES_MAX
                    + " bytes, which no setting or key has. Move it elsewhere.");
        }
        return Files.readAllBytes(file);
    }

    private static void put(Entries.Writer entries, String name, byte[] content) throws IOException {
        try (OutputStream entry = entries.entry(name)) {
            entry.write(content);
        }
    }

    private BackupSummary read(Path file, String passphrase, MetadataRows known, Steps steps) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            Entries.Reader entries = new Entries.Reader(new SealedInput(in, passphrase));
            Optional<String> name = entries.next();
            if (!name.equals(Optional.of(Manifest.NAME))) {
                throw new BackupException("The backup does not say of which server it is. Use another copy of it.");
            }
            Manifest manifest = Manifest.of(entries.content().readNBytes(Manifest.BYTES_MAX));
            Set<String> seen = new HashSet<>();
            long count = -1;
            for (name = entries.next(); name.isPresent(); name = entries.next()) {
                if (!seen.add(name.get()) || !KeptFiles.fits(seen.size())) {
                    throw new BackupException("The backup has " + name.get() + " twice, or too many files.");
                }
                InputStream content = entries.content();
                if (name.get().equals(ROWS)) {
                    count = known.prepare(content, staging.making(), steps);
                    content.transferTo(OutputStream.nullOutputStream());
                } else {
                    stage(name.get(), content, manifest);
                }
            }
            if (count < 0 || !seen.contains("server.json")) {
                throw new BackupException("The backup has no rows, or not who the server is. Use another copy of it.");
            }
            staging.file(Manifest.NAME, new ByteArrayInputStream(manifest.bytes()), Manifest.BYTES_MAX);
            return new BackupSummary(
                    file, manifest.serverId(), manifest.serverName(), manifest.made(), count, seen.size() - 1);
        } catch (EOFException e) {
            throw new BackupException("The content of the backup ends too early. Use another copy of it.", e);
        }
    }

    private void stage(String path, InputStream content, Manifest manifest) throws IOException {
        KeptFiles.Return way = KeptFiles.of(path)
                .orElseThrow(() -> new BackupException("The backup wants to put a file at \"" + path
                        + "\", where none belongs. It was made by a newer NXvms, or by somebody else: nothing was"
                        + " restored."));
        boolean wanted =
                switch (way) {
                    case REPLACES -> true;
                    case ADDED -> !Files.exists(data.resolve(path));
                    case NEVER -> false;
                    case OF_ANOTHER_SERVER ->
                        !manifest.serverId().equals(server.serverId()) || !Files.exists(data.resolve(path));
                };
        if (wanted) {
            staging.file("files/" + path, content, KeptFiles.FILE_BYTES_MAX);
        } else {
            content.transferTo(OutputStream.nullOutputStream());
        }
    }

    /** That another's state was put in place belongs into the audit it is now part of. */
    private void noteWhatWasPlaced(AuditTrail trail) {
        Path file = staging.placed().resolve(Manifest.NAME);
        if (!Files.exists(file)) {
            return;
        }
        try {
            Manifest manifest = Manifest.of(Files.readAllBytes(file));
            AuditNote.Actor self = new AuditNote.Actor(Optional.empty(), SERVER, Optional.empty(), SERVER);
            trail.note(new AuditNote(
                    "backup.restored",
                    true,
                    self,
                    "server/" + manifest.serverId(),
                    Map.of(),
                    Map.of("made", manifest.made().toString())));
            Files.delete(file);
        } catch (IOException e) {
            LOG.warn("That a backup was restored could not be noted", e);
        }
    }

    /** What one of them does. */
    private interface Work<T> {
        T run() throws IOException;
    }

    private <T> T alone(Work<T> work) throws BackupException {
        if (!one.tryLock()) {
            throw new BackupException("A backup or restore runs already; wait until it ends.");
        }
        try {
            return work.run();
        } catch (BackupException e) {
            throw e;
        } catch (NoSuchFileException e) {
            throw new BackupException("There is no file or folder " + e.getFile() + ".", e);
        } catch (FileAlreadyExistsException e) {
            throw new BackupException("There is a file " + e.getFile() + " already.", e);
        } catch (IOException | UncheckedIOException e) {
            throw new BackupException(
                    "It could not be read or written: " + e.getMessage()
                            + ". Nothing was changed; look whether there is"
                            + " room and whether the folder may be used.",
                    e);
        } finally {
            one.unlock();
        }
    }

    /** Tells how far it is, every two seconds. */
    private static final class Steps implements LongConsumer {
        private final Consumer<String> told;
        private long lastNs = System.nanoTime();

        Steps(Consumer<String> told) {
            this.told = told;
        }

        @Override
        public void accept(long count) {
            long now = System.nanoTime();
            if (now - lastNs >= TimeUnit.SECONDS.toNanos(2)) {
                lastNs = now;
                told.accept(count + " rows");
            }
        }
    }
}
