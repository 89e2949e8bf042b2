// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Dictionary;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ops4j.pax.jdbc.hook.PreHook;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;

/** A database may start before, after or again; the gate offers the migration until there is one. */
class DatabaseGateTest {
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private long delayMs;
    private boolean shutdown;
    private boolean databaseAnswers;
    private boolean databaseOpen;
    private int databases;
    private int offers;
    private int offered;
    /** What the preparation answers; an exception is thrown. */
    private Object prepared = true;

    private int preparations;

    private DatabaseGate gate;

    @BeforeEach
    void open() {
        gate = new DatabaseGate(context(), new SchemaMigration(), this::prepare, thread());
    }

    private boolean prepare() throws IOException {
        assertThat(offered).as("the pool is closed meanwhile").isZero();
        preparations++;
        if (prepared instanceof IOException e) {
            throw e;
        }
        return (Boolean) prepared;
    }

    private void next() {
        tasks.remove().run();
    }

    @Test
    void offersTheMigrationAgainUntilTheDatabaseIsOpen() {
        next();
        assertThat(offers).isEqualTo(1);
        assertThat(delayMs).isEqualTo(3_000);
        for (long expected : new long[] {6_000, 12_000, 24_000, 30_000, 30_000}) {
            next();
            assertThat(delayMs).isEqualTo(expected);
            assertThat(offered).as("never twice at a time").isEqualTo(1);
        }
        assertThat(offers).isEqualTo(6);

        databaseAnswers = true;
        next();
        assertThat(databaseOpen).isTrue();
        assertThat(offers).isEqualTo(7);
        next();
        next();
        assertThat(offers).as("an open database is left alone").isEqualTo(7);
        assertThat(delayMs).isEqualTo(3_000);
    }

    @Test
    void looksOftenForWhatThePreparationNeedsAndOffersNothingBefore() {
        prepared = false;
        next();
        next();
        assertThat(delayMs).isEqualTo(200);
        assertThat(offers).isZero();

        prepared = true;
        databaseAnswers = true;
        next();
        assertThat(databaseOpen).isTrue();
        assertThat(delayMs).isEqualTo(3_000);
        next();
        assertThat(preparations).as("never while it is open").isEqualTo(3);
    }

    @Test
    void aPreparationThatFailsIsRepeatedLessAndLessOften() {
        prepared = new IOException("no room");
        for (long expected : new long[] {3_000, 6_000, 12_000, 24_000, 48_000, 96_000}) {
            next();
            assertThat(delayMs).isEqualTo(expected);
        }
        for (int i = 0; i < 5; i++) {
            next();
        }
        assertThat(delayMs).isEqualTo(600_000);
        assertThat(offers).isZero();

        prepared = true;
        next();
        assertThat(offers).isEqualTo(1);
        assertThat(delayMs).isEqualTo(30_000);
    }

    @Test
    void noticesThatTheDataSourceWentAway() {
        databaseAnswers = true;
        next();
        next();
        assertThat(offers).isEqualTo(1);

        databaseOpen = false;
        next();
        assertThat(offers).isEqualTo(2);
        assertThat(databaseOpen).isTrue();
    }

    @Test
    void takesTheOfferBackWhenItStops() {
        next();
        gate.stop();
        assertThat(offered).isZero();
        next();
        assertThat(offers).isEqualTo(1);
        assertThat(offered).isZero();
        assertThat(tasks).isEmpty();
    }

    /** The few calls of a framework, with Pax JDBC's answer to a new hook. */
    private BundleContext context() {
        return proxy(BundleContext.class, (self, method, args) -> switch (method.getName()) {
            case "getServiceReferences" -> databaseOpen ? List.of(dataSource(++databases)) : List.of();
            case "registerService" -> {
                assertThat(((Dictionary<?, ?>) args[2]).get(PreHook.KEY_NAME)).isEqualTo("nxvms-migrate");
                offers++;
                offered++;
                databaseOpen = databaseAnswers;
                yield proxy(ServiceRegistration.class, (s, m, a) -> {
                    assertThat(m.getName()).isEqualTo("unregister");
                    offered--;
                    databaseOpen = false;
                    return null;
                });
            }
            default -> throw new AssertionError(method);
        });
    }

    /** It has a bundle as long as it is registered. */
    private ServiceReference<?> dataSource(int number) {
        return proxy(ServiceReference.class, (self, method, args) -> {
            assertThat(method.getName()).isEqualTo("getBundle");
            return databaseOpen && number == databases ? proxy(Bundle.class, (s, m, a) -> null) : null;
        });
    }

    private ScheduledExecutorService thread() {
        return proxy(ScheduledExecutorService.class, (self, method, args) -> switch (method.getName()) {
            case "execute" -> {
                tasks.add((Runnable) args[0]);
                yield null;
            }
            case "schedule" -> {
                if (shutdown) {
                    throw new java.util.concurrent.RejectedExecutionException();
                }
                delayMs = ((TimeUnit) args[2]).toMillis((Long) args[1]);
                tasks.add((Runnable) args[0]);
                yield null;
            }
            case "shutdown" -> {
                shutdown = true;
                yield null;
            }
            case "isShutdown" -> shutdown;
            default -> throw new AssertionError(method);
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
