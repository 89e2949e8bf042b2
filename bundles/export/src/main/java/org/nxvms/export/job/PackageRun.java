// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.nxvms.export.burn.Captions;
import org.nxvms.export.cut.EdgeEncoder;
import org.nxvms.export.pack.Manifest;
import org.nxvms.export.pack.Manifest.CameraItem;
import org.nxvms.export.pack.Manifest.FileItem;
import org.nxvms.export.pack.Manifest.Source;
import org.nxvms.export.pack.PieceHashes;
import org.nxvms.export.pack.StoredZip;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.archive.TimeSpans;
import org.nxvms.platform.api.export.ExportJob;
import org.nxvms.platform.api.export.ExportOrder;
import org.nxvms.rest.kit.json.Json;
import org.nxvms.rest.kit.problem.Times;

/**
 * Makes one package: what explains it, each camera's files, and behind them the manifest and its signature. Goes on where a
 * run before it stopped. One thread.
 */
final class PackageRun {
    /** Of one camera; a month of chunks has about nine thousand. */
    static final int SEGMENTS_MAX = 20_000;

    private static final int GAPS_MAX = 10_000;

    private final ExportJob job;
    private final Sources sources;
    private final PackageFiles places;
    private final Toll toll;
    private final Progress progress;
    private final long fileBytesMax;
    private final Consumer<UUID> heard;
    private List<Done> files = List.of();
    private Journal journal;
    private final Set<String> names = new HashSet<>();
    private final List<Reasons> cameras = new ArrayList<>();
    /** The last file; what is hashed of it meanwhile is not waited for before the next one has ended. */
    private Optional<PackageFile.Ended> justEnded = Optional.empty();

    /** A camera whose files are made, and why some footage of it may be missing. */
    private record Reasons(UUID id, String name, List<CameraGaps.Reason> reasons) {}

    /**
     * What became of it.
     *
     * @param bytes of the package
     * @param detail what is missing, for people; empty when nothing is
     */
    record Outcome(long bytes, String detail) {
        static Outcome of(long bytes, boolean signed) {
            return new Outcome(
                    bytes,
                    signed
                            ? ""
                            : "The package is not signed, since the server's key cannot be had. See the health part"
                                    + " archive; then export again.");
        }
    }

    /**
     * One run.
     *
     * @param fileBytesMax an MP4 file ends at the first key frame after it
     * @param heard told of each camera with sound, before any of its footage is copied
     */
    PackageRun(
            ExportJob job,
            Sources sources,
            PackageFiles places,
            Toll toll,
            Progress progress,
            long fileBytesMax,
            Consumer<UUID> heard) {
        this.job = job;
        this.sources = sources;
        this.places = places;
        this.heard = heard;
        this.toll = toll;
        this.progress = progress;
        this.fileBytesMax = fileBytesMax;
    }

    Outcome run() throws IOException, Toll.UnwantedException {
        Path part = places.part(job.id());
        Files.createDirectories(places.folder());
        journal = new Journal(places.journal(job.id()));
        files = journal.files();
        if (!Files.exists(part) || Files.size(part) < end()) {
            // What the disk has lost is made again.
            journal.clear();
        }
        files.forEach(done -> names.add(done.entry().name()));
        Outcome outcome = write(part);
        places.finish(job.id());
        return outcome;
    }

    private long end() {
        return files.isEmpty() ? 0 : files.get(files.size() - 1).entry().end();
    }

    private Outcome write(Path part) throws IOException, Toll.UnwantedException {
        try (StoredZip zip = new StoredZip(
                part, job.created(), files.stream().map(Done::entry).toList(), sources.hashing())) {
            progress.begin(zip.size());
            boolean burns = !job.order().burnIn().isNone();
            if (burns || progress.expectedBytes() <= zip.size()) {
                Estimate estimate = Estimate.of(sources.archive(), job.order());
                progress.expect(Math.max(progress.expectedBytes(), estimate.bytes()));
                if (burns) {
                    progress.measure(estimate.footageBytes(), footageBytesDone());
                }
            }
            toll.pass(0);
            for (Map.Entry<String, byte[]> text : Explanations.of(job).entrySet()) {
                // The server may have gone between them.
                if (names.add(text.getKey())) {
                    Done readme = PackageFile.explaining(zip, text.getKey(), text.getValue());
                    made(zip, () -> readme);
                }
            }
            for (int i = 0; i < job.order().cameraIds().size(); i++) {
                camera(zip, i);
            }
            awaitHash();
            if (files.stream().noneMatch(done -> done.item().cameraId().isPresent())) {
                throw new ExportFailedException("There is no footage left in the range: it was removed, or cannot be"
                        + " read. The log says more");
            }
            toll.require();
            boolean signed = describe(zip);
            return Outcome.of(zip.finish(), signed);
        }
    }

    private long footageBytesDone() {
        return files.stream()
                .flatMap(done -> done.item().sources().stream())
                .mapToLong(source -> source.toByte() - source.fromByte())
                .sum();
    }

    private void camera(StoredZip zip, int number) throws IOException, Toll.UnwantedException {
        ExportOrder order = job.order();
        UUID id = order.cameraIds().get(number);
        String name = sources.cameraName().of(id).orElse(id.toString());
        CameraPart part = new CameraPart(order, number, name, journal::lost);
        if (!isBehind(number)) {
            Optional<FileItem> lastFile = lastOf(id).map(Done::item);
            Optional<Source> last =
                    lastFile.map(item -> item.sources().get(item.sources().size() - 1));
            List<Segment> left = part.left(sources.archive(), SEGMENTS_MAX, last, lastFile);
            if (order.sound() && left.stream().anyMatch(Segment::hasAudio)) {
                heard.accept(id);
            }
            maker(zip).make(part, left, last);
        }
        List<CameraGaps.Reason> reasons = new ArrayList<>(journal.losses(id));
        for (Gap gap : sources.archive().gaps(part.stream, order.fromUs(), order.toUs(), GAPS_MAX)) {
            reasons.add(CameraGaps.Reason.of(gap));
        }
        cameras.add(new Reasons(id, name, reasons));
    }

    private CameraItem item(Reasons of) {
        UUID id = of.id();
        ExportOrder order = job.order();
        TimeSpans footage = new TimeSpans();
        // Where a clock was set back a later file may begin earlier.
        files.stream()
                .filter(done -> done.item().cameraId().equals(Optional.of(id)))
                .flatMap(done -> done.stretches().stream())
                .sorted(Comparator.comparingLong(Done.Stretch::fromUs))
                .forEach(stretch -> footage.add(
                        Math.max(order.fromUs(), stretch.fromUs()),
                        Math.min(order.toUs(), stretch.toUs()),
                        TimeSpans.JOIN_US));
        List<Manifest.Span> spans = new ArrayList<>();
        for (int i = 0; i < footage.count(); i++) {
            spans.add(new Manifest.Span(Times.instant(footage.fromUs(i)), Times.instant(footage.toUs(i))));
        }
        return new CameraItem(id, of.name(), spans, CameraGaps.of(footage, order.fromUs(), order.toUs(), of.reasons()));
    }

    private void made(StoredZip zip, PackageFile.Ended file) throws IOException {
        awaitHash();
        justEnded = Optional.of(file);
        zip.whenDurable(() -> journal.write(file.done()));
    }

    private void awaitHash() throws IOException {
        if (justEnded.isPresent()) {
            journal.made(justEnded.get().done());
            justEnded = Optional.empty();
        }
    }

    private FileMaker maker(StoredZip zip) {
        FileMaker.Made made = file -> made(zip, file);
        FileMaker.Files begin =
                (part, file) -> new PackageFile(zip, toll, progress, part.cameraId, unused(part.folder + file));
        return switch (job.order().form()) {
            case CHUNKS -> new ChunkFiles(sources.archive(), toll, begin, made);
            default ->
                new FootageFiles(
                        sources.archive(),
                        toll,
                        begin,
                        made,
                        new FootageFiles.Shape(
                                job.order().form(),
                                sources.software(),
                                fileBytesMax,
                                job.order().cut() == ExportOrder.Cut.EXACT
                                        ? Optional.of(new EdgeEncoder(
                                                sources.encoders().transcoder()))
                                        : Optional.empty(),
                                new BurnedFootage.How(
                                        sources.encoders(),
                                        new Captions(job.order().burnIn(), job.ownerName()),
                                        progress::worked)));
        };
    }

    private String unused(String name) {
        String free = name;
        for (int i = 2; !names.add(free); i++) {
            int dot = name.lastIndexOf('.');
            free = name.substring(0, dot) + "-" + i + name.substring(dot);
        }
        return free;
    }

    /** {@return whether a later camera was begun before the restart} */
    private boolean isBehind(int number) {
        List<UUID> later = job.order()
                .cameraIds()
                .subList(number + 1, job.order().cameraIds().size());
        return files.stream()
                .anyMatch(done -> done.item().cameraId().filter(later::contains).isPresent());
    }

    private Optional<Done> lastOf(UUID camera) {
        return files.stream()
                .filter(done -> done.item().cameraId().equals(Optional.of(camera)))
                .reduce((before, done) -> done);
    }

    /** {@return whether it is signed} */
    private boolean describe(StoredZip zip) throws IOException, Toll.UnwantedException {
        ExportOrder order = job.order();
        Manifest manifest = new Manifest(
                Manifest.FORMAT,
                job.id(),
                job.created(),
                job.ownerName(),
                sources.software(),
                new Manifest.ServerItem(sources.serverId(), sources.serverName()),
                new Manifest.OrderItem(
                        Times.instant(order.fromUs()),
                        Times.instant(order.toUs()),
                        order.role(),
                        order.form(),
                        order.cut(),
                        order.reason(),
                        Manifest.OverlayItem.of(order.burnIn()),
                        Manifest.MaskItem.of(order.burnIn()),
                        order.sound()),
                PieceHashes.PIECE_BYTES,
                cameras.stream().map(this::item).toList(),
                files.stream().map(Done::item).toList());
        byte[] text = Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(manifest);
        if (text.length > Manifest.BYTES_MAX) {
            throw new ExportFailedException("What describes the package would have " + text.length + " bytes, of which"
                    + " there may be " + Manifest.BYTES_MAX + ". Order in parts");
        }
        toll.pass(text.length);
        zip.add(Manifest.FILE, text);
        Map<String, Object> statement = new LinkedHashMap<>();
        statement.put("exportId", job.id());
        statement.put("created", job.created());
        statement.put("manifestBytes", text.length);
        statement.put(
                "manifestSha256", HexFormat.of().formatHex(PieceHashes.sha256().digest(text)));
        Optional<String> signature = sources.sign().of(Json.mapper().writeValueAsBytes(statement));
        Optional<String> key = signature.isEmpty() ? Optional.empty() : key(signature.get());
        if (key.isEmpty()) {
            // Who signs comes and goes with the archive, which is waited for.
            toll.require();
            return false;
        }
        zip.add(Manifest.SIGNATURE, signature.get().getBytes(StandardCharsets.US_ASCII));
        zip.add(Manifest.KEY, key.get().getBytes(StandardCharsets.US_ASCII));
        return true;
    }

    /** {@return the key that made a signature, as PEM} */
    private Optional<String> key(String signature) throws IOException {
        String keyId = Json.mapper()
                .readTree(Base64.getUrlDecoder().decode(signature.split("\\.")[0]))
                .path("kid")
                .asText();
        return Optional.ofNullable(sources.keyPem().byId().get(keyId));
    }
}
