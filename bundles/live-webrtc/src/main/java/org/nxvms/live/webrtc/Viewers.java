// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.nxvms.live.webrtc.ice.Stun;

/**
 * Who is watching, and whose a datagram is: all viewers share one port each of UDP and TCP (RFC 7983). What is nobody's, or not genuine, is dropped. Any
 * thread.
 */
final class Viewers implements Receiver {
    private final Map<String, Viewer> byUser = new ConcurrentHashMap<>();
    private final Map<UUID, Viewer> byId = new ConcurrentHashMap<>();
    private final Map<Path, Viewer> byPath = new ConcurrentHashMap<>();
    private final Map<UUID, Integer> perUser = new HashMap<>();
    private final Viewer.Handshakes handshakes;
    private final LongSupplier nowMs;
    private int places;

    Viewers(Viewer.Handshakes handshakes, LongSupplier nowMs) {
        this.handshakes = handshakes;
        this.nowMs = nowMs;
    }

    /** {@return whether there is room for one more viewer; it is then taken, and given back by {@link #release}} */
    boolean reserve(UUID userId, int viewersMax, int perUserMax) {
        synchronized (perUser) {
            int own = perUser.getOrDefault(userId, 0);
            if (places >= viewersMax || own >= perUserMax) {
                return false;
            }
            places++;
            perUser.put(userId, own + 1);
            return true;
        }
    }

    void release(UUID userId) {
        synchronized (perUser) {
            places--;
            perUser.computeIfPresent(userId, (id, count) -> count == 1 ? null : count - 1);
        }
    }

    int places() {
        synchronized (perUser) {
            return places;
        }
    }

    void add(Viewer viewer) {
        byUser.put(viewer.terms().user(), viewer);
        byId.put(viewer.terms().id(), viewer);
    }

    void remove(Viewer viewer) {
        byUser.remove(viewer.terms().user(), viewer);
        byId.remove(viewer.terms().id(), viewer);
        for (Path path : viewer.paths()) {
            byPath.remove(path, viewer);
        }
    }

    Optional<Viewer> find(UUID id) {
        return Optional.ofNullable(byId.get(id));
    }

    Collection<Viewer> all() {
        return List.copyOf(byId.values());
    }

    @Override
    public boolean datagram(ByteBuffer datagram, Path path) {
        if (!datagram.hasRemaining()) {
            return false;
        }
        int first = datagram.get(datagram.position()) & 0xFF;
        if (Stun.isStun(first)) {
            return Stun.request(datagram)
                    .filter(request -> check(request, path))
                    .isPresent();
        }
        Viewer viewer = byPath.get(path);
        if (viewer == null) {
            return false;
        }
        byte[] bytes = new byte[datagram.remaining()];
        datagram.get(bytes);
        if (first >= 20 && first <= 63) {
            viewer.record(bytes, handshakes);
        } else if (first >= 128 && first <= 191) {
            viewer.feedback(bytes);
        }
        return true;
    }

    @Override
    public void gone(Path path) {
        Viewer viewer = byPath.remove(path);
        if (viewer != null) {
            viewer.lost(path);
        }
    }

    private boolean check(Stun.Request request, Path path) {
        Viewer viewer = byUser.get(request.user());
        if (viewer == null
                || !viewer.ended().isEmpty()
                || !request.isSignedWith(viewer.terms().password())) {
            return false;
        }
        byPath.put(path, viewer);
        viewer.reached(path, request, nowMs.getAsLong()).ifPresent(old -> {
            byPath.remove(old, viewer);
            old.close();
        });
        if (byId.get(viewer.terms().id()) != viewer) {
            // It left meanwhile.
            byPath.remove(path, viewer);
            return false;
        }
        ByteBuffer answer = Stun.success(request, path.peer(), viewer.terms().password());
        path.send(answer.array(), answer.remaining());
        return true;
    }
}
