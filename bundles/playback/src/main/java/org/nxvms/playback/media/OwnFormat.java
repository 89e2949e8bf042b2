// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.kit.fmp4.InitReader;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.FootageDamagedException;
import org.nxvms.platform.api.archive.Segment;

/**
 * Reads of which format a segment is from its own head: the archive has an initialisation segment from any file that begins with
 * the same, which may lie on a volume that is away, or be removed by retention just now.
 */
final class OwnFormat {
    private OwnFormat() {}

    /**
     * {@return the format of a segment; where its head is damaged, as the archive knows it from others}
     *
     * @param bytes the segment's
     * @throws FootageDamagedException when neither can be read
     */
    static StreamFormat of(Archive archive, Segment segment, Archive.SegmentBytes bytes) throws IOException {
        try {
            return InitReader.read(head(segment, bytes)).format();
        } catch (Mp4Exception damaged) {
            return ofOthers(archive, segment, damaged);
        }
    }

    private static ByteBuffer head(Segment segment, Archive.SegmentBytes bytes) throws IOException, Mp4Exception {
        ByteBuffer head = ByteBuffer.allocate(segment.initBytes());
        while (head.hasRemaining()) {
            if (bytes.read(head, head.position()) < 0) {
                throw new Mp4Exception("the file ends within it");
            }
        }
        return head.flip();
    }

    private static StreamFormat ofOthers(Archive archive, Segment segment, Mp4Exception damaged) throws IOException {
        Mp4Exception why = damaged;
        Optional<byte[]> init = archive.init(segment.initId());
        if (init.isPresent()) {
            try {
                return InitReader.read(ByteBuffer.wrap(init.get())).format();
            } catch (Mp4Exception e) {
                why = e;
            }
        }
        throw new FootageDamagedException(
                "The initialisation segment of segment " + segment.id() + " cannot be read: " + why.getMessage());
    }
}
