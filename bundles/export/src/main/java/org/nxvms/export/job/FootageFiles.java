// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.export.cut.EdgeEncoder;
import org.nxvms.export.cut.EdgeException;
import org.nxvms.export.cut.Group;
import org.nxvms.export.pack.Manifest.Source;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.kit.fmp4.InitReader;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.export.ExportOrder;

/**
 * Copies fragments into one file, MP4 or Matroska, a stretch of one format: from the last key frame at or before the range's beginning to
 * the last fragment that begins within it. Pictures and sound stay as they are; number and times of a fragment are written
 * anew. Behind a hole it goes on at the next key frame. With an exact cut, what the beginning or the end of the range cuts is a
 * {@link Group}, of which only what must be is encoded anew. One thread.
 */
final class FootageFiles implements FileMaker {
    private static final long HOLE_US = 200_000;
    private final Archive archive;
    private final Toll toll;
    private final Files files;
    private final Made made;
    private final Shape shape;
    private final Container.Maker containers;
    private final FragmentReader reader;
    private final BurnedFootage burned;
    private List<Segment> segments = List.of();

    private Optional<FootageFile> file = Optional.empty();
    private String initId = "";
    private byte[] init = {};
    private Optional<Silence> silence = Optional.empty();
    private UUID run;
    private long endUs;

    /**
     * What files are like.
     *
     * @param software that writes them, by name and version
     * @param fileBytesMax one ends at the first key frame after it
     * @param exact for an exact cut of pictures that are copied
     * @param burn how something is burned into pictures
     */
    record Shape(
            ExportOrder.Form form,
            String software,
            long fileBytesMax,
            Optional<EdgeEncoder> exact,
            BurnedFootage.How burn) {}

    /** For one camera after the other. */
    FootageFiles(Archive archive, Toll toll, Files files, Made made, Shape shape) {
        this.archive = archive;
        this.toll = toll;
        this.files = files;
        this.made = made;
        this.shape = shape;
        this.containers = Container.of(shape.form(), shape.software());
        this.reader = new FragmentReader(toll);
        this.burned = new BurnedFootage(shape.burn(), toll, this::open);
    }

    @Override
    public void make(CameraPart part, List<Segment> segments, Optional<Source> last)
            throws IOException, Toll.UnwantedException {
        run = null;
        this.segments = segments;
        try {
            makeOf(part, last);
        } finally {
            burned.close();
        }
    }

    private void makeOf(CameraPart part, Optional<Source> last) throws IOException, Toll.UnwantedException {
        for (Segment segment : segments) {
            long behind = last.filter(source -> source.segmentId().equals(segment.id()))
                    .map(Source::toByte)
                    .orElse(0L);
            toll.require();
            try (Archive.SegmentBytes bytes = CameraPart.reading(toll, () -> archive.open(segment.id()))) {
                copy(part, segment, bytes, behind);
            } catch (NoSuchFileException removed) {
                // Its time is a gap that says who removed it.
                run = null;
            } catch (UnreadableException unreadable) {
                part.lost(segment, segment.startUs(), segment.endUs(), unreadable);
                run = null;
            }
        }
        end(part);
    }

    private void copy(CameraPart part, Segment segment, Archive.SegmentBytes bytes, long behind)
            throws IOException, Toll.UnwantedException {
        List<FragmentEntry> index = CameraPart.reading(toll, () -> archive.index(segment.id()));
        boolean hasKey = index.stream().anyMatch(FragmentEntry::key);
        if (!segment.initId().equals(initId)) {
            end(part);
        }
        int next;
        for (int i = first(index, part.order.fromUs()); i < index.size(); i = next) {
            next = i + 1;
            FragmentEntry fragment = index.get(i);
            if (fragment.startUs() >= part.order.toUs() + lateUs(part)) {
                return;
            }
            boolean goesOn = segment.runId().equals(run) && Math.abs(fragment.startUs() - endUs) < HOLE_US;
            if (fragment.offset() < behind || !goesOn && hasKey && !fragment.key()) {
                continue;
            }
            try {
                if (file.isPresent() && isLarge(file.get().file.bytes(), fragment.key() || !hasKey)) {
                    end(part);
                } else if (!goesOn || fragment.key() && burned.isWanted()) {
                    burned.finish(part);
                }
                next = i + take(part, segment, bytes, index.subList(i, index.size()));
                run = segment.runId();
                endUs = index.get(next - 1).startUs() + index.get(next - 1).durationUs();
            } catch (UnreadableException unreadable) {
                part.lost(segment, fragment.startUs(), fragment.startUs() + fragment.durationUs(), unreadable);
                run = null;
            }
        }
    }

    /** {@return for how long behind the range there may be pictures that are shown within} */
    private static long lateUs(CameraPart part) {
        boolean exact = part.order.cut() == ExportOrder.Cut.EXACT;
        return exact && part.order.burnIn().concerns(part.cameraId) ? CutLine.REORDER_US_MAX : 0;
    }

    /** A file goes on up to a key frame, but not so long that no ZIP takes it. */
    private boolean isLarge(long bytes, boolean key) {
        return bytes >= (key ? shape.fileBytesMax() : shape.fileBytesMax() + shape.fileBytesMax() / 2);
    }

    /** {@return the last key fragment that begins at or before a moment, if there is one; else the first} */
    private static int first(List<FragmentEntry> index, long fromUs) {
        int first = 0;
        for (int i = 0; i < index.size() && index.get(i).startUs() <= fromUs; i++) {
            if (index.get(i).key()) {
                first = i;
            }
        }
        return first;
    }

    /** Takes a fragment, or as many as belong together; {@return how many} */
    private int take(CameraPart part, Segment segment, Archive.SegmentBytes bytes, List<FragmentEntry> left)
            throws IOException, Toll.UnwantedException {
        FragmentEntry fragment = left.get(0);
        try {
            byte[] beginning = init(part, segment);
            boolean burns = part.order.burnIn().concerns(part.cameraId);
            if (burns || shape.exact().isPresent()) {
                StreamFormat format =
                        InitReader.read(ByteBuffer.wrap(beginning)).format();
                if (burns && format.video().isPresent()) {
                    BurnedFormat of = BurnedFormat.of(format, segment.initId(), segments);
                    Optional<Silence.Left> taken = read(bytes, fragment);
                    if (taken.isPresent()) {
                        burned.take(
                                part, segment, taken.get().entry(), taken.get().content(), of);
                    }
                    return 1;
                }
                int group = shape.exact().isPresent() ? CutLine.group(left, format, part.order) : 0;
                if (group > 0) {
                    edge(part, segment, bytes, left.subList(0, group), format);
                    return group;
                }
            }
            Optional<Silence.Left> taken = read(bytes, fragment);
            if (taken.isEmpty()) {
                return 1;
            }
            open(part, segment, taken.get().entry().startUs(), Optional.empty())
                    .copy(
                            taken.get().content(),
                            taken.get().moof(),
                            segment.runId(),
                            taken.get().entry());
        } catch (Mp4Exception | IllegalArgumentException damaged) {
            throw new UnreadableException(
                    "the fragment at byte " + fragment.offset() + " is damaged: " + damaged.getMessage(), damaged);
        }
        copied(segment, fragment);
        return 1;
    }

    /** What the beginning or the end of the range cuts. */
    private void edge(
            CameraPart part,
            Segment segment,
            Archive.SegmentBytes bytes,
            List<FragmentEntry> fragments,
            StreamFormat format)
            throws IOException, Toll.UnwantedException, Mp4Exception {
        Group group = new Group(format, part.order.fromUs(), part.order.toUs());
        try {
            for (FragmentEntry fragment : fragments) {
                toll.pass(fragment.length());
                Optional<Silence.Left> taken = read(bytes, fragment);
                if (taken.isPresent()) {
                    group.add(taken.get().content(), taken.get().entry().startUs());
                }
            }
            FootageFile before = null;
            for (Group.Part left : group.parts("export", shape.exact().orElseThrow(), toll::require)) {
                FootageFile into = open(part, segment, left.fromUs(), left.made());
                into.write(left, segment.runId());
                if (into != before) {
                    fragments.forEach(fragment -> copied(segment, fragment));
                }
                before = into;
            }
        } catch (EdgeException failed) {
            throw new ExportFailedException(failed.getMessage());
        }
    }

    private void copied(Segment segment, FragmentEntry fragment) {
        shape.burn().worked().accept(fragment.length());
        file.orElseThrow()
                .file
                .copied(CameraPart.source(segment, fragment.offset(), fragment.offset() + fragment.length()));
    }

    /** {@return the file that this goes into} */
    private FootageFile open(CameraPart part, Segment segment, long startUs, Optional<Group.Made> anew)
            throws IOException, Toll.UnwantedException, Mp4Exception {
        byte[] beginning = init(part, segment);
        if (file.isPresent() && !file.get().takes(segment.initId(), anew)) {
            endFile();
        }
        if (file.isEmpty()) {
            file = Optional.of(FootageFile.begin(
                    files.begin(part, FootageFile.name(startUs) + Container.suffix(shape.form())),
                    segment.initId(),
                    beginning,
                    new FootageFile.Beginning(containers, startUs, anew)));
        }
        return file.get();
    }

    /** {@return how footage begins that is taken of a segment} */
    private byte[] init(CameraPart part, Segment segment) throws IOException, Toll.UnwantedException, Mp4Exception {
        if (!segment.initId().equals(initId)) {
            byte[] recorded = CameraPart.reading(toll, () -> archive.init(segment.initId()))
                    .orElseThrow(() -> new Mp4Exception("its initialisation segment is gone"));
            silence = part.order.sound()
                    ? Optional.empty()
                    : Silence.of(InitReader.read(ByteBuffer.wrap(recorded)).format());
            init = silence.flatMap(Silence::init).orElse(recorded);
            initId = segment.initId();
        }
        return init;
    }

    /** {@return what is taken of a fragment; valid until the next is read} */
    private Optional<Silence.Left> read(Archive.SegmentBytes bytes, FragmentEntry fragment)
            throws IOException, Toll.UnwantedException, Mp4Exception {
        ByteBuffer content = reader.read(bytes, fragment);
        return silence.isPresent()
                ? silence.get().of(content, fragment)
                : Optional.of(new Silence.Left(content, reader.moof(), fragment));
    }

    private void end(CameraPart part) throws IOException, Toll.UnwantedException {
        burned.finish(part);
        endFile();
    }

    private void endFile() throws IOException, Toll.UnwantedException {
        if (file.isPresent()) {
            Optional<PackageFile.Ended> ended = file.get().end();
            file = Optional.empty();
            if (ended.isPresent()) {
                made.file(ended.get());
            }
        }
    }
}
