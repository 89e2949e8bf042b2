// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.servlet.AsyncContext;
import javax.servlet.ServletOutputStream;
import javax.servlet.WriteListener;
import javax.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.events.EventBus;
import org.nxvms.events.fake.House;
import org.nxvms.events.fake.MemoryStore;
import org.nxvms.platform.api.event.EventFilter;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.RequestCredentials;

/** Places of clients: taken once, given back once. */
class FollowersTest {
    private static final UUID USER = new UUID(0, 1);

    @TempDir
    private Path folder;

    /** A connection that broke before anybody could listen to it. */
    private static final class Broken extends ServletOutputStream {
        @Override
        public boolean isReady() {
            return false;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            throw new IllegalStateException("the connection is gone");
        }

        @Override
        public void write(int b) {
            throw new AssertionError("nothing is to be written");
        }
    }

    private static AsyncContext connection(ServletOutputStream out, AtomicBoolean completed) {
        HttpServletResponse response = proxy(HttpServletResponse.class, Map.of("getOutputStream", () -> out));
        return proxy(
                AsyncContext.class, Map.of("getResponse", () -> response, "addListener", () -> null, "complete", () -> {
                    completed.set(true);
                    return null;
                }));
    }

    private static <T> T proxy(Class<T> type, Map<String, java.util.function.Supplier<Object>> answers) {
        return type.cast(Proxy.newProxyInstance(
                FollowersTest.class.getClassLoader(), new Class<?>[] {type}, (self, method, args) -> {
                    assertThat(answers).containsKey(method.getName());
                    return answers.get(method.getName()).get();
                }));
    }

    @Test
    void aClientThatIsGoneBeforeItsStartGivesItsPlaceBackOnce() throws Exception {
        EventBus bus = House.bus(folder, new MemoryStore());
        try (Followers followers = new Followers(bus.engine(), () -> null, Follower.Pace.USUAL)) {
            followers.reserve(USER);
            followers.reserve(USER);
            assertThat(bus.figures().followers()).isEqualTo(2);
            AtomicBoolean completed = new AtomicBoolean();
            Follower.Client client = new Follower.Client(
                    new AuthenticatedUser(USER, "u", "viewer", false),
                    new RequestCredentials(
                            "GET",
                            Optional.empty(),
                            Map.of(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            true,
                            "127.0.0.1",
                            EventsResource.BASE + "/stream"),
                    EventFilter.ALL);
            followers.add(new Follower(followers, client, Optional.empty(), connection(new Broken(), completed)));
            assertThat(completed).isTrue();
            // Whichever of two threads saw that it is gone.
            House.until("its place is free", () -> bus.figures().followers() == 1);
        } finally {
            bus.close();
        }
        assertThat(bus.figures().followers()).as("the other place is taken").isEqualTo(1);
    }
}
