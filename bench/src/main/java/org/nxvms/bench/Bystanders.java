// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.nxvms.itests.harness.Commands;
import org.nxvms.itests.harness.Waiting;

/** The processes beside the server: cameras, floors, ffmpeg. Ends what it started. */
final class Bystanders implements AutoCloseable {
    private static final Path ROOT = Path.of(System.getProperty("nxvms.root"));

    /** Of the clip: so long at most a camera lets wait for the key frame with which it begins. */
    private static final int GOP_MS = 2_000;

    private static final Pattern SENT = Pattern.compile("sent (\\d+) dropped (\\d+) sessions (\\d+) backlog (\\d+)");

    private final Path work;
    private final Path footage;
    private final List<Process> started = new ArrayList<>();
    private Process cameras;
    private int port;

    /**
     * @param work where programs, the clip and logs are
     * @param footage where floors and ffmpeg write
     */
    Bystanders(Path work, Path footage) {
        this.work = work;
        this.footage = footage;
    }

    /** Builds the C programs and makes the clip, if it is not there. */
    void prepare() throws IOException {
        Files.createDirectories(work);
        for (String program : List.of("cameras", "floor")) {
            Commands.run(
                    ROOT, "cc", "-O2", "-o", work.resolve(program).toString(), "bench/src/main/c/" + program + ".c");
        }
        if (!Files.exists(clip())) {
            Bench.say("clip: making it, once");
            Path unfinished = work.resolve("clip.part.h264");
            // 1080p25, GOP 50, one slice, no B-frames, 4 Mbit/s; the noise makes pictures as large as a camera's.
            Commands.run(
                    work,
                    ("ffmpeg -nostdin -y -loglevel error -f lavfi -i testsrc2=size=1920x1080:rate=25 -t 20"
                                    + " -vf noise=alls=12:allf=t -c:v libx264 -preset veryfast -bf 0 -g 50 -keyint_min 50"
                                    + " -sc_threshold 0 -slices 1 -x264-params sliced-threads=0 -b:v 4M -maxrate 5M"
                                    + " -bufsize 8M -pix_fmt yuv420p -f h264 " + unfinished)
                            .split(" "));
            Files.move(unfinished, clip());
        }
    }

    private Path clip() {
        return work.resolve("clip.h264");
    }

    /** {@return the process that plays all cameras} */
    Process startCameras(int freePort, int packetsPerMs) throws IOException {
        port = freePort;
        cameras = start(
                "cameras",
                List.of(
                        work.resolve("cameras").toString(),
                        String.valueOf(port),
                        clip().toString(),
                        String.valueOf(packetsPerMs),
                        String.valueOf(GOP_MS)),
                true);
        return cameras;
    }

    /**
     * What the cameras say at their end.
     *
     * @param dropped frames they did not send, since their consumer had fallen behind too far
     * @param backlogBytesMax the most that one consumer was behind
     */
    record Sent(long frames, long dropped, long sessions, long backlogBytesMax) {}

    /** Ends the cameras. */
    Sent stopCameras() throws IOException, InterruptedException {
        cameras.destroy();
        if (!cameras.waitFor(10, TimeUnit.SECONDS)) {
            cameras.destroyForcibly();
            throw new IOException("the cameras do not end");
        }
        Matcher said = SENT.matcher(Files.readString(work.resolve("cameras.log")));
        if (!said.find()) {
            throw new IOException("the cameras did not say what they sent; see " + work.resolve("cameras.log"));
        }
        return new Sent(number(said, 1), number(said, 2), number(said, 3), number(said, 4));
    }

    private static long number(Matcher said, int group) {
        return Long.parseLong(said.group(group));
    }

    String url(String consumer, int camera) {
        return "rtsp://127.0.0.1:" + port + "/" + consumer + "/" + camera;
    }

    Contender startFloor(String mode, int cameras) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                work.resolve("floor").toString(),
                mode,
                "127.0.0.1",
                Files.createDirectories(footage.resolve(mode)).toString()));
        for (int n = 0; n < cameras; n++) {
            command.add(port + "/" + mode + "/" + n);
        }
        return new Contender(List.of(start(mode, command, true).pid()), cameras);
    }

    Contender startFfmpeg(int cameras) throws IOException {
        Path folder = Files.createDirectories(footage.resolve("ffmpeg"));
        List<Long> pids = new ArrayList<>();
        for (int n = 0; n < cameras; n++) {
            List<String> command = new ArrayList<>(List.of("ffmpeg", "-nostdin", "-loglevel", "error"));
            command.addAll(List.of("-rtsp_transport", "tcp", "-i", url("ffmpeg", n), "-c", "copy"));
            command.addAll(List.of("-f", "segment", "-segment_time", "60"));
            command.addAll(List.of("-segment_format", "mp4", "-segment_format_options"));
            command.addAll(List.of("movflags=+frag_keyframe+empty_moov+default_base_moof", "-y"));
            command.add(folder.resolve(n + "_%03d.mp4").toString());
            pids.add(start("ffmpeg", command, false).pid());
        }
        return new Contender(pids, cameras);
    }

    private Process start(String name, List<String> command, boolean ready) throws IOException {
        Path log = work.resolve(name + ".log");
        if (ready) {
            Files.deleteIfExists(log);
        }
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        started.add(process);
        if (ready) {
            Waiting.until("READY in " + log, 60, () -> {
                if (!process.isAlive()) {
                    throw new IllegalStateException("ended with status " + process.exitValue() + "; see " + log);
                }
                try (BufferedReader lines = Files.newBufferedReader(log)) {
                    return lines.lines().anyMatch(l -> l.startsWith("READY"));
                }
            });
        }
        return process;
    }

    @Override
    public void close() {
        started.forEach(Process::destroy);
        for (Process process : started) {
            try {
                if (!process.waitFor(10, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException hurry) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
        started.clear();
    }
}
