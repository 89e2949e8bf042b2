// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.mkv;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.nxvms.export.cut.Sample;
import org.nxvms.media.StreamFormat;

/**
 * A Matroska file as it is written from its beginning to its end: header, tracks, a cluster for what comes together, and behind them
 * where each cluster with a key frame stands. What only the end tells, how long the file is and where that index stands, has its
 * place in the beginning, which is written once more. Times are milliseconds. One thread.
 */
public final class Matroska {
    private static final int EBML = 0x1A45DFA3;
    private static final int DOC_TYPE = 0x4282;
    private static final int DOC_TYPE_VERSION = 0x4287;
    private static final int DOC_TYPE_READ_VERSION = 0x4285;
    private static final int SEGMENT = 0x18538067;
    private static final int SEEK_HEAD = 0x114D9B74;
    private static final int SEEK = 0x4DBB;
    private static final int SEEK_ID = 0x53AB;
    private static final int SEEK_POSITION = 0x53AC;
    /** What an entry of the SeekHead has. */
    private static final int SEEK_BYTES = 21;

    private static final int INFO = 0x1549A966;
    private static final int TIMESTAMP_SCALE = 0x2AD7B1;
    private static final int DURATION = 0x4489;
    private static final int DURATION_BYTES = 11;
    private static final int DATE_UTC = 0x4461;
    private static final int MUXING_APP = 0x4D80;
    private static final int WRITING_APP = 0x5741;
    private static final int CLUSTER = 0x1F43B675;
    private static final int TIMESTAMP = 0xE7;
    private static final int SIMPLE_BLOCK = 0xA3;
    private static final int TRACKS = 0x1654AE6B;
    private static final int CUES = 0x1C53BB6B;
    private static final int CUE_POINT = 0xBB;
    private static final int CUE_TIME = 0xB3;
    private static final int CUE_TRACK_POSITIONS = 0xB7;
    private static final int CUE_TRACK = 0xF7;
    private static final int CUE_CLUSTER_POSITION = 0xF1;

    /** SimpleBlock came with version 2. */
    private static final int VERSION = 4;

    private static final int READ_VERSION = 2;
    private static final long MILLISECOND_NS = 1_000_000;
    /** Nanoseconds of DateUTC begin with 2001 (RFC 8794 7.6). */
    private static final long EPOCH_2001_US = 978_307_200_000_000L;

    private static final int KEYFRAME = 0x80;
    /** A block's time is a signed 16-bit distance from its cluster's. */
    private static final long CLUSTER_MS_MAX = 30_000;
    /** Each costs 14 bytes of memory; a file of days has fewer clusters with a key frame. */
    private static final int CUES_MAX = 500_000;

    private final StreamFormat format;
    private final List<long[]> cues = new ArrayList<>();
    private String software = "";
    private long startUs;
    /** Of what follows the segment's head. */
    private long segmentBytes;
    /** Where the cues begin; 0 while there are none. */
    private long cuesAt;

    private long endMs;

    public Matroska(StreamFormat format) {
        this.format = format;
    }

    /**
     * {@return how the file begins, as long as nobody knows its end}
     *
     * @param by software that writes it
     * @param fromUs wall time of its time 0
     */
    public ByteBuffer begin(String by, long fromUs) {
        software = by;
        startUs = fromUs;
        return beginning(false);
    }

    /** {@return how a file begins that has ended}: as many bytes as {@link #begin}, to be written in their place */
    public ByteBuffer beginning() {
        return beginning(true);
    }

    private ByteBuffer beginning(boolean ended) {
        Ebml head = new Ebml()
                .master(
                        EBML,
                        new Ebml()
                                .text(DOC_TYPE, "matroska")
                                .number(DOC_TYPE_VERSION, VERSION)
                                .number(DOC_TYPE_READ_VERSION, READ_VERSION));
        byte[] info = info(ended).toBytes();
        byte[] tracks = Tracks.of(format).toBytes();
        int infoAt = seekHead(0, 0).toBytes().length;
        byte[] seekHead = seekHead(infoAt, infoAt + info.length).toBytes();
        if (ended) {
            head.closed(SEGMENT, segmentBytes);
        } else {
            head.open(SEGMENT);
            segmentBytes = (long) seekHead.length + info.length + tracks.length;
        }
        byte[] first = head.toBytes();
        return ByteBuffer.allocate(first.length + seekHead.length + info.length + tracks.length)
                .put(first)
                .put(seekHead)
                .put(info)
                .put(tracks)
                .flip();
    }

    /** {@return where the parts of the segment begin (RFC 9559 5.1.1)}; players find the cues by it without reading on to the end */
    private Ebml seekHead(long infoAt, long tracksAt) {
        Ebml entries = new Ebml();
        seek(entries, INFO, infoAt);
        seek(entries, TRACKS, tracksAt);
        if (cuesAt == 0) {
            return new Ebml().master(SEEK_HEAD, entries).nothing(SEEK_BYTES);
        }
        seek(entries, CUES, cuesAt);
        return new Ebml().master(SEEK_HEAD, entries);
    }

    private static void seek(Ebml entries, int id, long at) {
        entries.master(
                SEEK,
                new Ebml()
                        .binary(
                                SEEK_ID,
                                ByteBuffer.allocate(Integer.BYTES).putInt(id).array())
                        .place(SEEK_POSITION, at));
    }

    private Ebml info(boolean ended) {
        Ebml info = new Ebml().number(TIMESTAMP_SCALE, MILLISECOND_NS);
        // A duration is more than nothing.
        info = ended && endMs > 0 ? info.real(DURATION, endMs) : info.nothing(DURATION_BYTES);
        return new Ebml()
                .master(
                        INFO,
                        info.binary(
                                        DATE_UTC,
                                        ByteBuffer.allocate(Long.BYTES)
                                                .putLong((startUs - EPOCH_2001_US) * 1_000)
                                                .array())
                                .text(MUXING_APP, software)
                                .text(WRITING_APP, software));
    }

    /** {@return clusters of access units; those of each track in the order of their decoding} */
    public ByteBuffer clusters(List<Sample> samples) {
        List<Sample> held = samples.stream()
                .filter(sample -> Tracks.has(format.tracks().get(sample.track())))
                .toList();
        ByteBuffer out = ByteBuffer.allocate(
                held.stream().mapToInt(sample -> sample.data().remaining() + 64).sum() + 64);
        int from = 0;
        for (int to = 1; to <= held.size(); to++) {
            if (to == held.size() || Math.abs(ms(held.get(to)) - ms(held.get(from))) > CLUSTER_MS_MAX) {
                cluster(held.subList(from, to), out);
                from = to;
            }
        }
        segmentBytes += out.position();
        return out.flip();
    }

    private long ms(Sample sample) {
        return ms(sample, sample.presentationTime());
    }

    private long ms(Sample sample, long ticks) {
        long rate = format.tracks().get(sample.track()).clockRate();
        return Math.floorDiv(ticks, rate) * 1_000 + Math.floorMod(ticks, rate) * 1_000 / rate;
    }

    private void cluster(List<Sample> samples, ByteBuffer out) {
        long timeMs = samples.stream().mapToLong(this::ms).min().orElseThrow();
        boolean video = format.video().isPresent();
        samples.stream()
                .filter(sample -> sample.key() && (!video || sample.track() == 0) && cues.size() < CUES_MAX)
                .findFirst()
                .ifPresent(
                        sample -> cues.add(new long[] {ms(sample), sample.track() + 1, segmentBytes + out.position()}));
        byte[] time = new Ebml().number(TIMESTAMP, timeMs).toBytes();
        List<byte[]> heads = new ArrayList<>();
        long bytes = time.length;
        for (Sample sample : samples) {
            endMs = Math.max(endMs, ms(sample, sample.presentationTime() + sample.duration()));
            byte[] head = blockHead(sample, timeMs);
            heads.add(head);
            bytes += head.length + sample.data().remaining();
        }
        out.put(new Ebml().head(CLUSTER, bytes).toBytes()).put(time);
        for (int i = 0; i < samples.size(); i++) {
            out.put(heads.get(i)).put(samples.get(i).data().duplicate());
        }
    }

    private byte[] blockHead(Sample sample, long clusterMs) {
        byte[] head =
                new Ebml().head(SIMPLE_BLOCK, 4L + sample.data().remaining()).toBytes();
        return ByteBuffer.allocate(head.length + 4)
                .put(head)
                // The track's number, as a length of one byte.
                .put((byte) (0x80 | sample.track() + 1))
                .putShort((short) (ms(sample) - clusterMs))
                .put((byte) (sample.key() ? KEYFRAME : 0))
                .array();
    }

    /** {@return how the file ends} */
    public ByteBuffer end() {
        Ebml points = new Ebml();
        for (long[] cue : cues) {
            points.master(
                    CUE_POINT,
                    new Ebml()
                            .number(CUE_TIME, cue[0])
                            .master(
                                    CUE_TRACK_POSITIONS,
                                    new Ebml().number(CUE_TRACK, cue[1]).number(CUE_CLUSTER_POSITION, cue[2])));
        }
        byte[] index =
                cues.isEmpty() ? new byte[0] : new Ebml().master(CUES, points).toBytes();
        cuesAt = cues.isEmpty() ? 0 : segmentBytes;
        segmentBytes += index.length;
        return ByteBuffer.wrap(index);
    }
}
