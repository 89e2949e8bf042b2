// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventAttributes;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;
import org.nxvms.platform.api.event.EventSpan;

/** Bounded queues lose by their rule and by nothing else. */
class QueueProperties {
    private static final int MAX = 16;

    /** Each number is a change: below 40 of one of ten states, else a pulse of one of four kinds; 100 takes one out. */
    @Property
    void aSubscribersQueueIsBoundedAndLosesNoNewestChangeOfAStateBeforeAnyPulse(
            @ForAll @Size(max = 300) List<@IntRange(min = 0, max = 100) Integer> steps) {
        SubscriberQueue queue = new SubscriberQueue(MAX);
        Map<UUID, Long> newest = new HashMap<>();
        Set<UUID> pulses = new HashSet<>();
        List<Event> heard = new ArrayList<>();
        long sequence = 0;
        long pulsesAdded = 0;
        for (int step : steps) {
            sequence++;
            if (step == 100) {
                queue.poll().ifPresent(heard::add);
            } else if (step < 40) {
                Event event = event(new UUID(1, step % 10), sequence, EventSpan.open(1), "camera.motion");
                newest.put(event.id(), sequence);
                queue.add(event);
            } else {
                Event event = event(new UUID(2, sequence), sequence, EventSpan.pulse(sequence), "acme.k" + step % 4);
                pulses.add(event.id());
                pulsesAdded++;
                queue.add(event);
            }
            assertThat(queue.size()).isLessThanOrEqualTo(MAX);
        }
        for (Optional<Event> next = queue.poll(); next.isPresent(); next = queue.poll()) {
            heard.add(next.get());
        }
        // Ten states always fit beside the pulses: the last change of each was heard.
        Map<UUID, Long> last = new HashMap<>();
        heard.stream().filter(e -> !pulses.contains(e.id())).forEach(e -> last.put(e.id(), e.sequence()));
        assertThat(last).isEqualTo(newest);
        long pulsesHeard = heard.stream().filter(e -> pulses.contains(e.id())).count();
        assertThat(pulsesHeard).isLessThanOrEqualTo(pulsesAdded);
        if (queue.spilled() + queue.coalesced() == 0) {
            assertThat(pulsesHeard).isEqualTo(pulsesAdded);
        }
    }

    @Property
    void theLogAnswersAsAListThatForgetsItsBeginning(
            @ForAll @IntRange(max = 100) int count,
            @ForAll @IntRange(max = 110) int after,
            @ForAll @IntRange(min = 1, max = 50) int limit) {
        ChangeLog log = new ChangeLog(MAX);
        log.startAt(10);
        List<Long> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long sequence = 20 + i * 2L;
            log.add(event(new UUID(1, i), sequence, EventSpan.pulse(1), "acme.k"));
            all.add(sequence);
        }
        long floor = count <= MAX ? 10 : all.get(count - MAX - 1);
        long position = after * 2L;
        Optional<List<Event>> found = log.after(position, limit);
        if (position < floor) {
            assertThat(found).isEmpty();
        } else {
            assertThat(found.orElseThrow())
                    .extracting(Event::sequence)
                    .isEqualTo(
                            all.stream().filter(s -> s > position).limit(limit).toList());
        }
        assertThat(log.floor()).isEqualTo(floor);
        assertThat(log.last()).isEqualTo(count == 0 ? 10 : all.get(count - 1));
    }

    private static Event event(UUID id, long sequence, EventSpan span, String kind) {
        return new Event(
                id,
                new UUID(7, 7),
                sequence,
                EventFact.of(EventSource.driver("x"), kind, EventSeverity.INFO, "", EventAttributes.NONE),
                span);
    }
}
