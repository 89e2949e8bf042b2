// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.nxvms.itests.harness.Commands;

/** Pictures that were encoded anew beside those of the film that they were made of: small, grey, and alike. */
final class LikeFilm {
    private static final int WIDTH = 64;
    private static final int HEIGHT = 36;
    private static final int BYTES = WIDTH * HEIGHT;
    /** Mean of the grey levels between a picture and the same after another encoder; between two of the street it is more. */
    static final double APART_MAX = 4;
    /** A machine that is slow leaves out some pictures. */
    private static final int STEP_MAX = 60;
    /** Pictures that the film shows twice or three times are told apart by nothing. */
    private static final int ALIKE_MAX = 3;

    private LikeFilm() {}

    static List<byte[]> grey(Path folder, int count, String... input) {
        Path raw = folder.resolve("grey.raw");
        List<String> command = new ArrayList<>(List.of("ffmpeg", "-v", "error", "-y"));
        command.addAll(List.of(input));
        command.addAll(List.of("-map", "0:v:0", "-frames:v", String.valueOf(count), "-fps_mode", "passthrough"));
        command.addAll(List.of("-vf", "scale=" + WIDTH + ":" + HEIGHT + ":flags=area,format=gray", "-f", "rawvideo"));
        command.add(raw.toString());
        Commands.run(folder, command.toArray(new String[0]));
        try {
            byte[] all = Files.readAllBytes(raw);
            List<byte[]> pictures = new ArrayList<>();
            for (int at = 0; at + BYTES <= all.length; at += BYTES) {
                pictures.add(java.util.Arrays.copyOfRange(all, at, at + BYTES));
            }
            return pictures;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static double apart(byte[] one, byte[] other) {
        long sum = 0;
        for (int i = 0; i < BYTES; i++) {
            sum += Math.abs((one[i] & 0xFF) - (other[i] & 0xFF));
        }
        return (double) sum / BYTES;
    }

    /**
     * Each of the pictures is one of the film's, and they follow each other as there.
     *
     * @param filmPictures how many it has before it begins anew
     */
    static void assertShows(Path folder, Path film, int filmPictures, int count, String... input) {
        List<byte[]> sent = grey(folder, filmPictures, "-i", film.toString());
        List<byte[]> seen = grey(folder, count, input);
        assertThat(seen).hasSize(count);
        int before = -1;
        int steps = 0;
        for (byte[] picture : seen) {
            int best = 0;
            for (int i = 1; i < sent.size(); i++) {
                if (apart(picture, sent.get(i)) < apart(picture, sent.get(best))) {
                    best = i;
                }
            }
            assertThat(apart(picture, sent.get(best)))
                    .as("grey levels from picture %d", best)
                    .isLessThan(APART_MAX);
            if (before >= 0) {
                int step = Math.floorMod(best - before + ALIKE_MAX, filmPictures) - ALIKE_MAX;
                assertThat(step).as("pictures from %d to %d", before, best).isLessThanOrEqualTo(STEP_MAX);
                steps += step;
            }
            before = best;
        }
        assertThat(steps).as("pictures that the film went on").isGreaterThanOrEqualTo(count - 1 - ALIKE_MAX);
    }
}
