// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.kit;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.nxvms.platform.api.network.AddressRule;
import org.nxvms.platform.api.network.Refusal;

/**
 * Looks up host names in threads of its own. An address written out is answered at once and needs none, so dead name servers
 * stop only what is configured by name. However many ask for a name, and again while its server is silent, it is looked up
 * once at a time. How long to wait is the asker's affair, who withdraws. An answer that holds an address which devices must not
 * have is none: who asks connects to nothing else than what was judged. Any thread.
 */
public final class Names implements AutoCloseable {
    private static final int THREADS_MAX = 8;
    /** Different names that wait for a thread; more than a server has cameras. */
    private static final int HOSTS_MAX = 1024;
    /** Streams that wait for one name: those of a large recorder. */
    private static final int ASKERS_MAX = 1024;

    /** What knows names: the host's resolver, or a test's. */
    @FunctionalInterface
    public interface Resolver {
        InetAddress[] lookUp(String host) throws UnknownHostException;
    }

    /** Who wants to know; called once at most, on the executor that came with the question. */
    public interface Asker {
        /** @param addresses at least one */
        void found(List<InetAddress> addresses);

        /** @param why in a sentence for people */
        void unknown(String why);

        /** One of the host's addresses must not be connected to. @param why in a sentence for people */
        default void refused(String why) {
            unknown(why);
        }
    }

    /** A question under way. */
    @FunctionalInterface
    public interface Question {
        /** The asker does not wait any more. Idempotent. */
        void withdraw();
    }

    private record Waiting(Asker asker, Executor answers) {}

    private final Resolver resolver;
    private volatile Supplier<AddressRule> rule = () -> AddressRule.DEVICES;
    private final ThreadPoolExecutor pool;
    /** By name, who waits for it. */
    private final Map<String, List<Waiting>> open = new HashMap<>();

    /** @param threads name of the threads, to which a number is added */
    public Names(String threads) {
        this(threads, InetAddress::getAllByName);
    }

    public Names(String threads, Resolver resolver) {
        this.resolver = resolver;
        AtomicInteger count = new AtomicInteger();
        pool = new ThreadPoolExecutor(
                THREADS_MAX, THREADS_MAX, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(HOSTS_MAX), task -> {
                    Thread thread = new Thread(task, threads + "-" + count.getAndIncrement());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
    }

    /** @param now which addresses devices may have; asked with each answer */
    public void rule(Supplier<AddressRule> now) {
        rule = now;
    }

    /**
     * Asks for a host's addresses. Never blocks; one that is written out is answered before this returns, on the caller's
     * thread.
     *
     * @param answers runs the asker's calls otherwise
     */
    public Question resolve(String host, Executor answers, Asker asker) {
        var literal = Literals.address(host);
        if (literal.isPresent()) {
            tell(asker, List.of(literal.get()));
            return () -> {};
        }
        Waiting waiting = new Waiting(asker, answers);
        String full = enter(host, waiting);
        if (!full.isEmpty()) {
            answers.execute(() -> asker.unknown(full));
        }
        return () -> withdraw(host, waiting);
    }

    /** {@return why there is no room for the question, empty when there was} */
    private synchronized String enter(String host, Waiting waiting) {
        List<Waiting> others = open.get(host);
        if (others != null) {
            if (others.size() >= ASKERS_MAX) {
                return "more than " + ASKERS_MAX + " streams wait for one host name";
            }
            others.add(waiting);
            return "";
        }
        try {
            pool.execute(() -> lookUp(host));
        } catch (RejectedExecutionException full) {
            return "too many host names are being looked up; check this server's name servers, or use addresses";
        }
        open.put(host, new ArrayList<>(List.of(waiting)));
        return "";
    }

    private synchronized void withdraw(String host, Waiting waiting) {
        List<Waiting> all = open.get(host);
        if (all != null) {
            all.remove(waiting);
        }
    }

    private synchronized List<Waiting> leave(String host) {
        List<Waiting> all = open.remove(host);
        return all == null ? List.of() : all;
    }

    private void lookUp(String host) {
        List<InetAddress> found = List.of();
        try {
            found = List.of(resolver.lookUp(host));
        } catch (UnknownHostException unknown) {
            // Said below.
        } finally {
            List<InetAddress> addresses = found;
            for (Waiting each : leave(host)) {
                each.answers().execute(() -> {
                    if (addresses.isEmpty()) {
                        each.asker().unknown("the host name is not known; check it, or use the address");
                    } else {
                        tell(each.asker(), addresses);
                    }
                });
            }
        }
    }

    private void tell(Asker asker, List<InetAddress> addresses) {
        AddressRule now = rule.get();
        for (InetAddress address : addresses) {
            Optional<Refusal> refused = now.refusal(address);
            if (refused.isPresent()) {
                asker.refused("its host " + refused.get().words() + ", which this server does not connect to"
                        + (refused.get() == Refusal.THIS_MACHINE
                                ? " (devicesLocalAllowed in etc/org.nxvms.devices.cfg)"
                                : ""));
                return;
            }
        }
        asker.found(addresses);
    }

    /** Nobody is answered any more. */
    @Override
    public void close() {
        pool.shutdownNow();
    }
}
