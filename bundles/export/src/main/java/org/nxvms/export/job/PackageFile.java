// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.export.pack.Manifest;
import org.nxvms.export.pack.Manifest.Anchor;
import org.nxvms.export.pack.Manifest.FileItem;
import org.nxvms.export.pack.Manifest.Source;
import org.nxvms.export.pack.StoredZip;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.TimeSpans;
import org.nxvms.rest.kit.problem.Times;

/** A file of a package while it is written, with what the manifest will say of it. One thread. */
final class PackageFile {
    private final StoredZip zip;
    private final Toll toll;
    private final Progress progress;
    private final UUID cameraId;
    private final List<Source> sources = new ArrayList<>();
    /** Each in ascending order: where a clock was set back another begins. */
    private final List<TimeSpans> footage = new ArrayList<>();

    private final List<Manifest.Span> encoded = new ArrayList<>();
    private long lastUs = Long.MAX_VALUE;
    private long encodedToUs;

    PackageFile(StoredZip zip, Toll toll, Progress progress, UUID cameraId, String name) throws IOException {
        this.zip = zip;
        this.toll = toll;
        this.progress = progress;
        this.cameraId = cameraId;
        zip.begin(name);
    }

    /** A file that is there, and may still be hashed. */
    @FunctionalInterface
    interface Ended {
        /** {@return what there is of it} Waits until it is hashed. */
        Done done() throws IOException;
    }

    long bytes() {
        return zip.entryBytes();
    }

    void write(ByteBuffer content) throws IOException, Toll.UnwantedException {
        toll.pass(content.remaining());
        zip.write(content);
        progress.reached(zip.size());
    }

    /** Notes a fragment that was written. */
    void covers(FragmentEntry fragment) {
        if (fragment.startUs() < lastUs) {
            footage.add(new TimeSpans());
        }
        lastUs = fragment.startUs();
        footage.get(footage.size() - 1)
                .add(fragment.startUs(), fragment.startUs() + fragment.durationUs(), TimeSpans.JOIN_US);
    }

    /** Notes pictures that are not as they were recorded. */
    void encoded(long fromUs, long toUs) {
        int last = encoded.size() - 1;
        if (last >= 0 && Math.abs(fromUs - encodedToUs) <= TimeSpans.JOIN_US) {
            encoded.set(last, new Manifest.Span(encoded.get(last).from(), Times.instant(toUs)));
        } else {
            encoded.add(new Manifest.Span(Times.instant(fromUs), Times.instant(toUs)));
        }
        encodedToUs = toUs;
    }

    boolean hasFootage() {
        return !footage.isEmpty();
    }

    /** Notes from where it was copied; what goes on in the same file is one source. */
    void copied(Source source) {
        int last = sources.size() - 1;
        if (last >= 0
                && sources.get(last).segmentId().equals(source.segmentId())
                && sources.get(last).toByte() == source.fromByte()) {
            Source before = sources.get(last);
            sources.set(
                    last,
                    new Source(
                            before.segmentId(),
                            before.path(),
                            before.runId(),
                            before.sequence(),
                            source.chainRoot(),
                            before.fromByte(),
                            source.toByte()));
        } else {
            sources.add(source);
        }
    }

    void drop() throws IOException {
        zip.drop();
        progress.reached(zip.size());
    }

    /** @param beginning what stands at its beginning instead of what was written there, as long as that */
    Ended end(List<Anchor> times, Optional<ByteBuffer> beginning) throws IOException, Toll.UnwantedException {
        if (beginning.isPresent()) {
            StoredZip.Entry entry = zip.end(beginning.get(), toll::pass);
            return () -> done(entry, times);
        }
        StoredZip.Ended ended = zip.end();
        return () -> done(ended.entry(), times);
    }

    private Done done(StoredZip.Entry entry, List<Anchor> times) {
        List<Done.Stretch> stretches = new ArrayList<>();
        for (TimeSpans spans : footage) {
            for (int i = 0; i < spans.count(); i++) {
                stretches.add(new Done.Stretch(spans.fromUs(i), spans.toUs(i)));
            }
        }
        FileItem item = new FileItem(
                entry.name(),
                entry.bytes(),
                entry.sha256(),
                Base64.getEncoder().encodeToString(entry.pieces()),
                Optional.of(cameraId),
                stretches.stream()
                        .map(Done.Stretch::fromUs)
                        .min(Comparator.naturalOrder())
                        .map(Times::instant),
                stretches.stream()
                        .map(Done.Stretch::toUs)
                        .max(Comparator.naturalOrder())
                        .map(Times::instant),
                sources,
                times,
                encoded);
        return new Done(entry, item, stretches);
    }

    /** {@return a file that explains} */
    static Done explaining(StoredZip zip, String name, byte[] content) throws IOException {
        StoredZip.Entry entry = zip.add(name, content);
        FileItem item = new FileItem(
                name,
                entry.bytes(),
                entry.sha256(),
                Base64.getEncoder().encodeToString(entry.pieces()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                List.of());
        return new Done(entry, item, List.of());
    }
}
