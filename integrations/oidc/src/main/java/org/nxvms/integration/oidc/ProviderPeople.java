// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.oidc;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nxvms.integration.oidc.settings.PrivateFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who came in from a provider: when last, by which groups, and by which sessions of the provider, for logout tokens that
 * name a session and no user (Back-Channel Logout 1.0, 2.4). Kept in a file, for sessions outlive the server. Any thread;
 * writes when somebody signs in.
 */
final class ProviderPeople {
    private static final Logger LOG = LoggerFactory.getLogger(ProviderPeople.class);
    /** Who came longest ago makes room, and signs in anew. */
    private static final int PEOPLE_MAX = 10_000;

    /** Browsers of one person; the oldest makes room, and ends with the others when the provider names the person. */
    private static final int SESSIONS_MAX = 16;

    private static final int FILE_BYTES_MAX = 16 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final String issuer;
    private final LinkedHashMap<String, Person> people;

    /**
     * One of them.
     *
     * @param groups those that have a role here
     */
    record Person(long provedMs, List<String> groups, List<String> sessions) {
        /** Reads what was written. */
        Person {
            groups = groups == null ? List.of() : List.copyOf(groups);
            sessions = sessions == null ? List.of() : List.copyOf(sessions);
        }
    }

    /** The file. */
    record Stored(String issuer, LinkedHashMap<String, Person> people) {}

    /**
     * @throws IllegalArgumentException when people of another issuer came in under this name: the same subject is somebody
     *     else there (OpenID Connect Core 1.0, 5.7)
     */
    ProviderPeople(Path file, String issuer) {
        this.file = file;
        this.issuer = issuer;
        Stored stored = read();
        if (stored != null && stored.issuer() != null && !stored.issuer().equals(issuer)) {
            throw new IllegalArgumentException("issuer is another one than before (" + stored.issuer()
                    + "), whose users have this name; choose another name");
        }
        people = stored == null || stored.people() == null ? new LinkedHashMap<>() : stored.people();
    }

    private Stored read() {
        try {
            if (Files.exists(file) && Files.size(file) <= FILE_BYTES_MAX) {
                return JSON.readValue(file.toFile(), Stored.class);
            }
        } catch (IOException e) {
            LOG.warn("{} cannot be read ({}): its people sign in anew", file, e.getMessage());
        }
        return null;
    }

    /** Somebody has proved to be somebody, by these groups. */
    synchronized void proved(String subject, List<String> groups, Optional<String> session, Instant now) {
        Person before = people.remove(subject);
        List<String> sessions = new ArrayList<>(before == null ? List.of() : before.sessions());
        session.filter(one -> !sessions.contains(one)).ifPresent(sessions::add);
        while (sessions.size() > SESSIONS_MAX) {
            sessions.remove(0);
        }
        people.put(subject, new Person(now.toEpochMilli(), groups, sessions));
        while (people.size() > PEOPLE_MAX) {
            people.remove(people.keySet().iterator().next());
        }
        try {
            Files.createDirectories(file.getParent());
            PrivateFile.write(file, JSON.writeValueAsBytes(new Stored(issuer, people)));
        } catch (IOException e) {
            LOG.warn("{} cannot be written ({}): after a restart its people sign in anew", file, e.getMessage());
        }
    }

    synchronized Optional<Person> find(String subject) {
        return Optional.ofNullable(people.get(subject));
    }

    /** {@return whose a session of the provider is} */
    synchronized Optional<String> subjectOf(String session) {
        return people.entrySet().stream()
                .filter(person -> person.getValue().sessions().contains(session))
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
