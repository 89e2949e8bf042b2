// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What an engine must know to go on with a session that plays: in text, since who reads it may be another version than who
 * wrote it. What cannot be read is no session, and the camera is called anew.
 *
 * @param endpoint mark of what was wished; where it differs, another session is wished by now
 * @param uri where the session is, after redirects
 * @param dialogue how far the two sides have come
 * @param description what the camera offers, as it said it
 * @param transports for each track of it the transport that was agreed on, empty where the camera refused the track
 * @param sequences the newest packet of each track that was set up, as far as the leaving engine tells it
 * @param media where pictures and sound stand
 */
record PlayingSession(
        int endpoint,
        String uri,
        Dialogue dialogue,
        String description,
        List<String> transports,
        List<Integer> sequences,
        Media media) {
    /** Changes whenever an older reader would misunderstand. */
    private static final String FORMAT = "rtsp-1";

    private static final String LINE = "\n";

    /**
     * @param aggregate address of requests for the whole session
     * @param id the session's
     * @param timeoutS after how long without a sign of life the camera ends it
     * @param keepAlive requests that are such a sign, the best first
     * @param number of the newest request
     */
    record Dialogue(String aggregate, String id, int timeoutS, List<String> keepAlive, int number) {}

    /**
     * Where the run stands, which goes on.
     *
     * @param picture the last picture
     * @param startUs when the run began
     * @param endUs where its footage ends
     * @param stepUs from a picture to the next
     * @param sides of each other track of the description that was set up, in order
     */
    record Media(Mark picture, long startUs, long endUs, long stepUs, List<Side> sides) {}

    /**
     * A unit in three clocks.
     *
     * @param rtp its time stamp in the camera's packets, 32 bits
     * @param timestamp within the run
     */
    record Mark(int rtp, long timestamp, long wallUs) {}

    /**
     * @param track number in the run's format, or {@link SideStash#NO_TRACK}
     * @param last its newest unit; empty before the first
     */
    record Side(int track, Optional<Mark> last) {}

    Map<String, String> facts() {
        Map<String, String> facts = new HashMap<>();
        facts.put("format", FORMAT);
        facts.put("endpoint", String.valueOf(endpoint));
        facts.put("uri", uri);
        facts.put("aggregate", dialogue.aggregate());
        facts.put("session", dialogue.id());
        facts.put("timeoutS", String.valueOf(dialogue.timeoutS()));
        facts.put("keepAlive", String.join(LINE, dialogue.keepAlive()));
        facts.put("number", String.valueOf(dialogue.number()));
        facts.put("description", description);
        facts.put("transports", String.join(LINE, transports));
        facts.put("sequences", sequences.stream().map(String::valueOf).collect(Collectors.joining(LINE)));
        facts.put("picture", text(media.picture()));
        facts.put("run", numbers(media.startUs(), media.endUs(), media.stepUs()));
        facts.put(
                "sides",
                media.sides().stream()
                        .map(side -> side.track()
                                + side.last().map(mark -> " " + text(mark)).orElse(""))
                        .collect(Collectors.joining(LINE)));
        return facts;
    }

    /** {@return the session that these facts tell of; empty when they are not understood} */
    static Optional<PlayingSession> of(Map<String, String> facts) {
        if (!FORMAT.equals(facts.get("format"))) {
            return Optional.empty();
        }
        try {
            Dialogue dialogue = new Dialogue(
                    facts.get("aggregate"),
                    facts.get("session"),
                    Integer.parseInt(facts.get("timeoutS")),
                    lines(facts.get("keepAlive")),
                    Integer.parseInt(facts.get("number")));
            long[] run = longs(facts.get("run"));
            Media media = new Media(
                    mark(longs(facts.get("picture")), 0),
                    run[0],
                    run[1],
                    run[2],
                    lines(facts.get("sides")).stream().map(PlayingSession::side).toList());
            return Optional.of(new PlayingSession(
                    Integer.parseInt(facts.get("endpoint")),
                    facts.get("uri"),
                    dialogue,
                    facts.get("description"),
                    List.of(facts.get("transports").split(LINE, -1)),
                    lines(facts.getOrDefault("sequences", "")).stream()
                            .map(Integer::valueOf)
                            .toList(),
                    media));
        } catch (RuntimeException unreadable) {
            return Optional.empty();
        }
    }

    private static Side side(String line) {
        long[] numbers = longs(line);
        return new Side((int) numbers[0], numbers.length == 1 ? Optional.empty() : Optional.of(mark(numbers, 1)));
    }

    private static Mark mark(long[] numbers, int from) {
        return new Mark((int) numbers[from], numbers[from + 1], numbers[from + 2]);
    }

    private static String text(Mark mark) {
        return numbers(mark.rtp(), mark.timestamp(), mark.wallUs());
    }

    private static String numbers(long... numbers) {
        return Arrays.stream(numbers).mapToObj(String::valueOf).collect(Collectors.joining(" "));
    }

    private static long[] longs(String text) {
        return Arrays.stream(text.split(" ")).mapToLong(Long::parseLong).toArray();
    }

    private static List<String> lines(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(LINE));
    }
}
