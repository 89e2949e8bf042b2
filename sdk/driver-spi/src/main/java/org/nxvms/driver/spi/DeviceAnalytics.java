// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

import java.util.List;
import java.util.Objects;
import org.nxvms.media.StreamRole;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What the device itself finds in its picture (Analytics 5 of ONVIF), and which of its streams carry that as metadata, with
 * boxes. What happens is said by {@link DeviceEvents}; this tells what could be expected.
 *
 * @since 1.5
 */
@ConsumerType
public interface DeviceAnalytics extends Capability {
    /** More than a device has for one picture; what is beyond is left out. */
    int PARTS_MAX = 64;

    /** How many characters a name or a kind has at most. */
    int CHARS_MAX = 128;

    /** How many characters a note has at most. */
    int NOTE_CHARS_MAX = 500;

    /**
     * A rule or a module that the device is set up with.
     *
     * @param name as who set it up called it; may be empty
     * @param kind in the device's words, without prefixes: {@code LineDetector}; not empty
     */
    record Part(String name, String kind) {
        public Part {
            if (kind.isEmpty() || kind.length() > CHARS_MAX || name.length() > CHARS_MAX) {
                throw new IllegalArgumentException("a kind has 1.." + CHARS_MAX + " characters, a name no more");
            }
        }
    }

    /** Whether a stream carries what is found. More may follow in a minor version. */
    enum Carriage {
        /** It does, with objects. */
        CARRIED,
        /** It could; the device is not set up so, and nobody has allowed to change that. */
        POSSIBLE,
        /** It was to be set up so, and the device did not. */
        REFUSED,
        /** The device has no metadata that this stream could carry. */
        IMPOSSIBLE
    }

    /**
     * One of the streams that {@link CameraSession#streams} offers.
     *
     * @param note for people: what to do where it is possible, why not where it is refused; may be empty
     */
    record Metadata(StreamRole role, Carriage carriage, String note) {
        public Metadata {
            Objects.requireNonNull(role, "role");
            Objects.requireNonNull(carriage, "carriage");
            if (note.length() > NOTE_CHARS_MAX) {
                throw new IllegalArgumentException("a note has no more than " + NOTE_CHARS_MAX + " characters");
            }
        }
    }

    /**
     * What there is.
     *
     * @param rules what says when something happens: a line crossed, a field entered
     * @param ruleKinds of which kinds it could have rules, in its words
     * @param modules what finds objects or motion, for rules and metadata
     * @param moduleKinds of which kinds it could have modules
     * @param streams each once
     */
    record Analysis(
            List<Part> rules,
            List<String> ruleKinds,
            List<Part> modules,
            List<String> moduleKinds,
            List<Metadata> streams) {
        public Analysis {
            rules = List.copyOf(rules);
            ruleKinds = List.copyOf(ruleKinds);
            modules = List.copyOf(modules);
            moduleKinds = List.copyOf(moduleKinds);
            streams = List.copyOf(streams);
            if (List.of(rules, ruleKinds, modules, moduleKinds).stream().anyMatch(part -> part.size() > PARTS_MAX)
                    || streams.stream().map(Metadata::role).distinct().count() != streams.size()) {
                throw new IllegalArgumentException(
                        "there are no more than " + PARTS_MAX + " parts of a kind, and each stream is told once");
            }
        }
    }

    /** {@return what the device tells now} Asks and changes nothing. Parts that it does not tell of are empty. */
    Analysis analysis() throws DriverException;
}
