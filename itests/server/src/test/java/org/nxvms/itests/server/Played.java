// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.nxvms.itests.harness.Commands;

/** What a player that knows nothing of us makes of a file or an address: decoded pictures, and where the sound lies. */
final class Played {
    private static final int SOUND_RATE = 8000;
    private static final int SECONDS = 9;
    /** The stretches are a second long. */
    private static final int[] MEASURED_AT_S = {2, 7};

    private static final int SHIFT_MAX = SOUND_RATE * 3 / 10;

    private Played() {}

    /** {@return a hash of each of the first decoded pictures, at most so many} */
    static List<String> pictures(Path folder, int count, String... input) {
        return hashes(
                folder,
                List.of(input),
                List.of("-map", "0:v:0", "-frames:v", String.valueOf(count), "-fps_mode", "passthrough"));
    }

    /** {@return a hash of each of the first packets of the sound, at most so many} */
    static List<String> soundPackets(Path folder, int count, String... input) {
        return hashes(
                folder, List.of(input), List.of("-map", "0:a:0", "-c", "copy", "-frames:a", String.valueOf(count)));
    }

    private static List<String> hashes(Path folder, List<String> input, List<String> output) {
        List<String> command = new ArrayList<>(List.of("ffmpeg", "-v", "error"));
        command.addAll(input);
        command.addAll(output);
        command.addAll(List.of("-f", "framemd5", "-"));
        return Commands.run(folder, command.toArray(new String[0]))
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.substring(line.lastIndexOf(',') + 1).strip())
                .toList();
    }

    /**
     * Measures sound against sound: a stretch of the one is looked for in the other, soon after the beginning and again when a
     * camera's reports have been heard.
     *
     * @return by how many milliseconds the recorded sound lies later than the played one, each against its own picture
     */
    static List<Double> soundShiftsMs(Path folder, Path recorded, Path played) {
        short[] ours = sound(folder, recorded);
        short[] theirs = sound(folder, played);
        double pictures = pictureStartMs(folder, recorded) - pictureStartMs(folder, played);
        List<Double> shifts = new ArrayList<>();
        for (int second : MEASURED_AT_S) {
            shifts.add(shift(theirs, ours, second * SOUND_RATE) * 1000.0 / SOUND_RATE - pictures);
        }
        return shifts;
    }

    private static int shift(short[] theirs, short[] ours, int from) {
        int best = 0;
        double bestMatch = 0;
        for (int shift = -SHIFT_MAX; shift <= SHIFT_MAX; shift++) {
            double match = match(theirs, from, ours, from + shift, SOUND_RATE);
            if (match > bestMatch) {
                bestMatch = match;
                best = shift;
            }
        }
        if (bestMatch < 0.8) {
            throw new AssertionError(
                    "at " + from / SOUND_RATE + " s the recorded sound is not the played one: at best " + bestMatch);
        }
        return best;
    }

    /** {@return when the first picture is shown; players begin with whatever comes first, which may be sound} */
    private static double pictureStartMs(Path folder, Path file) {
        String[] starts = Commands.run(
                        folder,
                        "ffprobe",
                        "-v",
                        "error",
                        "-select_streams",
                        "v:0",
                        "-show_entries",
                        "stream=start_time:format=start_time",
                        "-of",
                        "csv=p=0",
                        file.toString())
                .strip()
                .split("\\s+");
        return 1000 * (Double.parseDouble(starts[0]) - Double.parseDouble(starts[1]));
    }

    /** {@return how alike two stretches are, from -1 to 1} */
    private static double match(short[] left, int leftFrom, short[] right, int rightFrom, int length) {
        double both = 0;
        double leftOnly = 1;
        double rightOnly = 1;
        for (int i = 0; i < length; i++) {
            double a = left[leftFrom + i];
            double b = right[rightFrom + i];
            both += a * b;
            leftOnly += a * a;
            rightOnly += b * b;
        }
        return both / Math.sqrt(leftOnly * rightOnly);
    }

    /** By the time stamps, to a hundredth of a second: as it comes, ffmpeg passes over what is less than a tenth. */
    private static short[] sound(Path folder, Path file) {
        Path raw = folder.resolve(file.getFileName() + ".s16");
        Commands.run(
                folder,
                "ffmpeg",
                "-v",
                "error",
                "-y",
                "-i",
                file.toString(),
                "-map",
                "0:a:0",
                "-t",
                String.valueOf(SECONDS),
                "-af",
                "aresample=" + SOUND_RATE + ":async=1:min_hard_comp=0.01:first_pts=0",
                "-ac",
                "1",
                "-f",
                "s16le",
                raw.toString());
        try {
            ShortBuffer samples = ByteBuffer.wrap(Files.readAllBytes(raw))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asShortBuffer();
            short[] all = new short[samples.remaining()];
            samples.get(all);
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
