// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import org.nxvms.export.pack.Manifest.Source;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.Segment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Copies the archive's own files, whole; of one that still grows what is there. */
final class ChunkFiles implements FileMaker {
    private static final Logger LOG = LoggerFactory.getLogger(ChunkFiles.class);
    private static final int BUFFER_BYTES = 1 << 20;

    private final Archive archive;
    private final Toll toll;
    private final Files files;
    private final Made made;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

    ChunkFiles(Archive archive, Toll toll, Files files, Made made) {
        this.archive = archive;
        this.toll = toll;
        this.files = files;
        this.made = made;
    }

    @Override
    public void make(CameraPart part, List<Segment> segments, Optional<Source> last)
            throws IOException, Toll.UnwantedException {
        for (Segment segment : segments) {
            if (last.filter(source -> source.segmentId().equals(segment.id())).isEmpty()) {
                copy(part, segment);
            }
        }
    }

    private void copy(CameraPart part, Segment segment) throws IOException, Toll.UnwantedException {
        toll.require();
        try (Archive.SegmentBytes bytes = CameraPart.reading(toll, () -> archive.open(segment.id()))) {
            List<FragmentEntry> index = CameraPart.reading(toll, () -> archive.index(segment.id()));
            long size = CameraPart.reading(toll, bytes::size);
            PackageFile file =
                    files.begin(part, segment.path().substring(segment.path().lastIndexOf('/') + 1));
            try {
                copy(bytes, size, file);
            } catch (UnreadableException unreadable) {
                // Half a chunk would look like one that somebody cut off.
                file.drop();
                throw unreadable;
            }
            file.copied(CameraPart.source(segment, 0, size));
            for (FragmentEntry fragment : index) {
                if (fragment.offset() + fragment.length() <= size) {
                    file.covers(fragment);
                }
            }
            made.file(file.end(List.of(), Optional.empty()));
        } catch (NoSuchFileException removed) {
            // Its time is a gap that says who removed it.
            LOG.debug("{} was removed before it was exported", segment.path());
        } catch (UnreadableException unreadable) {
            part.lost(segment, segment.startUs(), segment.endUs(), unreadable);
        }
    }

    private void copy(Archive.SegmentBytes bytes, long size, PackageFile file)
            throws IOException, Toll.UnwantedException {
        for (long at = 0; at < size; ) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), size - at));
            long from = at;
            int read = CameraPart.reading(toll, () -> bytes.read(buffer, from));
            if (read <= 0) {
                throw new UnreadableException("it ends at byte " + at + " of " + size, null);
            }
            at += read;
            file.write(buffer.flip());
        }
    }
}
