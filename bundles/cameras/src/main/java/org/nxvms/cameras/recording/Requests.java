// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.recording;

import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.nxvms.media.StreamRole;

/** What is asked of one camera at the moment: by events, by people. One thread. */
final class Requests {
    /** More states at one camera than this are counted as one that lasts. */
    private static final int STATES_MAX = 256;

    private final Map<StreamRole, Window> byEvents = new EnumMap<>(StreamRole.class);
    private final Map<StreamRole, Window> byPeople = new EnumMap<>(StreamRole.class);
    /** Events that last, by id. */
    private final Set<UUID> lasting = new HashSet<>();

    /** {@return what is asked of a stream and not over yet} */
    Optional<Window> of(StreamRole role, boolean events, long nowUs) {
        Optional<Window> people = running(byPeople, role, nowUs);
        Optional<Window> event = events ? running(byEvents, role, nowUs) : Optional.empty();
        return people.isPresent() && event.isPresent()
                ? Optional.of(people.get().and(event.get()))
                : people.or(() -> event);
    }

    /** {@return whether an event asks for a stream} */
    boolean hasEvent(StreamRole role, long nowUs) {
        return running(byEvents, role, nowUs).isPresent();
    }

    private static Optional<Window> running(Map<StreamRole, Window> windows, StreamRole role, long nowUs) {
        return Optional.ofNullable(windows.get(role)).filter(window -> !window.isOver(nowUs));
    }

    void event(StreamRole role, Window window) {
        byEvents.merge(role, window, Window::and);
    }

    void people(StreamRole role, Window window) {
        byPeople.put(role, window);
    }

    /** {@return whether there was anything to end} */
    boolean endPeople(long nowUs) {
        boolean any = byPeople.values().stream().anyMatch(window -> !window.isOver(nowUs));
        byPeople.replaceAll((role, window) -> window.isOver(nowUs) ? window : new Window(window.fromUs(), nowUs));
        return any;
    }

    boolean isLasting() {
        return !lasting.isEmpty();
    }

    boolean isLasting(UUID event) {
        return lasting.contains(event);
    }

    void begins(UUID event) {
        if (lasting.size() < STATES_MAX) {
            lasting.add(event);
        }
    }

    /** An event is over; when it was the last one, the windows that waited for that end then. */
    void ends(UUID event, long untilUs) {
        if (lasting.remove(event) && lasting.isEmpty()) {
            endOpen(untilUs);
        }
    }

    /** Only these still last. */
    void lastOnly(Collection<UUID> known, long untilUs) {
        if (lasting.retainAll(known) && lasting.isEmpty()) {
            endOpen(untilUs);
        }
    }

    private void endOpen(long untilUs) {
        byEvents.replaceAll(
                (role, window) -> window.untilUs() == Window.OPEN ? new Window(window.fromUs(), untilUs) : window);
    }

    /** Forgets what is over; {@return whether nothing is left} */
    boolean tidy(long nowUs) {
        byEvents.values().removeIf(window -> window.isOver(nowUs));
        byPeople.values().removeIf(window -> window.isOver(nowUs));
        return byEvents.isEmpty() && byPeople.isEmpty() && lasting.isEmpty();
    }

    Map<StreamRole, Window> byEvents() {
        return byEvents;
    }

    Map<StreamRole, Window> byPeople() {
        return byPeople;
    }
}
