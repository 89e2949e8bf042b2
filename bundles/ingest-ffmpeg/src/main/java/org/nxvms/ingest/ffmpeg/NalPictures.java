// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.ffmpeg;

import java.nio.ByteBuffer;
import java.util.List;
import org.nxvms.media.kit.nal.AvcConfig;
import org.nxvms.media.kit.nal.FormatSource;
import org.nxvms.media.kit.nal.HevcConfig;
import org.nxvms.media.kit.nal.NalException;
import org.nxvms.media.kit.nal.ParameterSets;

/** H.264 and H.265: any framing becomes four-byte lengths, parameter sets go into the format and out of the pictures. */
final class NalPictures implements Pictures {
    private static final int AVC_CONFIG_BYTES_MIN = 7;
    private static final int HEVC_CONFIG_BYTES_MIN = 23;

    private final NalSyntax syntax;
    private final ParameterSets sets;
    private final NalCursor nals = new NalCursor();
    private int lengthBytes;
    private boolean key;
    private boolean changed;

    NalPictures(NalSyntax syntax, ParameterSets sets) {
        this.syntax = syntax;
        this.sets = sets;
    }

    @Override
    public void configure(byte[] configuration) {
        int least = syntax == NalSyntax.H264 ? AVC_CONFIG_BYTES_MIN : HEVC_CONFIG_BYTES_MIN;
        if (configuration.length >= least && configuration[0] == 1) {
            int at = syntax == NalSyntax.H264 ? 4 : 21;
            lengthBytes = (configuration[at] & 3) + 1;
            // The kit reads records as files of ours have them; the sets are the same.
            byte[] ours = configuration.clone();
            ours[at] |= 3;
            offerRecord(ours);
        } else if (configuration.length > 0) {
            lengthBytes = 0;
            ByteBuffer annexB = ByteBuffer.wrap(configuration);
            nals.start(annexB, 0);
            while (nals.next()) {
                changed |= sets.offer(annexB, nals.offset(), nals.length());
            }
        }
    }

    private void offerRecord(byte[] configuration) {
        try {
            if (syntax == NalSyntax.H264) {
                AvcConfig config = AvcConfig.parse(configuration);
                offer(config.sps());
                offer(config.pps());
            } else {
                HevcConfig config = HevcConfig.parse(configuration);
                offer(config.vps());
                offer(config.sps());
                offer(config.pps());
            }
        } catch (NalException unreadable) {
            // In-band sets may follow; without any there is no format and nobody waits for ever.
        }
    }

    private void offer(List<byte[]> units) {
        for (byte[] unit : units) {
            changed |= sets.offer(ByteBuffer.wrap(unit), 0, unit.length);
        }
    }

    @Override
    public boolean take(ByteBuffer packet, UnitBytes out) {
        int limit = packet.limit();
        boolean picture = false;
        boolean fits = true;
        key = false;
        nals.start(packet, lengthBytes);
        while (fits && nals.next()) {
            int offset = nals.offset();
            int length = nals.length();
            int type = syntax.type(packet.get(offset));
            if (syntax.isParameterSet(type)) {
                changed |= sets.offer(packet, offset, length);
            } else if (!syntax.isNoise(type)) {
                picture |= syntax.isPicture(type);
                key |= syntax.isPicture(type) && syntax.isKey(type);
                packet.limit(offset + length).position(offset);
                fits = out.appendInt(length) && out.append(packet);
                packet.limit(limit);
            }
        }
        return picture && fits;
    }

    @Override
    public boolean key() {
        return key;
    }

    @Override
    public boolean formatChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    @Override
    public FormatSource format() {
        return sets;
    }
}
