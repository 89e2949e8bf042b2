// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code ./nxvms bench NAME [--option value]...}: progress on standard error, figures as the last line. */
public final class Bench {
    private Bench() {}

    public static void main(String[] arguments) throws Exception {
        List<String> names = List.of("recording", "boot");
        if (arguments.length == 0 || !names.contains(arguments[0])) {
            System.err.println("Usage: nxvms bench NAME [options]\n"
                    + "  recording  CPU of the recording path against a floor in C and one ffmpeg per camera\n"
                    + "             --cameras N (50)  --warmup SECONDS (20)  --seconds N (30)\n"
                    + "  boot       from start to ready\n"
                    + "             --boots N (5)");
            System.exit(2);
        }
        Map<String, Integer> options = options(arguments);
        Map<String, Object> figures =
                switch (arguments[0]) {
                    case "recording" ->
                        new RecordingBench(
                                        options.getOrDefault("cameras", 50),
                                        options.getOrDefault("warmup", 20),
                                        options.getOrDefault("seconds", 30))
                                .run();
                    default -> new BootBench(options.getOrDefault("boots", 5)).run();
                };
        System.out.println(new ObjectMapper().writeValueAsString(figures));
    }

    private static Map<String, Integer> options(String[] arguments) {
        Map<String, Integer> options = new HashMap<>();
        for (int i = 1; i + 1 < arguments.length; i += 2) {
            options.put(arguments[i].replaceFirst("^--", ""), Integer.valueOf(arguments[i + 1]));
        }
        return options;
    }

    static void say(String line) {
        System.err.println(line);
    }
}
