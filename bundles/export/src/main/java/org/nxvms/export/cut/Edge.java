// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.cut;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nxvms.export.cut.EdgeEncoder.Encoded;
import org.nxvms.export.cut.Group.At;
import org.nxvms.export.cut.Group.Made;
import org.nxvms.media.Codec;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.media.kit.nal.AvcConfig;
import org.nxvms.media.kit.nal.AvcIds;
import org.nxvms.media.kit.nal.H264Sps;
import org.nxvms.media.kit.nal.NalException;
import org.nxvms.media.kit.nal.TrackFormats;

/**
 * Pictures that are encoded anew, with the times they had. Beside H.264 of eight bits and 4:2:0 they stand in one file, under one
 * {@code avcC} that has the parameter sets of both (ISO/IEC 14496-15 5.3.3.1.2); beside anything else in a file of their own. One
 * thread.
 */
final class Edge {
    /** What two encoders lose one behind the other, the second makes good with bits. */
    private static final int KILOBITS_FACTOR = 2;

    private static final int KILOBITS_MIN = 1_000;
    private static final int KILOBITS_MAX = 20_000;

    private final String name;
    private final StreamFormat format;
    private final List<At> source;
    private final List<At> within;
    private final Optional<Joint> joint;
    private Made made;

    private Edge(String name, StreamFormat format, List<At> source, List<At> within, Optional<Joint> joint) {
        this.name = name;
        this.format = format;
        this.source = source;
        this.within = within;
        this.joint = joint;
    }

    /** {@return whether what is encoded anew can stand in one file with what is not} */
    static boolean joins(StreamFormat format) {
        return joint(format.tracks().get(0)).isPresent();
    }

    /** What the camera's pictures and those encoded anew have under one description. */
    private record Joint(AvcConfig camera, AvcIds ids) {}

    private static Optional<Joint> joint(TrackFormat track) {
        if (track.codec() != Codec.H264) {
            return Optional.empty();
        }
        try {
            AvcConfig config = AvcConfig.parse(track.configuration());
            H264Sps.Picture picture = config.parseSps().picture();
            boolean usual =
                    picture.chromaFormatIdc() == 1 && picture.bitDepthLuma() == 8 && picture.bitDepthChroma() == 8;
            return usual ? AvcIds.free(config).map(ids -> new Joint(config, ids)) : Optional.empty();
        } catch (NalException unreadable) {
            // Whoever decodes it may know better.
            return Optional.empty();
        }
    }

    /**
     * Of a stretch that begins with a key frame.
     *
     * @param within those of it that are wanted, at least one
     */
    static Edge of(String name, StreamFormat format, List<At> source, List<At> within) {
        return new Edge(name, format, source, within, joint(format.tracks().get(0)));
    }

    /** {@return the pictures that are wanted, encoded anew} Blocks. */
    <E extends Exception> List<At> encode(EdgeEncoder encoder, Wanted<E> wanted) throws IOException, Mp4Exception, E {
        long from = within.stream()
                .mapToLong(at -> at.sample().presentationTime())
                .min()
                .orElseThrow();
        long to = within.stream()
                        .mapToLong(at -> at.sample().presentationTime())
                        .max()
                        .orElseThrow()
                + 1;
        Encoded encoded = encoder.encode(
                new EdgeEncoder.Order(
                        name,
                        format.tracks().get(0),
                        source.stream().map(At::sample).toList(),
                        from,
                        to,
                        kilobits(),
                        joint.map(Joint::ids).orElse(new AvcIds(0, 0))),
                wanted);
        made = made(encoded);
        return placed(encoded);
    }

    /** {@return what a file with them is like} After {@link #encode}. */
    Made made() {
        return made;
    }

    private int kilobits() throws Mp4Exception {
        long bytes = 0;
        long us = 1;
        for (At at : source) {
            bytes += at.sample().data().remaining();
            us += Fragments.us(format, 0, at.sample().duration());
        }
        long kilobits = bytes * 8_000 / us * KILOBITS_FACTOR;
        return (int) Math.max(KILOBITS_MIN, Math.min(KILOBITS_MAX, kilobits));
    }

    private Made made(Encoded encoded) throws EdgeException {
        List<byte[]> sps =
                new ArrayList<>(joint.map(both -> both.camera().sps()).orElse(List.of()));
        List<byte[]> pps =
                new ArrayList<>(joint.map(both -> both.camera().pps()).orElse(List.of()));
        sps.add(encoded.sps());
        pps.add(encoded.pps());
        try {
            TrackFormat own = TrackFormats.h264(new AvcConfig(List.of(encoded.sps()), List.of(encoded.pps())));
            TrackFormat was = format.tracks().get(0);
            if (own.width() != was.width() || own.height() != was.height()) {
                throw new EdgeException("Pictures of " + was.width() + " x " + was.height() + " were encoded anew as "
                        + own.width() + " x " + own.height() + "." + EdgeEncoder.WAY_OUT);
            }
            List<TrackFormat> tracks = new ArrayList<>(format.tracks());
            tracks.set(0, TrackFormats.h264(new AvcConfig(sps, pps)));
            return new Made(new StreamFormat(tracks), joint.isPresent());
        } catch (NalException bad) {
            throw new EdgeException(
                    "What was encoded anew is of no use: " + bad.getMessage() + "." + EdgeEncoder.WAY_OUT, bad);
        }
    }

    /**
     * The n-th picture that is shown is decoded when the n-th was that was recorded, which is no later than it is shown: so times of
     * decoding rise over the joint too.
     */
    private List<At> placed(Encoded encoded) throws EdgeException {
        List<At> shown = source.stream()
                .sorted(Comparator.comparingLong(at -> at.sample().presentationTime()))
                .toList();
        Map<Long, Integer> places = new HashMap<>();
        for (int i = 0; i < shown.size(); i++) {
            places.put(shown.get(i).sample().presentationTime(), i);
        }
        List<At> placed = new ArrayList<>();
        for (EdgePictures.Picture picture : encoded.pictures()) {
            Integer place = places.get(picture.time());
            if (place != null) {
                long decoded = source.get(place).sample().decodeTime();
                long next = place + 1 < source.size()
                        ? source.get(place + 1).sample().decodeTime()
                        : decoded + source.get(place).sample().duration();
                placed.add(new At(
                        new Sample(0, decoded, picture.time(), next - decoded, picture.key(), picture.data()),
                        shown.get(place).wallUs()));
            }
        }
        if (placed.isEmpty()) {
            throw new EdgeException("What was encoded anew is of other moments." + EdgeEncoder.WAY_OUT);
        }
        return placed;
    }
}
