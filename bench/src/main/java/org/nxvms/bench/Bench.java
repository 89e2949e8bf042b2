// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;

/** {@code ./nxvms bench NAME [--option value]...}: progress on standard error, figures as the last line. */
public final class Bench {
    private static final String USAGE =
            """
            Usage: nxvms bench NAME [options]
              recording  CPU of the recording path against a floor in C and one ffmpeg per camera
                         --cameras N (50)         recorded by the server
                         --floor-cameras N        recorded by each floor (as many, at most 100)
                         --ffmpeg-cameras N       recorded by ffmpeg, one process each (as many, at most 50; 0: none)
                         --warmup SECONDS (30)    --settle SECONDS (900): then until first chunks are sealed and the compilers rest, at most so long
                         --seconds N (30)         --rounds N (3) of equal length
                         --pacing burst|K         a frame at once, or K packets per camera and millisecond (burst)
                         --disk PATH|tmpfs        where footage goes (target/bench)
                         --encryption NAME (none) of the volume: aes-256-gcm
                         --server PATH.tar.gz     another packed server than the one just built
                         --pause SECONDS (0)      after the rounds, for a profiler; prints the server's process
              timeline   answers about a large archive, and the start with it
                         --cameras N (50)         --days N (90); more than 128 in several calls, one after the other
                         --requests N (200)       of the whole time, and as many of a day
                         --starts N (3)           with an empty and with a full archive
              playback   a jump to a moment, thumbnails and key frames, while cameras are recorded in a large index
                         --cameras N (50)         --days N (30) in the index
                         --seconds N (120)        recorded before it is asked
                         --requests N (200)       of each kind
              export     packages beside cp and ffmpeg -c copy of the same footage, while cameras are recorded
                         --cameras N (50)         --camera-minutes N (60) of footage, of all together
                         --rounds N (5)           --disk PATH (target/bench)
                         --starts N (50)          live views before, one after the other, by each way; 0: none
              live       what viewers cost, how soon the first picture comes, how old pictures are in Chromium
                         --viewers N,N.. (1,10,50)  at once, by WebRTC and by WebSocket
                         --seconds N (20)         watched each time, and not watched before and after
                         --rounds N (3)           of that; --warm SECONDS (180): at most, until compilers rest
                         --first N (50)           first pictures, one after the other
                         --browser SECONDS (20)   in Chromium by each way; 0: not at all
              setup      simulated ONVIF cameras added by address and login, one by one and in a batch
                         --cameras N (50)         --ones N (10) times one alone, before
                         --clip NAME (standard)   1080p25 of 4 Mbit/s; small: 360p25 of 0.8
              console    the web console in Chromium: its size, a wall that comes, seeks, steps, speeds, cameras played together
                         --cameras N (16)         shown and played together, 5..16
                         --seconds N (100)        recorded before it is asked
                         --seeks N (40)           of each kind
              memory     what the web console keeps: at a wall, at footage that is sought in, of exchanged extensions
                         --cameras N (16)         on the wall, 1..16
                         --minutes N (3)          of each hour it stands for: walls by WebRTC and by WebSocket, footage
                         --exchanges N (40)       of an extension; 0: none
                         --kib N (66)             of its module
              boot       from start to ready
                         --boots N (5)
              swap       a part of the server exchanged again and again while cameras are recorded
                         --cameras N (50)         --swaps N (100)
                         --what NAME (driver)     driver, live, rest, console, events, integration, storage, recorder,
                                                  ingest; all: one after the other
                         --route NAME (plugin)    for the driver: plugin or feature; others are features
            """;

    private Bench() {}

    public static void main(String[] arguments) throws Exception {
        Callable<Map<String, Object>> benchmark;
        try {
            benchmark = benchmark(arguments);
        } catch (IllegalArgumentException wrong) {
            System.err.println("nxvms bench: " + wrong.getMessage());
            System.err.print(USAGE);
            System.exit(2);
            return;
        }
        // Who is told to stop leaves no server, camera or floor behind.
        Runtime.getRuntime().addShutdownHook(new Thread(Bench::endAll, "bench-end"));
        System.out.println(new ObjectMapper().writeValueAsString(benchmark.call()));
    }

    private static Callable<Map<String, Object>> benchmark(String[] arguments) {
        String name = arguments.length == 0 ? "" : arguments[0];
        return switch (name) {
            case "recording" -> new RecordingBench(new Options(arguments, 1, RecordingBench.OPTIONS))::run;
            case "timeline" -> new TimelineBench(new Options(arguments, 1, TimelineBench.OPTIONS))::run;
            case "playback" -> new PlaybackBench(new Options(arguments, 1, PlaybackBench.OPTIONS))::run;
            case "export" -> new ExportBench(new Options(arguments, 1, ExportBench.OPTIONS))::run;
            case "live" -> new LiveBench(new Options(arguments, 1, LiveBench.OPTIONS))::run;
            case "setup" -> new SetupBench(new Options(arguments, 1, SetupBench.OPTIONS))::run;
            case "console" -> new ConsoleBench(new Options(arguments, 1, ConsoleBench.OPTIONS))::run;
            case "memory" -> new MemoryBench(new Options(arguments, 1, MemoryBench.OPTIONS))::run;
            case "boot" -> new BootBench(new Options(arguments, 1, Set.of("boots")).number("boots", 5, 1, 100))::run;
            case "swap" -> new SwapBench(new Options(arguments, 1, SwapBench.OPTIONS))::run;
            default -> throw new IllegalArgumentException("there is no benchmark \"" + name + "\"");
        };
    }

    private static void endAll() {
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroy);
    }

    static void say(String line) {
        System.err.println(line);
    }
}
