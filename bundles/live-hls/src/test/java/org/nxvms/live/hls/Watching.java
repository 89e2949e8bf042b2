// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.nxvms.media.StreamHub;

/** A player that watches a stream of the real hub, with a clock that goes on when it is told to. */
abstract class Watching {
    final StreamHub hub = Stage.hub();
    PlaylistRules rules = new PlaylistRules();
    final Map<String, ByteBuffer> fetched = new LinkedHashMap<>();
    long nowMs = 1_000_000;
    Pump.Limits limits = Stage.LIMITS;
    Pump pump = new Pump(() -> hub, limits, () -> nowMs, () -> nowMs);

    Feed watch() {
        Feed feed = pump.watch(Stage.KEY).orElseThrow();
        // At each tick some of what the ring holds.
        for (int i = 0; i < 5; i++) {
            tick();
        }
        return feed;
    }

    void tick() {
        nowMs += 10;
        pump.tick();
    }

    /** Reads the playlist and fetches the parts that are new in it. */
    PlaylistRules.Playlist read(Feed feed) {
        PlaylistRules.Playlist playlist = rules.read(MediaPlaylist.text(feed.timeline(), "main", List.of()));
        for (PlaylistRules.Segment segment : playlist.segments()) {
            for (int i = 0; i < segment.parts().size(); i++) {
                Part part = feed.timeline()
                        .segment(segment.number())
                        .orElseThrow()
                        .parts()
                        .get(i);
                fetched.putIfAbsent(segment.parts().get(i).uri(), part.bytes());
            }
        }
        return playlist;
    }

    /** The camera goes on, and the player reads the playlist after each picture. */
    PlaylistRules.Playlist follow(Feed feed, Stage.Camera camera, double seconds, long pictureUs) {
        PlaylistRules.Playlist last = read(feed);
        for (int i = 0; i < Math.round(seconds * 1e6 / pictureUs); i++) {
            camera.pictures(1);
            tick();
            pump.watch(Stage.KEY);
            last = read(feed);
        }
        return last;
    }

    List<Integer> pictures() {
        List<Integer> numbers = new ArrayList<>();
        fetched.values().forEach(part -> numbers.addAll(Received.pictures(part)));
        return numbers;
    }

    static List<Integer> numbers(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }
}
