// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nxvms.media.ReaderStart;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamReader;
import org.nxvms.media.StreamWriter;
import org.nxvms.media.kit.nal.AvcParameterSets;
import org.nxvms.media.kit.rtp.AccessUnitSink;
import org.nxvms.media.kit.rtp.H264Depacketizer;
import org.nxvms.media.kit.rtp.RtpHeader;
import org.nxvms.simulator.rtp.PacketTrack;

/** Reads one stream as a recorder would and says of each picture which frame of the simulated camera's loop it is. */
final class Watch {
    /** One picture: the number of its run; its frame in the loop, -1 when it is none of them to the last byte. */
    record Seen(int run, int frame, boolean afterLoss, long timestamp, long wallUs, long arrivalUs) {}

    private final StreamReader reader;
    private final Map<ByteBuffer, Integer> frames;
    final List<Seen> pictures = new ArrayList<>();
    final List<String> runs = new ArrayList<>();
    final List<Long> soundTimestamps = new ArrayList<>();
    int sounds;
    long lapped;

    Watch(StreamHub hub, StreamId stream, Map<ByteBuffer, Integer> frames) {
        this.reader = hub.openReader(stream, "watch", ReaderStart.NEXT);
        this.frames = frames;
    }

    /** {@return the loop's pictures as they stand in a ring, and which frame each is} */
    static Map<ByteBuffer, Integer> frames(PacketTrack track) {
        Map<ByteBuffer, Integer> frames = new HashMap<>();
        Collector collector = new Collector();
        H264Depacketizer depacketizer = new H264Depacketizer(collector, new AvcParameterSets(), false);
        ByteBuffer packet = ByteBuffer.allocate(1 << 16);
        RtpHeader header = new RtpHeader();
        for (int unit = 0; unit < track.unitCount(); unit++) {
            for (int i = 0; i < track.packetCount(unit); i++) {
                packet.clear();
                track.copy(unit, i, packet);
                packet.putInt(PacketTrack.PREFIX_BYTES + 4, unit * 3600);
                int offset = PacketTrack.PREFIX_BYTES;
                if (!header.parse(packet, offset, packet.position() - offset)) {
                    throw new IllegalStateException("the simulator's own packet is none");
                }
                depacketizer.accept(packet, header, 0);
            }
        }
        for (int i = 0; i < collector.units.size(); i++) {
            frames.put(collector.units.get(i), i);
        }
        return frames;
    }

    void drain() {
        for (int found = reader.poll(); found != StreamReader.EMPTY; found = reader.poll()) {
            switch (found) {
                case StreamReader.RUN_START ->
                    runs.add("start " + reader.format().codecs());
                case StreamReader.RUN_END -> runs.add("end " + reader.gapCause() + " " + reader.gapDetail());
                case StreamReader.ACCESS_UNIT -> take();
                case StreamReader.LAPPED -> lapped++;
                default -> throw new IllegalStateException("poll answered " + found);
            }
        }
    }

    private void take() {
        if (reader.track() != 0) {
            sounds++;
            soundTimestamps.add(reader.timestamp());
            return;
        }
        ByteBuffer copy = ByteBuffer.allocate(reader.length());
        copy.put(reader.data()).flip();
        pictures.add(new Seen(
                runs.size(),
                frames.getOrDefault(copy, -1),
                (reader.flags() & StreamWriter.AFTER_LOSS) != 0,
                reader.timestamp(),
                reader.wallUs(),
                System.currentTimeMillis() * 1000));
    }

    /** {@return where in the loop a picture does not follow the one before it; empty when none is missing or foreign} */
    List<String> breaks() {
        List<String> breaks = new ArrayList<>();
        for (int i = 1; i < pictures.size(); i++) {
            int expected = (pictures.get(i - 1).frame() + 1) % frames.size();
            if (pictures.get(i).frame() != expected) {
                breaks.add(i + ": " + pictures.get(i).frame() + " instead of " + expected);
            }
        }
        return breaks;
    }

    long ends() {
        return runs.stream().filter(run -> run.startsWith("end")).count();
    }

    String lastEnd() {
        return runs.stream().filter(run -> run.startsWith("end")).reduce("", (a, b) -> b);
    }

    /** Keeps access units as arrays. */
    private static final class Collector implements AccessUnitSink {
        private final List<ByteBuffer> units = new ArrayList<>();
        private ByteBuffer unit = ByteBuffer.allocate(1 << 20);

        @Override
        public boolean begin(boolean knownKey) {
            unit.clear();
            return true;
        }

        @Override
        public boolean append(ByteBuffer source, int offset, int length) {
            unit.put(unit.position(), source, offset, length).position(unit.position() + length);
            return true;
        }

        @Override
        public boolean appendInt(int value) {
            unit.putInt(value);
            return true;
        }

        @Override
        public boolean appendByte(int value) {
            unit.put((byte) value);
            return true;
        }

        @Override
        public int position() {
            return unit.position();
        }

        @Override
        public void putInt(int at, int value) {
            unit.putInt(at, value);
        }

        @Override
        public void commit(long timestamp, boolean key, boolean afterLoss) {
            units.add(ByteBuffer.wrap(java.util.Arrays.copyOf(unit.array(), unit.position())));
        }

        @Override
        public void abort() {
            unit.clear();
        }

        @Override
        public void formatChanged() {
            // Whole pictures are kept, whatever their format.
        }
    }
}
