// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.EdgeRecordings;
import org.nxvms.driver.spi.EdgeRecordings.Recording;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what a device has recorded of one video source (Recording Search 5). A device with several records each of them: whose a
 * recording is it tells itself (onvif.xsd, {@code RecordingSourceInformation}), or a search in the scope of a source does. What
 * is found for this source and for others is of a device that does not look at scopes, and is left out.
 */
final class RecordingSearch {
    private static final Logger LOG = LoggerFactory.getLogger(RecordingSearch.class);
    private static final int RESULTS_AT_ONCE = 100;
    /** A device that tells nothing for so many answers is asked no more. */
    private static final int EMPTY_MAX = 40;

    private static final String KEEP = "PT20S";
    private static final String WAIT = "PT2S";
    private static final String PROFILE = "http://www.onvif.org/ver10/schema/Profile";
    private static final List<Kind> REFUSALS = List.of(Kind.UNSUPPORTED, Kind.PROTOCOL, Kind.CONFIG, Kind.NOT_FOUND);

    private final Services services;
    private final Profiles profiles;
    private final List<String> here;
    private final List<String> others;

    RecordingSearch(Services services, Profiles profiles) {
        this.services = services;
        this.profiles = profiles;
        String source = profiles.main().source();
        this.here = profiles.all().stream()
                .filter(one -> one.source().equals(source))
                .map(Profile::token)
                .toList();
        this.others = profiles.all().stream()
                .filter(one -> !one.source().equals(source))
                .map(Profile::token)
                .toList();
    }

    /** @param source token of the video source; empty where the device does not tell it */
    private record Told(Recording recording, String source) {}

    /** {@return whether the device has other video sources} */
    boolean hasOthers() {
        return !others.isEmpty();
    }

    /** {@return what overlaps a range, oldest first}; kind BUSY when the device does not come to an end in time */
    List<Recording> of(Instant from, Instant to) throws DriverException {
        // A quarter is left for the last answer, which may be late, and the goodbye.
        long endNano = System.nanoTime()
                + TimeUnit.MILLISECONDS.toNanos(services.http().timeoutMs() * 3L / 4);
        List<Told> told = search(List.of(), from, to, endNano).stream()
                .filter(one -> one.source().isEmpty() || isHere(one.source()))
                .toList();
        boolean isUntold = told.stream().anyMatch(one -> one.source().isEmpty());
        Set<String> left = hasOthers() && isUntold ? byScope(from, to, endNano) : Set.of();
        return told.stream()
                .filter(one -> !hasOthers()
                        || !one.source().isEmpty()
                        || left.contains(one.recording().id()))
                .map(Told::recording)
                .toList();
    }

    private boolean isHere(String source) {
        Profile main = profiles.main();
        return source.equals(main.source())
                || source.equals(main.sourceConfiguration())
                || main.source().isEmpty() && !profiles.otherSources().contains(source);
    }

    /** {@return the names of those that the device finds for this source, and for no other} */
    private Set<String> byScope(Instant from, Instant to, long endNano) throws DriverException {
        try {
            Set<String> ours = names(search(here, from, to, endNano));
            ours.removeAll(names(search(others, from, to, endNano)));
            return ours;
        } catch (DriverException refused) {
            if (!REFUSALS.contains(refused.kind())) {
                throw refused;
            }
            LOG.debug("the camera does not tell of which source its recordings are: {}", refused.getMessage());
            return Set.of();
        }
    }

    private static Set<String> names(List<Told> told) {
        return told.stream().map(one -> one.recording().id()).collect(Collectors.toSet());
    }

    private static String scope(List<String> tokens) {
        return tokens.stream()
                .map(token -> "<tt:IncludedSources Type=\"" + PROFILE + "\"><tt:Token>" + SoapText.escaped(token)
                        + "</tt:Token></tt:IncludedSources>")
                .collect(Collectors.joining("", "<o:Scope>", "</o:Scope>"));
    }

    private List<Told> search(List<String> profileTokens, Instant from, Instant to, long endNano)
            throws DriverException {
        String token = services.call(
                        Service.SEARCH,
                        "FindRecordings",
                        scope(profileTokens) + "<o:KeepAliveTime>" + KEEP + "</o:KeepAliveTime>")
                .text("SearchToken");
        String search = "<o:SearchToken>" + SoapText.escaped(token) + "</o:SearchToken>";
        try {
            return results(search, from, to, endNano);
        } finally {
            // One that has ended is forgotten by the device after a while; that it is told so is a courtesy.
            services.find(Service.SEARCH, "EndSearch", search);
        }
    }

    private List<Told> results(String search, Instant from, Instant to, long endNano) throws DriverException {
        List<Told> found = new ArrayList<>();
        int empty = 0;
        boolean completed = false;
        while (!completed) {
            if (System.nanoTime() - endNano > 0 || empty == EMPTY_MAX) {
                throw new DriverException(
                        Kind.BUSY, "The camera did not come to an end of its search for recordings in time.");
            }
            XmlNode list = services.call(
                            Service.SEARCH,
                            "GetRecordingSearchResults",
                            search + "<o:MinResults>1</o:MinResults><o:MaxResults>" + RESULTS_AT_ONCE
                                    + "</o:MaxResults><o:WaitTime>" + WAIT + "</o:WaitTime>")
                    .find("ResultList")
                    .orElseThrow(() -> new DriverException(
                            Kind.PROTOCOL, "The camera's answer to GetRecordingSearchResults holds no results."));
            List<XmlNode> told = list.all("RecordingInformation");
            told.forEach(one -> OnvifRecordings.recording(one)
                    .filter(recording -> recording.from().isBefore(to)
                            && recording.to().orElse(Instant.MAX).isAfter(from))
                    .ifPresent(recording -> found.add(new Told(recording, one.text("Source", "VideoSourceToken")))));
            first(found);
            empty = told.isEmpty() ? empty + 1 : 0;
            completed = list.text("SearchState").equals("Completed");
        }
        return found;
    }

    /** Leaves the oldest, of whatever order the device tells them in. */
    private static void first(List<Told> found) {
        found.sort(Comparator.comparing(one -> one.recording().from()));
        if (found.size() > EdgeRecordings.RECORDINGS_MAX) {
            found.subList(EdgeRecordings.RECORDINGS_MAX, found.size()).clear();
        }
    }
}
