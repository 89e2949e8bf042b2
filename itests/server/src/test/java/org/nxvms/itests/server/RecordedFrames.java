// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import org.nxvms.itests.harness.Footage;
import org.nxvms.media.kit.fmp4.ChunkScan;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.media.kit.fmp4.SampleTable;
import org.nxvms.simulator.clip.Clip;

/**
 * Which frames of the simulator's loop a recording holds, to the last byte, from the footage files themselves: neither an
 * index nor a counter of the server is asked.
 */
final class RecordedFrames {
    private static final int SLICE = 1;
    private static final int IDR_SLICE = 5;
    /** Of the simulated cameras. */
    private static final int FRAMES_PER_SECOND = 25;

    private static final long HOUR_US = 3_600_000_000L;

    private final Path volumes;
    private final Map<Long, Integer> numbers = new HashMap<>();
    private final int loop;

    /** @param wallUs when it began, by the clock as it would be had nobody set it */
    private record Fragment(long wallUs, List<Integer> frames, double soundLateMs) {}

    /**
     * What is recorded of a time.
     *
     * @param frames each counted once, however often it is stored
     * @param missing between the first and the last of them
     * @param soundLateMsMax by how much the sound of a fragment begins before or after its pictures, at most
     */
    record Found(Instant first, Instant last, long frames, long missing, double soundLateMsMax) {}

    /** @param volumes the folder in which all volumes are */
    RecordedFrames(Path volumes, Clip.Video clip) {
        this.volumes = volumes;
        this.loop = clip.accessUnits().size();
        for (int i = 0; i < loop; i++) {
            if (numbers.put(print(annexB(clip.accessUnits().get(i).annexB())), i) != null) {
                throw new IllegalStateException("two frames of the clip are the same");
            }
        }
    }

    Found of(String camera, Instant from, Instant to) {
        List<Fragment> all = new ArrayList<>();
        for (Path chunk : chunks(camera)) {
            read(chunk, all);
        }
        long fromUs = ChronoUnit.MICROS.between(Instant.EPOCH, from);
        long toUs = ChronoUnit.MICROS.between(Instant.EPOCH, to);
        List<Fragment> within = all.stream()
                .filter(one -> one.wallUs >= fromUs && one.wallUs < toUs)
                .sorted(Comparator.comparingLong(Fragment::wallUs))
                .toList();
        if (within.isEmpty()) {
            throw new AssertionError("nothing is recorded of " + camera + " between " + from + " and " + to);
        }
        Set<Long> found = new HashSet<>();
        long number = within.get(0).frames.get(0);
        long least = number;
        long most = number;
        long first = number;
        long firstUs = within.get(0).wallUs;
        for (Fragment fragment : within) {
            // More than the loop may be missing before it.
            first = nearest(
                    fragment.frames.get(0), first + (fragment.wallUs - firstUs) * FRAMES_PER_SECOND / 1_000_000);
            firstUs = fragment.wallUs;
            number = first;
            for (int frame : fragment.frames) {
                number = nearest(frame, number);
                found.add(number);
                least = Math.min(least, number);
                most = Math.max(most, number);
            }
        }
        return new Found(
                instant(within.get(0).wallUs),
                instant(within.get(within.size() - 1).wallUs),
                found.size(),
                most - least + 1 - found.size(),
                within.stream().mapToDouble(Fragment::soundLateMs).max().orElse(0));
    }

    /** {@return of all numbers that a frame of the loop may have the nearest; what is written again lies a little behind} */
    private long nearest(int frame, long number) {
        long ahead = Math.floorMod(frame - number, (long) loop);
        return number + (ahead > loop / 2 ? ahead - loop : ahead);
    }

    private static Instant instant(long us) {
        return Instant.EPOCH.plus(Duration.of(us, ChronoUnit.MICROS));
    }

    private List<Path> chunks(String camera) {
        return Footage.below(volumes).stream()
                .filter(file -> file.toString().contains("/" + camera + "/main/"))
                .toList();
    }

    private void read(Path chunk, List<Fragment> into) {
        try (FileChannel file = FileChannel.open(chunk)) {
            ChunkScan scan = ChunkScan.of(file);
            for (ChunkScan.Fragment fragment : scan.fragments()) {
                SampleTable video = fragment.header().track(0).orElseThrow();
                List<Integer> frames = new ArrayList<>();
                for (int i = 0; i < video.count(); i++) {
                    ByteBuffer sample = ByteBuffer.allocate(video.size()[i]);
                    file.read(sample, fragment.moofOffset() + video.offset()[i]);
                    Integer number = numbers.get(print(lengths(sample.flip())));
                    if (number == null) {
                        throw new AssertionError(chunk + " holds a picture that no camera sent, at "
                                + (fragment.moofOffset() + video.offset()[i]));
                    }
                    frames.add(number);
                }
                into.add(new Fragment(unset(fragment.wallUs()), frames, soundLateMs(scan, fragment)));
            }
        } catch (Mp4Exception headOnly) {
            // A chunk whose making failed: there is no footage in it.
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(chunk.toString(), e);
        }
    }

    /** Takes out by how many whole hours the clock was wrong: these tests set it by nothing else, and are over sooner. */
    private static long unset(long wallUs) {
        long wrongUs = wallUs - System.currentTimeMillis() * 1000;
        return Math.abs(wrongUs) < HOUR_US / 2 ? wallUs : wallUs - Math.round(wrongUs / (double) HOUR_US) * HOUR_US;
    }

    private static double soundLateMs(ChunkScan scan, ChunkScan.Fragment fragment) {
        SampleTable video = fragment.header().track(0).orElseThrow();
        return fragment.header()
                .track(1)
                .filter(sound -> sound.count() > 0 && video.count() > 0)
                .map(sound -> Math.abs(ms(scan, 1, sound) - ms(scan, 0, video)))
                .orElse(0.0);
    }

    private static double ms(ChunkScan scan, int track, SampleTable table) {
        return table.decodeTime()[0]
                * 1000.0
                / scan.init().format().tracks().get(track).clockRate();
    }

    // ---- pictures: their slices, since parameter sets and delimiters are not stored with them

    private static List<ByteBuffer> lengths(ByteBuffer sample) {
        List<ByteBuffer> units = new ArrayList<>();
        while (sample.remaining() > 4) {
            int length = sample.getInt();
            units.add(sample.slice(sample.position(), length));
            sample.position(sample.position() + length);
        }
        return units;
    }

    private static List<ByteBuffer> annexB(byte[] unit) {
        List<ByteBuffer> units = new ArrayList<>();
        int from = -1;
        for (int i = 0; i + 2 < unit.length; i++) {
            if (unit[i] == 0 && unit[i + 1] == 0 && unit[i + 2] == 1) {
                add(units, unit, from, i);
                from = i + 3;
            }
        }
        add(units, unit, from, unit.length);
        return units;
    }

    private static void add(List<ByteBuffer> units, byte[] unit, int from, int to) {
        if (from >= 0) {
            units.add(ByteBuffer.wrap(unit, from, to - from).slice());
        }
    }

    private static long print(List<ByteBuffer> units) {
        CRC32 sum = new CRC32();
        long bytes = 0;
        for (ByteBuffer unit : units) {
            int type = unit.get(0) & 0x1f;
            if (type == SLICE || type == IDR_SLICE) {
                int end = unit.limit();
                while (unit.get(end - 1) == 0) {
                    // Padding, which may belong to the next start code.
                    end--;
                }
                bytes += end;
                sum.update(unit.duplicate().limit(end));
            }
        }
        return bytes << 32 | sum.getValue();
    }
}
