// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.ffmpeg;

import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.ingest.kit.Names;
import org.nxvms.platform.api.worker.SourceRequest;

/**
 * Asks {@link SourcePolicy} about an endpoint without waiting for name servers or file systems: each answers in its own
 * threads, or not at all, and then the asker is refused when the time is over. A file system that hangs holds one thread for
 * each file, and nobody else up. Runs on the control thread, and answers there.
 */
final class Clearance implements AutoCloseable {
    /** As many files as there may be cameras of files; the default number of media processes. */
    private static final int FILES_MAX = 64;

    /** Who asked; called once, on the control thread. */
    interface Asker {
        void granted(SourceRequest request);

        void refused(DriverException why);
    }

    /** Looks at a file: {@link SourcePolicy#checkLocal}, or a test's. */
    @FunctionalInterface
    interface FileCheck {
        void check(URI uri, List<Path> folders) throws DriverException;
    }

    private final Control control;
    private final Names names;
    private final FileCheck files;
    private final Set<URI> looking = ConcurrentHashMap.newKeySet();
    private final ThreadPoolExecutor pool;

    Clearance(Control control, Names names, FileCheck files) {
        this.control = control;
        this.names = names;
        this.files = files;
        AtomicInteger count = new AtomicInteger();
        pool = new ThreadPoolExecutor(0, FILES_MAX, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, "nxvms-ctl-ffmpeg-files-" + count.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** The first answer counts: what was found, or that time is over. */
    private final class Case {
        private final Asker asker;
        private Runnable withdraw = () -> {};
        private boolean closed;

        Case(Asker asker) {
            this.asker = asker;
        }

        void grant(SourceRequest request) {
            if (close()) {
                asker.granted(request);
            }
        }

        void refuse(DriverException why) {
            if (close()) {
                asker.refused(why);
            }
        }

        private boolean close() {
            boolean first = !closed;
            closed = true;
            withdraw.run();
            return first;
        }
    }

    /** @param openTimeoutMs how long the source may take to open, and how long the look at its address may take */
    void ask(StreamEndpoint endpoint, int openTimeoutMs, Asker asker) {
        Case each = new Case(asker);
        Settings settings = control.settings();
        SourceRequest request;
        try {
            request = SourcePolicy.request(endpoint, settings, openTimeoutMs);
        } catch (DriverException why) {
            each.refuse(why);
            return;
        } catch (RuntimeException fault) {
            each.refuse(unusable("the address cannot be used", fault));
            return;
        }
        if (SourcePolicy.isLocal(request.uri())) {
            file(request, settings.fileFolders(), each);
        } else {
            host(request, settings.denied(), each);
        }
        if (!each.closed) {
            Runnable cancel = control.after(openTimeoutMs, () -> each.refuse(late(request.uri(), openTimeoutMs)));
            Runnable lookUp = each.withdraw;
            each.withdraw = () -> {
                cancel.run();
                lookUp.run();
            };
        }
    }

    private static DriverException unusable(String what, RuntimeException fault) {
        return new DriverException(Kind.CONFIG, what + ": " + fault.getMessage(), fault);
    }

    private static DriverException late(URI uri, int timeoutMs) {
        return new DriverException(
                Kind.UNREACHABLE,
                SourcePolicy.isLocal(uri)
                        ? "the file system did not answer within " + timeoutMs / 1000 + " s; is its server reachable?"
                        : "the name server does not answer for the source's host; check this server's name servers, or use"
                                + " the source's address");
    }

    private void host(SourceRequest request, AddressRanges denied, Case each) {
        Names.Question question = names.resolve(request.uri().getHost(), control::execute, new Names.Asker() {
            @Override
            public void found(List<InetAddress> addresses) {
                try {
                    SourcePolicy.checkHost(addresses, denied);
                    each.grant(request);
                } catch (DriverException notAllowed) {
                    each.refuse(notAllowed);
                }
            }

            @Override
            public void unknown(String why) {
                each.refuse(new DriverException(Kind.UNREACHABLE, why));
            }

            @Override
            public void refused(String why) {
                each.refuse(new DriverException(Kind.CONFIG, why));
            }
        });
        each.withdraw = question::withdraw;
    }

    private void file(SourceRequest request, List<Path> folders, Case each) {
        if (!looking.add(request.uri())) {
            each.refuse(new DriverException(
                    Kind.UNREACHABLE, "the file system still does not answer for this file; is its server reachable?"));
            return;
        }
        try {
            pool.execute(() -> {
                try {
                    files.check(request.uri(), folders);
                    control.execute(() -> each.grant(request));
                } catch (DriverException why) {
                    control.execute(() -> each.refuse(why));
                } catch (RuntimeException fault) {
                    control.execute(() -> each.refuse(unusable("the file cannot be used", fault)));
                } finally {
                    looking.remove(request.uri());
                }
            });
        } catch (RejectedExecutionException full) {
            looking.remove(request.uri());
            each.refuse(new DriverException(
                    Kind.BUSY, FILES_MAX + " files wait for their file systems; is their server reachable?"));
        }
    }

    @Override
    public void close() {
        names.close();
        pool.shutdownNow();
    }
}
