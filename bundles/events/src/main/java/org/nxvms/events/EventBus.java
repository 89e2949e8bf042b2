// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events;

import static org.osgi.service.component.annotations.ReferenceCardinality.MULTIPLE;
import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.nxvms.events.core.Said;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.archive.AgeClock;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventFigures;
import org.nxvms.platform.api.event.EventFilter;
import org.nxvms.platform.api.event.EventKindInfo;
import org.nxvms.platform.api.event.EventLog;
import org.nxvms.platform.api.event.EventPublisher;
import org.nxvms.platform.api.event.EventQuery;
import org.nxvms.platform.api.event.EventSource;
import org.nxvms.platform.api.event.EventStore;
import org.nxvms.platform.api.event.EventSubscriber;
import org.nxvms.platform.api.event.EventVocabulary;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** The services of events, and their references: store, subscribers and vocabularies come and go. */
@Component(
        immediate = true,
        service = {EventPublisher.class, EventLog.class, EventBus.class},
        configurationPid = "org.nxvms.events")
@Designate(ocd = EventSettings.class)
public final class EventBus implements EventPublisher, EventLog {
    private final AtomicReference<EventStore> store = new AtomicReference<>();
    private final AtomicReference<AgeClock> age = new AtomicReference<>();
    private final Words words = new Words();
    private final EventEngine engine;

    @Activate
    public EventBus(@Reference ServerIdentity server, EventSettings settings) {
        this(server, EventEngine.Settings.of(settings));
    }

    public EventBus(ServerIdentity server, EventEngine.Settings settings) {
        engine = new EventEngine(server, settings, () -> Optional.ofNullable(store.get()), this::ageUs);
        engine.start();
    }

    @Modified
    void modified(EventSettings settings) {
        engine.settings(EventEngine.Settings.of(settings));
    }

    @Deactivate
    public void close() {
        engine.close();
    }

    private OptionalLong ageUs() {
        AgeClock now = age.get();
        return now == null ? OptionalLong.empty() : now.nowUs();
    }

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    public void bindAgeClock(AgeClock now) {
        age.set(now);
    }

    public void unbindAgeClock(AgeClock gone) {
        age.compareAndSet(gone, null);
    }

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    public void bindStore(EventStore now) {
        store.set(now);
        engine.storeAppeared();
    }

    public void unbindStore(EventStore gone) {
        store.compareAndSet(gone, null);
    }

    @Reference(cardinality = MULTIPLE, policy = DYNAMIC)
    public void bindSubscriber(EventSubscriber subscriber) {
        engine.subscribe(subscriber);
    }

    public void unbindSubscriber(EventSubscriber subscriber) {
        engine.unsubscribe(subscriber);
    }

    @Reference(cardinality = MULTIPLE, policy = DYNAMIC)
    void bindVocabulary(EventVocabulary vocabulary) {
        words.add(vocabulary);
    }

    void unbindVocabulary(EventVocabulary vocabulary) {
        words.remove(vocabulary);
    }

    /** For the stream of events: the changes themselves. */
    public EventEngine engine() {
        return engine;
    }

    @Override
    public boolean pulse(EventFact fact, long atUs) {
        return engine.say(new Said.Pulse(fact, atUs, Said.UNHEARD));
    }

    @Override
    public boolean hold(EventFact fact, long sinceUs, int holdSeconds) {
        if (holdSeconds < 1 || holdSeconds > HOLD_SECONDS_MAX) {
            throw new IllegalArgumentException("holdSeconds must be 1.." + HOLD_SECONDS_MAX + ", not " + holdSeconds);
        }
        return engine.say(new Said.Hold(fact, sinceUs, holdSeconds, Said.UNHEARD));
    }

    @Override
    public boolean past(EventFact fact, long startUs, long endUs) {
        return engine.say(new Said.Past(fact, startUs, endUs, Said.UNHEARD));
    }

    @Override
    public boolean end(EventSource source, String kind, long endUs) {
        return engine.say(new Said.End(source, kind, endUs, Said.UNHEARD));
    }

    @Override
    public List<Event> find(EventQuery query) {
        return engine.find(query);
    }

    @Override
    public Optional<Event> get(UUID id) {
        return engine.get(id);
    }

    @Override
    public List<Event> open(EventFilter filter) {
        List<Event> fitting = new ArrayList<>(engine.open());
        fitting.removeIf(event -> !filter.fits(event));
        return List.copyOf(fitting);
    }

    @Override
    public List<EventKindInfo> kinds() {
        return words.all();
    }

    @Override
    public List<Event> changesAfter(long sequence, int limit) {
        return engine.changesAfter(sequence, limit);
    }

    @Override
    public long lastSequence() {
        return engine.lastKnown();
    }

    @Override
    public long countSettled(EventFilter filter, long afterSequence, long throughSequence) {
        return engine.countSettled(filter, afterSequence, throughSequence);
    }

    @Override
    public EventFigures figures() {
        return engine.figures();
    }
}
