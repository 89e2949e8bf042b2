// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.recording;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.archive.FootageTerms;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.EventTrigger;
import org.nxvms.platform.api.camera.RecordingSettings;
import org.nxvms.platform.api.camera.RecordingSettings.Mode;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.recording.RecordingOrder;
import org.nxvms.platform.api.recording.RecordingOrder.OnDemand;

/**
 * Turns a camera's recording settings, the week, events and people's wishes into orders for the recorder. Knows no
 * clock but the one given, and no service. One thread, but for {@link #store}'s writing.
 */
public final class RecordingPlans {
    /** Clocks of devices differ: an event counts as no older than this. */
    private static final long EVENT_AGE_US_MAX = 60_000_000;
    /** After a restart an event that lasted is told again, or found to be over, within this time. */
    private static final long RETELL_US = 30_000_000;

    private final Supplier<Instant> clock;
    private final RequestStore store;
    private final Map<UUID, Requests> requests = new HashMap<>();

    public RecordingPlans(Supplier<Instant> clock, RequestStore store) {
        this.clock = clock;
        this.store = store;
    }

    /** Takes up what ran when the server or this bundle was stopped. */
    public void resume(Map<UUID, RequestStore.Kept> kept) {
        long nowUs = nowUs();
        kept.forEach((camera, running) -> {
            Requests asked = requests.computeIfAbsent(camera, id -> new Requests());
            running.byEvents().forEach((role, window) -> asked.event(role, resumed(window, nowUs)));
            running.byPeople().forEach(asked::people);
        });
    }

    private static Window resumed(Window window, long nowUs) {
        return window.untilUs() == Window.OPEN ? new Window(window.fromUs(), nowUs + RETELL_US) : window;
    }

    /** {@return what to do with a stream now} */
    public Plan plan(Camera camera, StreamRole role) {
        RecordingSettings settings = camera.recording();
        long nowUs = nowUs();
        Mode mode = modeNow(settings, role);
        Requests asked = requests.get(camera.id());
        if (mode == Mode.EVENT && asked != null && asked.isLasting() && !asked.hasEvent(role, nowUs)) {
            // It became a mode of events while an event lasts.
            asked.event(role, new Window(nowUs, Window.OPEN));
        }
        Optional<Window> window = asked == null ? Optional.empty() : asked.of(role, settings.records(role), nowUs);
        FootageTerms terms = settings.terms();
        return switch (mode) {
            case OFF, MANUAL ->
                window.isPresent()
                        ? demanded(terms, 0, window.get(), GapCause.NOT_SCHEDULED)
                        : idle(settings.records(role), terms);
            case EVENT -> {
                int preBufferSeconds = settings.trigger().preBufferSeconds();
                yield window.isPresent()
                        ? demanded(terms, preBufferSeconds, window.get(), GapCause.NO_EVENT)
                        : new Plan(
                                Optional.of(new RecordingOrder(
                                        terms, Optional.of(OnDemand.waiting(preBufferSeconds, GapCause.NO_EVENT)))),
                                Optional.of(GapCause.NO_EVENT));
            }
            default -> new Plan(Optional.of(new RecordingOrder(terms)), Optional.empty());
        };
    }

    private static Plan demanded(FootageTerms terms, int preBufferSeconds, Window window, GapCause idleCause) {
        OnDemand demand = new OnDemand(preBufferSeconds, window.fromUs(), window.untilUs(), idleCause);
        return new Plan(Optional.of(new RecordingOrder(terms, Optional.of(demand))), Optional.empty());
    }

    private static Plan idle(boolean ready, FootageTerms terms) {
        return ready
                ? new Plan(
                        Optional.of(
                                new RecordingOrder(terms, Optional.of(OnDemand.waiting(0, GapCause.NOT_SCHEDULED)))),
                        Optional.of(GapCause.NOT_SCHEDULED))
                : Plan.NOTHING;
    }

    private Mode modeNow(RecordingSettings settings, StreamRole role) {
        Mode mode = settings.modeOf(role);
        return mode == Mode.SCHEDULED ? settings.schedule().orElseThrow().modeAt(clock.get()) : mode;
    }

    /** {@return whether an event changes what is asked of the camera} */
    public boolean event(Camera camera, Event event) {
        EventTrigger trigger = camera.recording().trigger();
        // The end of what was heard to begin counts whatever the settings have become: else it would last for ever.
        if (!isLasting(camera, event) && !(camera.enabled() && trigger.fits(event))) {
            return false;
        }
        long nowUs = nowUs();
        long beganUs = Math.max(nowUs - EVENT_AGE_US_MAX, Math.min(nowUs, event.startUs()));
        long fromUs = beganUs - trigger.preBufferSeconds() * 1_000_000L;
        Requests asked = requests.computeIfAbsent(camera.id(), id -> new Requests());
        if (event.span().lasts()) {
            asked.begins(event.id());
            ask(camera, asked, new Window(fromUs, Window.OPEN));
        } else {
            long endedUs = Math.max(beganUs, Math.min(nowUs, event.endUs().orElse(nowUs)));
            long untilUs = endedUs + trigger.postBufferSeconds() * 1_000_000L;
            asked.ends(event.id(), untilUs);
            if (untilUs > nowUs) {
                ask(camera, asked, new Window(fromUs, untilUs));
            }
        }
        keep();
        return true;
    }

    private boolean isLasting(Camera camera, Event event) {
        Requests asked = requests.get(camera.id());
        return asked != null && asked.isLasting(event.id());
    }

    private void ask(Camera camera, Requests asked, Window window) {
        for (StreamRole role : StreamRole.values()) {
            // An event that goes on is recorded to its end, also when the schedule has changed meanwhile.
            if (modeNow(camera.recording(), role) == Mode.EVENT || asked.hasEvent(role, nowUs())) {
                asked.event(role, window);
            }
        }
    }

    /** Events may have been missed: of those that last, only these still do. */
    public void lastOnly(Collection<UUID> events) {
        requests.values().forEach(asked -> asked.lastOnly(events, nowUs() + RETELL_US));
        keep();
    }

    /** People ask for footage, whatever the mode. @param durationUs empty: until they say stop */
    public void start(UUID camera, Set<StreamRole> roles, OptionalLong durationUs) {
        long nowUs = nowUs();
        long untilUs = durationUs.isPresent() ? nowUs + durationUs.getAsLong() : Window.OPEN;
        Requests asked = requests.computeIfAbsent(camera, id -> new Requests());
        roles.forEach(role -> asked.people(role, new Window(nowUs, untilUs)));
        keep();
    }

    /** {@return whether anybody had asked} */
    public boolean stop(UUID camera) {
        Requests asked = requests.get(camera);
        boolean any = asked != null && asked.endPeople(nowUs());
        keep();
        return any;
    }

    public void forget(UUID camera) {
        if (requests.remove(camera) != null) {
            keep();
        }
    }

    private void keep() {
        long nowUs = nowUs();
        requests.values().removeIf(asked -> asked.tidy(nowUs));
        Map<UUID, RequestStore.Kept> running = new HashMap<>();
        requests.forEach((camera, asked) ->
                running.put(camera, new RequestStore.Kept(Map.copyOf(asked.byEvents()), Map.copyOf(asked.byPeople()))));
        store.keep(running);
    }

    private long nowUs() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, clock.get());
    }
}
