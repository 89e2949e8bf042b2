// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.cut;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.kit.fmp4.FragmentBuilder;
import org.nxvms.media.kit.fmp4.FragmentHeader;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.media.kit.fmp4.SampleTable;

/** Takes fragments apart and puts them together. */
public final class Fragments {
    private Fragments() {}

    /**
     * {@return the access units of a fragment in the order in which they lie there, copied}
     *
     * @param fragment from {@code moof} to the end of {@code mdat}, from position to limit
     * @throws Mp4Exception when it is damaged
     */
    public static List<Sample> samples(ByteBuffer fragment) throws Mp4Exception {
        int moof = fragment.position();
        FragmentHeader header = FragmentHeader.parse(fragment.slice(moof, fragment.getInt(moof)));
        record Placed(long offset, Sample sample) {}
        List<Placed> all = new ArrayList<>();
        for (SampleTable table : header.tracks()) {
            for (int i = 0; i < table.count(); i++) {
                long offset = table.offset()[i];
                int size = table.size()[i];
                if (offset < 0 || size < 0 || offset + size > fragment.remaining()) {
                    throw new Mp4Exception("an access unit that lies outside its fragment");
                }
                byte[] bytes = new byte[size];
                fragment.get(moof + (int) offset, bytes);
                all.add(new Placed(
                        offset,
                        new Sample(
                                table.trackId() - 1,
                                table.decodeTime()[i],
                                table.presentationTime()[i],
                                Integer.toUnsignedLong(table.duration()[i]),
                                table.key()[i],
                                ByteBuffer.wrap(bytes))));
            }
        }
        return all.stream()
                .sorted(Comparator.comparingLong(Placed::offset))
                .map(Placed::sample)
                .toList();
    }

    /** {@return microseconds of a track's time} */
    static long us(StreamFormat format, int track, long ticks) throws Mp4Exception {
        if (track >= format.tracks().size()) {
            throw new Mp4Exception("an access unit of a track that its file does not have");
        }
        long rate = format.tracks().get(track).clockRate();
        return Math.floorDiv(ticks, rate) * 1_000_000L + Math.floorMod(ticks, rate) * 1_000_000L / rate;
    }

    /**
     * {@return one fragment of access units, at least one, from {@code moof} to the end of {@code mdat}}
     *
     * @param samples those of each track in the order of their decoding
     */
    public static ByteBuffer fragment(StreamFormat format, List<Sample> samples) throws Mp4Exception {
        int tracks = format.tracks().size();
        FragmentBuilder builder = new FragmentBuilder(tracks, samples.size());
        builder.begin(1);
        long[] end = new long[tracks];
        int bytes = 0;
        for (Sample sample : samples) {
            try {
                builder.add(
                        sample.track(),
                        sample.decodeTime(),
                        sample.presentationTime(),
                        sample.data().remaining(),
                        sample.key());
            } catch (IllegalArgumentException disordered) {
                throw new Mp4Exception(disordered.getMessage());
            }
            end[sample.track()] = sample.decodeTime() + sample.duration();
            bytes += sample.data().remaining();
        }
        for (int i = 0; i < tracks; i++) {
            builder.endAt(i, end[i]);
        }
        ByteBuffer out = ByteBuffer.allocate(builder.headerBytes() + bytes);
        builder.writeHeader(out);
        samples.forEach(sample -> out.put(sample.data().duplicate()));
        return out.flip();
    }
}
